import { createHash } from 'node:crypto';
import type { Change, Unread } from '../core/change-set.js';
import type { ProofReport } from '../core/proof-report.js';
import type { LoadedFiles } from '../core/snapshot.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import type { Migration } from '../migrations/migration.js';
import type { SightingsByRule } from './behaviour-stage.js';
import type { ReviewInput } from './review-input.js';

/** What the stages over code made of a change: all of it follows from two trees and the configuration, nothing from words or people. */
export interface CodeSeen {
  readonly sightings: SightingsByRule;
  readonly notices: readonly string[];
  readonly unread: readonly Unread[];
  readonly functions: number;
  /** Migrations that this change brings, and those of them that were judged. */
  readonly changed: readonly Migration[];
  readonly judged: readonly Migration[];
  /** Files at the head and at the merge base that the rules about the pull request ask for. */
  readonly head: LoadedFiles;
  readonly base: LoadedFiles;
  /** What running the migrations showed; null where none were run. */
  readonly proof: ProofReport | null;
}

/** Keeps what was seen in the code of a head while the process lives, so that a new description does not have it read again. */
export interface KeptCode {
  read(key: string): CodeSeen | null;
  write(key: string, seen: CodeSeen): void;
}

/** About 60 MB in all. */
const LIMIT = 30_000_000;
/** What a step of a migration or a sighting takes, roughly, in characters. */
const PIECE = 2_000;

/** Keeps so much, in characters; what was not asked for the longest goes first. */
export function createKeptCode(limit = LIMIT): KeptCode {
  const entries = new Map<string, { readonly seen: CodeSeen; readonly size: number }>();
  let total = 0;
  const drop = (key: string): void => {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  return {
    read: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      entries.delete(key);
      entries.set(key, entry);
      return entry.seen;
    },
    write: (key, seen) => {
      drop(key);
      const size = sizeOf(seen);
      entries.set(key, { seen, size });
      total += size;
      for (const oldest of entries.keys()) {
        if (total <= limit) return;
        drop(oldest);
      }
    },
  };
}

function sizeOf({ sightings, changed, head, base }: CodeSeen): number {
  const pieces = 1 + [...sightings.values()].reduce((sum, list) => sum + list.length, 0) + changed.reduce((sum, { up, down }) => sum + up.length + (typeof down === 'string' ? 0 : down.length), 0);
  return [...head.values(), ...base.values()].reduce((sum, text) => sum + text.length, pieces * PIECE);
}

/** The name of everything that the code stages read: the trees, the changes as they were read, and the configuration. */
export function codeKey({ changeSet, config, trustedAt }: Pick<ReviewInput, 'changeSet' | 'config' | 'trustedAt'>, changes: readonly Change[]): string {
  const hash = createHash('sha256');
  const add = (part: unknown): void => void hash.update(`${JSON.stringify(part, plain)}\n`);
  add([changeSet.repo, changeSet.mergeBaseSha, changeSet.headSha, config]);
  // Migrations are judged by the statistics that stand on the trusted base now; the base may have moved since.
  if (changes.some(({ path }) => mayBeMigration(path))) add([changeSet.baseSha, trustedAt ?? null]);
  for (const { path, previousPath, status, before, after, touched } of changes) add([path, previousPath ?? null, status, before, after, touched]);
  return hash.digest('hex');
}

/** Maps and sets as lists, which JSON can write. */
function plain(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
}
