import type { ProofReport } from '../core/proof-report.js';
import type { LockEffect } from '../migrations/classify.js';
import type { RanStatement } from './run-direction.js';
import type { Expected } from './proved-statement.js';

type Disagreement = ProofReport['disagreements'][number];

// SQLSTATEs that are up to the rows, to limits, or to what no migration made.
const NOT_THE_STATEMENT = /^(?:0A|2[1-3]|42P01|42703|42704|42883|42601|3F000|5|XX)/;

// Statements in which a planner decides how to read.
const PLANNED = /^\s*(?:select|insert|update|delete|with|merge|table|create\b.*\bas|do|call)\b|\breferences\b|\b(?:validate constraint|attach partition)\b/is;

const ROWS = new Set<string | undefined>(['AccessShareLock', 'RowShareLock', 'RowExclusiveLock']);

interface Words {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly indexRebuild: readonly string[];
  readonly class: string;
  readonly error?: string;
}

function said({ locks, rewrite, scan, indexRebuild, class: weight, error }: Words): string {
  const parts = [
    ...Object.entries(locks).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, mode]) => `${mode} on ${key}`),
    ...[...rewrite].sort().map((key) => `rewrites ${key}`),
    ...[...scan].sort().map((key) => `scans ${key}`),
    ...[...indexRebuild].sort().map((key) => `rebuilds ${key}`),
    ...(error === undefined ? [] : [`refused: ${error}`]),
  ];
  return `${parts.join(', ') || 'no lock'} (${weight})`;
}

/** What of both is compared: no reads of empty tables; where a planner decides, neither reads nor the rows' own locks. */
function compared(words: Words, planned: boolean, empty: readonly string[]): string {
  if (!planned && empty.length === 0) return said(words);
  if (!planned) return said({ ...words, scan: words.scan.filter((key) => !empty.includes(key)), class: words.class === 'error' ? 'error' : '' });
  const locks = Object.fromEntries(Object.entries(words.locks).filter(([, mode]) => !ROWS.has(mode)));
  return said({ ...words, locks, scan: [], class: words.class === 'error' ? 'error' : '' });
}

function classifiedWords({ effect }: { readonly effect: LockEffect }): Words {
  const { locks, rewrite, scan, indexRebuild, class: weight, error } = effect;
  // A table that is written anew has its indexes built anew: neither side says so.
  return { locks, rewrite, scan, indexRebuild: rewrite.length > 0 ? [] : indexRebuild, class: weight, ...(error === undefined ? {} : { error: '' }) };
}

/** What the server and the classifier, asked about the same version, say differently of a statement that ran; null for nothing. */
export function disagreement({ sent, observation, refusal }: RanStatement, { server }: Expected): Disagreement | null {
  if (server === undefined || server.statement.notAnalysed !== undefined) return null;
  if (observation === null && (refusal === null || NOT_THE_STATEMENT.test(refusal.code))) return null;
  const observed: Words = observation === null ? { locks: {}, rewrite: [], scan: [], indexRebuild: [], class: 'error', error: '' } : { ...observation, indexRebuild: observation.rewrite.length > 0 ? [] : observation.indexRebuild };
  const classified = classifiedWords(server);
  const planned = PLANNED.test(sent.text);
  const empty = observation?.emptyScan ?? [];
  const same = observed.class === 'error' ? classified.class === 'error' : compared(observed, planned, empty) === compared(classified, planned, empty);
  if (same) return null;
  const { path, line, text } = sent;
  return { path, line, statement: text, observed: said(observation ?? { ...observed, error: refusal?.message ?? '' }), classified: said({ ...classified, ...(server.effect.error === undefined ? {} : { error: server.effect.error }) }) };
}
