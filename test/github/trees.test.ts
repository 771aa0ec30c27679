import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { createTreeStore, snapshotOf, type Tree } from '../../src/github/tree-store.js';
import { TREE_LIMITS, type TreeLimits } from '../../src/github/unpack-tree.js';
import { archive, type Packed } from './stage.js';

const { signal } = new AbortController();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belay-trees-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function opened(bytes: Buffer, limits: Partial<TreeLimits> = {}): Promise<Tree> {
  return createTreeStore({ directory, maxBytes: 1e9, limits: { ...TREE_LIMITS, ...limits } }).open('name', () => Promise.resolve(Readable.from([bytes])), signal);
}
const kinds = (tree: Tree): Record<string, string> => Object.fromEntries([...tree.entries].map(([path, entry]) => [path, entry.kind]));

describe('a tree from an archive', () => {
  it('has every file, with long names, odd names and no bytes', async () => {
    const long = `${'folder/'.repeat(40)}file.ts`;
    const files: Packed[] = [{ path: 'a.ts', text: 'one\n' }, { path: long, text: 'two' }, { path: 'späß \u202e.ts', text: 'three' }, { path: 'empty', text: '' }, { path: 'folder', type: 'directory' }];
    const tree = await opened(await archive(files));
    const snapshot = snapshotOf('sha', () => Promise.resolve(tree));
    expect(await snapshot.list(['**'])).toEqual(['a.ts', 'empty', long, 'späß \u202e.ts']);
    expect(await Promise.all(['a.ts', long, 'späß \u202e.ts', 'empty', 'none'].map((path) => snapshot.read(path)))).toEqual(['one\n', 'two', 'three', '', null]);
    expect(await snapshot.incomplete?.()).toBeNull();
  });

  it('keeps no binary, large or linked file, and follows nothing', async () => {
    const tree = await opened(
      await archive([
        { path: 'image', text: Buffer.from([1, 0, 2]) },
        { path: 'large', text: 'x'.repeat(2000) },
        { path: 'link', type: 'symlink', target: '/etc/passwd' },
        { path: 'hard', type: 'link', target: 'acme-wallet-1234567/large' },
      ]),
      { fileBytes: 1000 },
    );
    expect(kinds(tree)).toEqual({ image: 'binary', large: 'too-large', link: 'symlink', hard: 'refused' });
    const snapshot = snapshotOf('sha', () => Promise.resolve(tree));
    expect(await snapshot.list(['**'])).not.toContain('link');
    expect(await snapshot.read('link')).toBeNull();
  });

  it('writes nothing outside its folder, whatever the paths claim', async () => {
    const tree = await opened(await archive([{ path: '../../escape', text: 'x' }, { path: 'a/../../b', text: 'x' }, { path: './c', text: 'x' }, { path: 'fine', text: 'x' }]));
    expect(Object.keys(kinds(tree))).toEqual(['fine']);
    const absolute = await createTreeStore({ directory, maxBytes: 1e9 }).open('other', async () => Readable.from([await archive([{ path: '/tmp/escape', text: 'x' }], '')]), signal);
    for (const path of absolute.entries.keys()) expect(path).toBe('tmp/escape');
    expect(readdirSync(directory).every((file) => /^[0-9a-f]{40}\.(?:json|data)$/.test(file))).toBe(true);
  });

  it.each<[string, Partial<TreeLimits>, RegExp]>([
    ['too many files', { entries: 3 }, /more than 3 files/],
    ['too much to keep', { keptBytes: 250 }, /the tree is above/],
    ['a bomb', { unpackedBytes: 2000 }, /the unpacked tree is above/],
    ['too large a download', { archiveBytes: 50 }, /the archive is above/],
  ])('is partial, and says so, with %s', async (_, limits, reason) => {
    const tree = await opened(await archive(Array.from({ length: 10 }, (__, index) => ({ path: `f${index}`, text: String(index).repeat(100) }))), limits);
    expect(tree.incomplete).toMatch(reason);
    expect(tree.entries.size).toBeLessThan(10);
  });

  it('is no tree when the archive is broken: nothing half is kept', async () => {
    const whole = await archive(Array.from({ length: 50 }, (_, index) => ({ path: `f${index}`, text: Array.from({ length: 500 }, (__, at) => (at * 7919 * (index + 1)) % 9973).join(',') })));
    await expect(opened(whole.subarray(0, whole.length / 2))).rejects.toThrow();
    await expect(opened(Buffer.from('not an archive'))).rejects.toThrow();
    await expect(opened(gzipSync(Buffer.alloc(2000, 7)))).rejects.toThrow();
    expect(readdirSync(directory)).toEqual([]);
    expect(kinds(await opened(whole))).toMatchObject({ f49: 'file' });
  });

  it('stops when it is told to', async () => {
    const store = createTreeStore({ directory, maxBytes: 1e9 });
    await expect(store.open('name', () => Promise.resolve(new Readable({ read: () => undefined })), AbortSignal.timeout(20))).rejects.toThrow(/abort|timeout/i);
  });
});

describe('the store of trees', () => {
  it('fetches a tree once, for all who ask at the same time and after a restart', async () => {
    const bytes = await archive([{ path: 'a', text: 'x' }]);
    let fetched = 0;
    const fetch = (): Promise<Readable> => {
      fetched += 1;
      return Promise.resolve(Readable.from([bytes]));
    };
    const store = createTreeStore({ directory, maxBytes: 1e9 });
    await Promise.all([store.open('n', fetch, signal), store.open('n', fetch, signal)]);
    const again = await createTreeStore({ directory, maxBytes: 1e9 }).open('n', fetch, signal);
    expect(String(await again.bytes('a'))).toBe('x');
    expect(fetched).toBe(1);
    await store.open('m', fetch, signal);
    expect(fetched).toBe(2);
  });

  it('drops the longest unused trees above its size, never those in use', async () => {
    const open = async (name: string): Promise<Tree> => createTreeStore({ directory, maxBytes: 150_000 }).open(name, async () => Readable.from([await archive([{ path: name, text: 'x'.repeat(60_000) }])]), signal);
    await open('first');
    const long = new Date(Date.now() - 3_600_000);
    for (const file of readdirSync(directory)) utimesSync(join(directory, file), long, long);
    await open('second');
    await open('third');
    const sizes = readdirSync(directory).filter((file) => file.endsWith('.data')).map((file) => statSync(join(directory, file)).size);
    expect(sizes).toEqual([60_000, 60_000]);
  });
});
