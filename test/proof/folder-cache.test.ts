import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderCache } from '../../src/proof/folder-cache.js';

describe('the cache of replayed histories in a folder', () => {
  let root: string;
  let folder: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'belay-cache-'));
    folder = join(root, 'proofs');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('gives the first of the keys that is there', async () => {
    const cache = openFolderCache(folder);
    await cache.write('short', Buffer.from('one'));
    await cache.write('long', Buffer.from('two'));
    const found = await cache.read(['longer', 'long', 'short']);
    expect([found?.key, Buffer.from(found?.bytes ?? []).toString()]).toEqual(['long', 'two']);
    expect(await cache.read(['other'])).toBeNull();
    if (process.platform !== 'win32') expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('passes over a damaged file and takes a new one in its place', async () => {
    const cache = openFolderCache(folder);
    await cache.write('key', Buffer.from('one'));
    const [name = ''] = await readdir(folder);
    await writeFile(join(folder, name), 'damaged');
    expect(await cache.read(['key'])).toBeNull();
    await cache.write('key', Buffer.from('again'));
    expect(Buffer.from((await cache.read(['key']))?.bytes ?? []).toString()).toBe('again');
  });

  it('stays below its size', async () => {
    const cache = openFolderCache(folder, 250);
    for (const key of ['a', 'b', 'c']) await cache.write(key, Buffer.alloc(100));
    expect((await readdir(folder)).length).toBeLessThanOrEqual(1);
  });
});
