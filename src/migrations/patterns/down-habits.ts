import type { Change } from '../../core/change-set.js';
import { keepRanges, readSections } from '../frameworks/sections.js';
import type { Migration } from '../migration.js';
import type { Step } from '../step.js';

/** Steps that nothing has to undo: rows that were put right, reads, settings, values of enums, which cannot be taken away. */
const NEEDS_NO_DOWN: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'insert', 'update', 'delete', 'merge', 'copy', 'select', 'truncate', 'comment', 'grant', 'analyze', 'vacuum', 'cluster', 'reindex', 'add-enum-value', 'create-extension', 'create-schema', 'set-setting', 'transaction',
  'do-block', 'call', 'raw', 'opaque', 'refresh-materialized-view', 'validate-constraint', 'set-storage-parameters', 'set-column-option', 'lock-table', 'create-function',
]);

/** Whether a migration changes the schema in a way that a down would undo. */
export function needsDown(migration: Migration): boolean {
  return migration.up.some((step) => !NEEDS_NO_DOWN.has(step.kind));
}

/** Whether there is a way back that does something. */
export function hasDown({ down }: Migration): boolean {
  return typeof down !== 'string' && down.some((step) => step.kind !== 'transaction' && step.kind !== 'set-setting' && !isNothing(step) && !refuses(step));
}

/** A statement that does nothing: SELECT without a table. */
function isNothing(step: Step): boolean {
  return step.kind === 'select' && step.query.reads.length === 0 && step.functions.length === 0;
}

/** Whether a step of a down only says that there is no way back: RAISE EXCEPTION. */
function refuses(step: Step): boolean {
  return (step.kind === 'do-block' || step.kind === 'opaque' || step.kind === 'select') && /\braise\s+(?:exception|error)\b|irreversible/i.test(step.statement.slice(0, 4000));
}

/** The share of migrations with a way back that makes it this history's habit. */
const HABIT = 2 / 3;

/** Whether this history's migrations have a way back as a rule; false while it is too young to tell. */
export function usesDowns(migration: Migration, others: readonly Migration[]): boolean {
  const earlier = others.filter((other) => other.order < migration.order && needsDown(other));
  const recent = earlier.slice(-20);
  return recent.length > 0 && recent.filter(hasDown).length >= HABIT * recent.length;
}

/**
 * popx cuts a migration into parts, and the way back of all of them may stand in one: what has the same date to the second, or the
 * same day and name, is one migration.
 */
export function undoneByPart(migration: Migration, others: readonly Migration[]): boolean {
  const part = PART.exec(migration.id);
  if (migration.framework !== 'popx' || part === null) return false;
  const [, day, time, name] = part;
  return others.some((other) => {
    const [, itsDay, itsTime, itsName] = PART.exec(other.id) ?? [];
    return day === itsDay && (time === itsTime || name === itsName) && hasDown(other);
  });
}

/** Day, time and name in the name of a migration of popx. */
const PART = /^(\d{8})(\d{6})\d*(_.*)$/;

/** How many of the migrations before it have one, for a message: "19 of the 20 before it". */
export function downCount(migration: Migration, others: readonly Migration[]): { readonly have: number; readonly of: number } {
  const recent = others.filter((other) => other.order < migration.order && needsDown(other)).slice(-20);
  return { have: recent.filter(hasDown).length, of: recent.length };
}

/** What a migration says about its way back. */
export type WayBack =
  | { readonly kind: 'there' }
  /** The author says that nothing has to be undone. */
  | { readonly kind: 'explained' }
  | { readonly kind: 'missing' | 'empty' | 'nothing'; readonly path: string; readonly line: number | null }
  /** The author says that there can be none, in these words. */
  | { readonly kind: 'refused'; readonly path: string; readonly line: number; readonly words: string; /** Whether a rollback stops at it, rather than passing over it. */ readonly stops: boolean };

const SAYS_NO = /\b(?:irreversible|not reversible|cannot be (?:\w+ )?(?:undone|reverted|reversed|rolled back|restored)|can'?t be (?:undone|reverted|reversed|rolled back)|no (?:way back|rollback|downgrade|down migration)|one[- ]way)\b/i;

const SAYS_NOTHING_TO_DO = /\b(?:no-?op|intentional(?:ly)?|deliberate(?:ly)?|on purpose|nothing to (?:do|undo|revert|reverse|roll back)|(?:not|no|never) (?:needed|necessary|required|need(?:ed)?)|harmless|is left|are left|we (?:keep|leave))\b/i;

/** Looks at the down direction: its steps, and, where there are none, what its comments say. */
export function wayBack(migration: Migration, changes: ReadonlyMap<string, Change>): WayBack {
  const path = migration.downPath ?? migration.path;
  if (hasDown(migration)) return { kind: 'there' };
  const text = downText(migration, changes);
  const steps = typeof migration.down === 'string' ? [] : migration.down;
  const refusal = steps.find(refuses);
  if (refusal !== undefined) return { kind: 'refused', path, line: refusal.span.startLine, words: refusal.statement, stops: true };
  const lines = text?.split('\n') ?? [];
  const isComment = (line: string): boolean => /^\s*(?:--|#|\/\*|\*)/.test(line);
  const said = lines.findIndex((line) => isComment(line) && SAYS_NO.test(line.slice(0, 500)));
  if (said !== -1) return { kind: 'refused', path, line: said + 1, words: sentenceOf(lines[said] ?? ''), stops: false };
  if (migration.down === 'irreversible') return { kind: 'refused', path, line: 1, words: 'irreversible', stops: false };
  if (lines.some((line) => isComment(line) && SAYS_NOTHING_TO_DO.test(line.slice(0, 500)))) return { kind: 'explained' };
  if (migration.down === 'none') return { kind: 'missing', path: migration.path, line: null };
  if (steps.length > 0) return { kind: 'nothing', path, line: steps[0]?.span.startLine ?? 1 };
  const first = lines.findIndex((line) => line.trim() !== '');
  return { kind: 'empty', path, line: first === -1 ? 1 : first + 1 };
}

/** A line of a comment from the sentence on that says there is no way back. */
function sentenceOf(line: string): string {
  const words = line.slice(0, 500).replace(/^[\s\-#/*]+/, '').trim();
  const start = words.lastIndexOf('. ', words.search(SAYS_NO));
  return start === -1 ? words : words.slice(start + 2);
}

/** The text of the down direction, positions kept; null when it was not read. */
function downText(migration: Migration, changes: ReadonlyMap<string, Change>): string | null {
  if (migration.downPath !== null) return changes.get(migration.downPath)?.after ?? null;
  const text = changes.get(migration.path)?.after ?? '';
  const lines = (readSections(text) ?? []).flatMap((section) => section.down ?? []);
  return lines.length === 0 ? null : keepRanges(text, lines);
}
