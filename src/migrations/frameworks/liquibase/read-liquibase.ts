import type { Span } from '../../../core/change-set.js';
import { lineIndex, type LineIndex } from '../../../languages/line-index.js';
import { locatedLines, textAt } from '../../../languages/located-text.js';
import type { Migration } from '../../migration.js';
import { readSql, type SqlSteps } from '../../read-sql.js';
import type { Step } from '../../step.js';
import { dialectOfText } from '../dialect.js';
import type { Repository } from '../history.js';
import { orderKey } from '../layout.js';
import { NO_SWITCHES } from '../switches.js';
import { transactionOf } from '../transaction.js';
import type { Sent } from './change.js';
import { withDelimiter } from './changes.js';
import type { ChangeSet, Rollback } from './changelog.js';
import { changelogHistories, resolveFile, type ChangelogHistory, type PlacedChangeSet } from './order.js';

/** Steps of one direction, and which of its statements are sent as one string. */
interface Direction extends SqlSteps {
  readonly batches: readonly (readonly [number, number])[];
}

interface Reading {
  readonly files: ReadonlyMap<string, string>;
  readonly path: string;
  readonly text: string;
  readonly lines: LineIndex;
}

function opaqueStep(reason: string, span: Span, statement: string): Step {
  return { kind: 'opaque', reason, span, statementSpan: span, statement: statement.slice(0, 200), wholeLines: false, statementIndex: 0 };
}

/** Every place in a generated statement is that of its element. */
function fixedLines(lines: LineIndex, start: number, end: number): LineIndex {
  return { lines: lines.lines, position: () => lines.position(start), span: () => lines.span(start, end) };
}

/** What one thing sent does. `alone`: the file that it names stands for the whole changeset, so that places are in that file. */
function readSent(reading: Reading, sent: Sent, alone: boolean): SqlSteps {
  switch (sent.kind) {
    case 'generated':
      return withoutBroken(readSql(sent.sql, fixedLines(reading.lines, sent.start, sent.end)), 'what Liquibase makes of this change could not be read');
    case 'written':
      return forPostgres(readSql(sent.text.text, locatedLines(reading.lines, sent.text)), sent.text.text);
    case 'opaque':
      return { steps: [opaqueStep(sent.reason, reading.lines.span(sent.start, sent.end), reading.text.slice(sent.start, sent.end))] };
    case 'file': {
      const span = reading.lines.span(sent.start, sent.end);
      const path = resolveFile(reading.files, reading.path, sent.path, sent.relative);
      const text = path === null ? undefined : reading.files.get(path);
      if (text === undefined) return { steps: [opaqueStep(`the file \`${sent.path}\` was not found`, span, reading.text.slice(sent.start, sent.end))] };
      const own = withDelimiter(textAt(text, 0), sent.delimiter).text;
      if (alone) return forPostgres(readSql(own), own);
      return withoutBroken(readSql(own, fixedLines(reading.lines, sent.start, sent.end)), `a statement of \`${sent.path}\` could not be read`);
    }
  }
}

/** SQL with words of another database that does not parse was written for that one, and is not broken. */
function forPostgres(read: SqlSteps, text: string): SqlSteps {
  const other = read.broken === undefined ? null : dialectOfText(text);
  if (other === null) return read;
  return { steps: read.steps.map((step) => (step.kind === 'opaque' && step.reason.startsWith('line ') ? { ...step, reason: `written for ${other}` } : step)) };
}

/** What is ours to write, or stands in another file, cannot be the changelog's mistake. */
function withoutBroken(read: SqlSteps, reason: string): SqlSteps {
  return read.broken === undefined ? read : { steps: read.steps.map((step) => (step.kind === 'opaque' && step.reason.startsWith('line ') ? { ...step, reason } : step)) };
}

function readAll(reading: Reading, all: readonly Sent[], alone: boolean): Direction {
  const steps: Step[] = [];
  const batches: [number, number][] = [];
  let broken: SqlSteps['broken'];
  let offset = 0;
  for (const sent of all) {
    const read = readSent(reading, sent, alone);
    broken ??= read.broken;
    const last = Math.max(-1, ...read.steps.map((step) => step.statementIndex));
    // Only SQL in a file of SQL stands on lines of its own.
    const replaceable = alone || (sent.kind === 'written' && reading.path.endsWith('.sql'));
    steps.push(...read.steps.map((step): Step => ({ ...step, statementIndex: step.statementIndex + offset, wholeLines: replaceable && step.wholeLines })));
    if ((sent.kind === 'written' || sent.kind === 'file') && sent.together && last > 0) batches.push([offset, offset + last]);
    offset += last + 1;
  }
  return { steps, batches, ...(broken === undefined ? {} : { broken }) };
}

/** The one SQL file that a changeset consists of; null for any other changeset. */
function onlyFile(files: ReadonlyMap<string, string>, path: string, sent: readonly Sent[]): string | null {
  const [first] = sent;
  return first?.kind === 'file' && sent.length === 1 ? resolveFile(files, path, first.path, first.relative) : null;
}

function openReading(files: ReadonlyMap<string, string>, path: string, cache: Map<string, Reading>): Reading {
  const known = cache.get(path);
  if (known !== undefined) return known;
  const text = files.get(path) ?? '';
  const reading = { files, path, text, lines: lineIndex(text) };
  cache.set(path, reading);
  return reading;
}

interface Undone {
  readonly down: readonly Step[] | 'none' | 'irreversible';
  readonly span: Span | null;
  readonly path: string | null;
}

const NOT_UNDONE: Undone = { down: 'none', span: null, path: null };

function readRollback(history: ChangelogHistory, placed: PlacedChangeSet, reading: Reading): Undone {
  const rollback: Rollback = placed.changeSet.rollback;
  if (rollback.kind === 'none') return NOT_UNDONE;
  if (rollback.kind === 'see') {
    const other = history.changeSets.find(({ changeSet }) => changeSet.id === rollback.id && (rollback.author === null || changeSet.author === rollback.author));
    if (other === undefined || other.path !== placed.path) return { down: [opaqueStep(`it is undone by the changeset \`${rollback.id}\``, reading.lines.span(placed.changeSet.start, placed.changeSet.end), '')], span: null, path: null };
    return { down: readAll(reading, other.changeSet.sent, false).steps, span: reading.lines.span(other.changeSet.start, other.changeSet.end), path: null };
  }
  const file = onlyFile(reading.files, placed.path, rollback.sent);
  return { down: readAll(reading, rollback.sent, file !== null).steps, span: file === null ? reading.lines.span(rollback.start, rollback.end) : null, path: file };
}

function readChangeSet(history: ChangelogHistory, placed: PlacedChangeSet, position: number, files: ReadonlyMap<string, string>, cache: Map<string, Reading>, exhausted: string | null): Migration {
  const { changeSet, path } = placed;
  const reading = openReading(files, path, cache);
  const file = onlyFile(files, path, changeSet.sent);
  const place = reading.lines.span(changeSet.start, changeSet.end);
  const text = file === null ? null : (files.get(file) ?? '');
  const span = text === null ? place : lineIndex(text).span(0, text.trimEnd().length);
  const foreign = exhausted ?? (changeSet.writtenFor === null ? null : `written for ${changeSet.writtenFor}`);
  const up: Direction = foreign === null ? readAll(reading, changeSet.sent, file !== null) : { steps: [opaqueStep(foreign, span, reading.text.slice(changeSet.start, changeSet.end))], batches: [] };
  const { down, span: downSpan, path: downFile } = foreign === null ? readRollback(history, placed, reading) : NOT_UNDONE;
  const clues = { framework: 'liquibase', path, text: '', blocks: [], configuration: null, version: null, switches: NO_SWITCHES, noTransaction: !changeSet.inTransaction } as const;
  return {
    id: changeSet.author === '' ? changeSet.id : `${changeSet.author}:${changeSet.id}`,
    order: orderKey(String(position)),
    history: history.name,
    path: file ?? path,
    downPath: downFile ?? (file === null || down === 'none' ? null : path),
    up: up.steps,
    down,
    spans: { up: span, down: down === 'none' ? null : (downSpan ?? place) },
    framework: 'liquibase',
    transaction: transactionOf({ ...clues, steps: up.steps, batches: up.batches }),
    ...(up.broken === undefined ? {} : { broken: up.broken }),
  };
}

/** A changelog that cannot be read is one migration that is broken. */
function failedMigration(history: ChangelogHistory, path: string, failure: { readonly line: number; readonly message: string }, text: string): Migration {
  const span = lineIndex(text).span(0, text.trimEnd().length);
  const clues = { framework: 'liquibase', path, text: '', blocks: [], configuration: null, version: null, switches: NO_SWITCHES, noTransaction: false, steps: [] } as const;
  return { id: path, order: '~', history: history.name, path, downPath: null, up: [opaqueStep(`the changelog does not parse: ${failure.message}`, span, text)], down: 'none', spans: { up: span, down: null }, framework: 'liquibase', transaction: transactionOf(clues), broken: { line: Math.min(failure.line, span.endLine), message: failure.message } };
}

/** Every changeset of every changelog, and the files that belong to them; `room`: steps that may be read, and what is said beyond. Needs `loadSql()`. */
export function readLiquibase({ files }: Repository, room: { readonly steps: number; readonly beyond: string }): { readonly migrations: readonly Migration[]; readonly taken: ReadonlySet<string> } {
  const taken = new Set<string>();
  const migrations: Migration[] = [];
  const cache = new Map<string, Reading>();
  let steps = 0;
  for (const history of changelogHistories(files)) {
    history.changeSets.forEach((placed, position) => {
      const migration = readChangeSet(history, placed, position, files, cache, steps > room.steps ? room.beyond : null);
      steps += migration.up.length;
      migrations.push(migration);
    });
    for (const { path, failure } of history.failures) migrations.push(failedMigration(history, path, failure, files.get(path) ?? ''));
    for (const path of history.paths) taken.add(path);
    for (const { path, changeSet } of history.changeSets) for (const file of namedFiles(files, path, changeSet)) taken.add(file);
  }
  return { migrations, taken };
}

function namedFiles(files: ReadonlyMap<string, string>, path: string, changeSet: ChangeSet): string[] {
  const sent = [...changeSet.sent, ...(changeSet.rollback.kind === 'sent' ? changeSet.rollback.sent : [])];
  return sent.flatMap((each) => (each.kind === 'file' ? (resolveFile(files, path, each.path, each.relative) ?? []) : []));
}

