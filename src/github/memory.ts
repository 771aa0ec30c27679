import { keyOf } from '../core/reconcile-check-run.js';
import type { Annotation, Published, PublishedCheckRun } from '../core/publication.js';

/** A check run as far as this job knows it. */
export interface KnownRun {
  readonly id: number;
  readonly externalId: string;
  /** Keys of the annotations it has. */
  readonly annotations: Set<string>;
}

/**
 * What one job has read and written, so that it need not ask before each write. Nobody else writes for this pull
 * request meanwhile: its jobs run one after the other.
 */
export interface Memory {
  /** Writes carried out already, as JSON. */
  readonly done: Set<string>;
  /** Fingerprints with a comment, by pull request; absent until they were read. */
  readonly comments: Map<number, Set<string>>;
  /** Our runs by head, newest first; absent until they were read. */
  readonly runs: Map<string, KnownRun[]>;
  /** Keys of replies, by pull request; absent until they were read. */
  readonly replies: Map<number, Set<string>>;
}

export function createMemory(): Memory {
  return { done: new Set(), comments: new Map(), runs: new Map(), replies: new Map() };
}

/** Takes in what was read from the host. */
export function remember(memory: Memory, pull: number | null, headSha: string, published: Published): void {
  if (pull !== null) memory.comments.set(pull, new Set(published.comments.map((comment) => comment.fingerprint)));
  memory.runs.set(headSha, published.checkRuns.map(knownRun));
}

/** A run as it is remembered. */
export function knownRun(run: Pick<PublishedCheckRun, 'id' | 'externalId'> & { readonly annotations: readonly Annotation[] }): KnownRun {
  return { id: run.id, externalId: run.externalId, annotations: new Set(run.annotations.map(keyOf)) };
}
