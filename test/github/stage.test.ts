import http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { installed, Stage } from './stage.js';

describe('a stage', () => {
  it('stands in for the host only while it stands: other tests share this process and its HTTP client', async () => {
    const own = [http.request, http.get, http.ClientRequest, globalThis.fetch];
    const stage = installed(new Stage());
    expect(await (await fetch('https://api.github.com/app', { headers: { accept: 'application/json' } })).json()).toMatchObject({ slug: 'belay' });
    stage.close();
    expect([http.request, http.get, http.ClientRequest, globalThis.fetch]).toEqual(own);
    expect(String(http.request)).not.toContain('[native code]');
  });
});
