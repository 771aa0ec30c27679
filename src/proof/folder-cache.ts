import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProofCache } from '../core/proof-cache.js';

/** In bytes, all files together. */
export const DEFAULT_FOLDER_CACHE_SIZE = 500_000_000;

const NAME = /^[0-9a-f]{64}\.base$/;
const SUM = 32;

/** A cache in a folder that nobody else reads. The files that were not read for longest go first when it is full. */
export function openFolderCache(folder: string, maximum = DEFAULT_FOLDER_CACHE_SIZE): ProofCache {
  return {
    async read(keys) {
      const there = new Set(await readdir(folder).catch(() => []));
      for (const key of keys) {
        if (!there.has(nameOf(key))) continue;
        const bytes = await readWhole(join(folder, nameOf(key)));
        if (bytes !== null) return { key, bytes };
      }
      return null;
    },
    async write(key, bytes) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const draft = join(folder, `${randomUUID()}.draft`);
        await writeFile(draft, Buffer.concat([sumOf(bytes), bytes]), { mode: 0o600 });
        await rename(draft, join(folder, nameOf(key))).catch(() => rm(draft, { force: true }));
        await prune(folder, maximum);
      } catch {
        // Without the cache the next proof replays the history.
      }
    },
  };
}

function nameOf(key: string): string {
  return `${createHash('sha256').update(key).digest('hex')}.base`;
}

function sumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The file's content; null, and the file gone, where it is not what was written. */
async function readWhole(path: string): Promise<Uint8Array | null> {
  const all = await readFile(path).catch(() => null);
  if (all === null) return null;
  const bytes = all.subarray(SUM);
  if (!sumOf(bytes).equals(all.subarray(0, SUM))) {
    await rm(path, { force: true }).catch(() => undefined);
    return null;
  }
  await utimes(path, new Date(), new Date()).catch(() => undefined);
  return bytes;
}

/** How long a draft may lie about before its writer counts as gone, in milliseconds. */
const DRAFT_AGE = 3_600_000;

async function prune(folder: string, maximum: number): Promise<void> {
  const files: { readonly path: string; readonly size: number; readonly used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (facts === null) continue;
    if (NAME.test(name)) files.push({ path, size: facts.size, used: facts.mtimeMs });
    else if (name.endsWith('.draft') && Date.now() - facts.mtimeMs > DRAFT_AGE) await rm(path, { force: true });
  }
  let room = maximum;
  for (const { path, size } of files.sort((one, other) => other.used - one.used)) {
    room -= size;
    if (room < 0) await rm(path, { force: true });
  }
}
