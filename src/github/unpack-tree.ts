import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';

/** What lies under a path. Only a `file` has its bytes kept. */
export type TreeKind = 'file' | 'binary' | 'too-large' | 'symlink' | 'refused';

/** Place and size of a path's bytes in the data file. */
export interface TreeEntry {
  readonly kind: TreeKind;
  readonly offset: number;
  /** In bytes, as the archive says. */
  readonly size: number;
}

export interface TreeIndex {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Why the tree is not whole, in plain words; null when it is. */
  readonly incomplete: string | null;
}

/** Bounds of one archive, in bytes and entries. */
export interface TreeLimits {
  readonly fileBytes: number;
  readonly entries: number;
  /** What is kept. */
  readonly keptBytes: number;
  /** What comes over the wire, and what it unpacks to. */
  readonly archiveBytes: number;
  readonly unpackedBytes: number;
}

export const TREE_LIMITS: TreeLimits = { fileBytes: 1_000_000, entries: 300_000, keptBytes: 1_000_000_000, archiveBytes: 1_000_000_000, unpackedBytes: 4_000_000_000 };

/** Thrown inside the pipeline when a bound is reached; what was read until then is kept. */
class LimitReached extends Error {
  override readonly name = 'LimitReached';
}

/**
 * Unpacks a gzipped tar of one tree into one data file and an index. No path of the archive ever touches the file
 * system, nothing in it is followed, and size and number are bounded whatever it claims. A broken archive throws.
 */
export async function unpackTree(archive: Readable, dataPath: string, limits: TreeLimits, signal: AbortSignal): Promise<TreeIndex> {
  const data = await open(dataPath, 'w', 0o600);
  const collector = collect(data, limits);
  const tar = extract();
  try {
    const feeding = pipeline(archive, counted(limits.archiveBytes, 'the archive'), createGunzip(), counted(limits.unpackedBytes, 'the unpacked tree'), tar, { signal });
    const reading = (async () => {
      for await (const entry of tar as AsyncIterable<Entry>) await collector.take(entry);
    })();
    const errors = (await Promise.allSettled([feeding, reading])).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
    signal.throwIfAborted();
    const limit = errors.find((error) => error instanceof LimitReached);
    if (limit !== undefined) return { entries: collector.entries, incomplete: limit.message };
    if (errors[0] !== undefined) throw errors[0];
    return { entries: collector.entries, incomplete: null };
  } finally {
    archive.destroy();
    tar.destroy();
    await data.close();
  }
}

/** Lets so many bytes through, then fails. */
function counted(limit: number, what: string): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(new LimitReached(`${what} is above ${Math.round(limit / 1_000_000)} MB`));
      else done(null, chunk);
    },
  });
}

/** An entry of the archive: its header, and its bytes to be read once. */
type Entry = AsyncIterable<Buffer> & { readonly header: Header };

interface Collector {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  take(entry: Entry): Promise<void>;
}

function collect(data: FileHandle, limits: TreeLimits): Collector {
  const entries = new Map<string, TreeEntry>();
  let offset = 0;
  return {
    entries,
    take: async (entry) => {
      const path = pathOf(entry.header);
      const kind = kindOf(entry.header, limits);
      if (path === null || kind === null) return drained(entry);
      if (entries.size >= limits.entries) throw new LimitReached(`the tree has more than ${limits.entries} files`);
      const size = entry.header.size;
      if (kind !== 'file') {
        entries.set(path, { kind, offset: 0, size });
        return drained(entry);
      }
      const bytes = await bytesOf(entry);
      if (bytes.subarray(0, 8000).includes(0)) {
        entries.set(path, { kind: 'binary', offset: 0, size: bytes.length });
        return;
      }
      if (offset + bytes.length > limits.keptBytes) throw new LimitReached(`the tree is above ${Math.round(limits.keptBytes / 1_000_000)} MB`);
      await data.write(bytes, 0, bytes.length, offset);
      entries.set(path, { kind, offset, size: bytes.length });
      offset += bytes.length;
    },
  };
}

/** The path below the archive's own top folder; null for the folder itself and for paths no git tree can have. */
function pathOf(header: Header): string | null {
  const segments = header.name.replace(/\/$/, '').split('/').slice(1);
  const isProper = segments.length > 0 && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..') && !header.name.includes('\0');
  return isProper ? segments.join('/') : null;
}

function kindOf(header: Header, limits: TreeLimits): TreeKind | null {
  if (header.type === 'directory') return null;
  if (header.type === 'symlink') return 'symlink';
  if (header.type !== 'file' && header.type !== 'contiguous-file') return 'refused';
  return header.size > limits.fileBytes ? 'too-large' : 'file';
}

async function drained(entry: Entry): Promise<void> {
  for await (const chunk of entry) void chunk;
}

async function bytesOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes from a data file. */
export async function readBytes(dataPath: string, entry: TreeEntry): Promise<Buffer> {
  if (entry.size === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(dataPath, { start: entry.offset, end: entry.offset + entry.size - 1 }) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
