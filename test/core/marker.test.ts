import { describe, expect, it } from '@jest/globals';
import { readMarker, withoutMarkers, writeMarker, type Marker } from '../../src/core/marker.js';

const PLACE = { repo: { owner: 'acme', name: 'wallet' }, pull: 12 };
const FINDING: Marker = { kind: 'finding', fingerprint: 'ab'.repeat(16), ruleId: 'migrations/set-not-null', state: 'open', headSha: '1'.repeat(40) };

describe('markers', () => {
  it.each<[string, Marker]>([['a finding', FINDING], ['a review', { kind: 'review', headSha: '2'.repeat(40) }], ['a reply', { kind: 'reply', key: 'comment/77' }]])('come back from %s', (_, marker) => {
    const text = `Words.\n\n${writeMarker(marker, PLACE, ['key'])}`;
    expect(readMarker(text, PLACE, ['key'])).toEqual(marker);
    expect(withoutMarkers(text)).toBe('Words.');
  });

  it('are invisible and one line, whatever they hold', () => {
    const marker = writeMarker({ kind: 'reply', key: '--> <script>\n`"' }, PLACE, ['key']);
    expect(marker).toMatch(/^<!-- [^<>\n]+ -->$/);
    expect(readMarker(marker, PLACE, ['key'])).toEqual({ kind: 'reply', key: '--> <script>\n`"' });
  });

  it('are worth nothing on another pull request, in another repository or under another key', () => {
    const text = writeMarker(FINDING, PLACE, ['key']);
    expect(readMarker(text, { ...PLACE, pull: 13 }, ['key'])).toBeNull();
    expect(readMarker(text, { ...PLACE, repo: { owner: 'acme', name: 'bank' } }, ['key'])).toBeNull();
    expect(readMarker(text, PLACE, ['other'])).toBeNull();
    expect(readMarker(text, { repo: { owner: 'ACME', name: 'Wallet' }, pull: 12 }, ['key'])).toEqual(FINDING);
  });

  it('are still known after the key was rotated', () => {
    const old = writeMarker(FINDING, PLACE, ['old']);
    expect(readMarker(old, PLACE, ['new', 'old'])).toEqual(FINDING);
    expect(writeMarker(FINDING, PLACE, ['new', 'old'])).toBe(writeMarker(FINDING, PLACE, ['new']));
  });

  it('cannot be forged or changed', () => {
    const text = writeMarker(FINDING, PLACE, ['key']);
    const [, payload = '', signature = ''] = /v1:([^:]+):([^ ]+) /.exec(text) ?? [];
    const other = Buffer.from(JSON.stringify(['finding', 'cd'.repeat(16), 'r', 'dismissed', '']), 'utf8').toString('base64url');
    expect(readMarker(text.replace(payload, other), PLACE, ['key'])).toBeNull();
    expect(readMarker(text.replace(signature, 'A'.repeat(43)), PLACE, ['key'])).toBeNull();
    expect(readMarker(text.replace('v1', 'v2'), PLACE, ['key'])).toBeNull();
  });

  it('take the last that verifies, so one that the author copied into a code block does not count', () => {
    const copied = writeMarker({ ...FINDING, fingerprint: 'ef'.repeat(16) }, PLACE, ['key']);
    const forged = '<!-- belay:v1:WyJyZXBseSIsIngiXQ:' + 'B'.repeat(43) + ' -->';
    expect(readMarker(`\`\`\`suggestion\n${copied}\n\`\`\`\n${writeMarker(FINDING, PLACE, ['key'])}\n${forged}`, PLACE, ['key'])).toEqual(FINDING);
  });

  it('stay cheap to look for in a text full of imitations', () => {
    const forged = `<!-- belay:v1:${'A'.repeat(500)}:${'B'.repeat(43)} -->`;
    expect(readMarker(forged.repeat(100) + '<!-- belay:v1:'.repeat(2000), PLACE, ['key'])).toBeNull();
  });
});
