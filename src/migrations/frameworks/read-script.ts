import { lineIndex, type LineIndex } from '../../languages/line-index.js';
import { joinTexts, locatedLines, textAt } from '../../languages/located-text.js';
import type { Span } from '../../core/change-set.js';
import type { Framework, Migration, TransactionFact } from '../migration.js';
import { readSql, type SqlSteps } from '../read-sql.js';
import type { Step } from '../step.js';
import { dialectOfText } from './dialect.js';
import type { HistoryFacts, Repository } from './history.js';
import { orderKey, versionKey, type Place } from './layout.js';
import { folderOf, joinPath } from './paths.js';
import type { Script } from './scripts.js';
import { keepRanges, saysIrreversible, type LineRange, type Section } from './sections.js';
import { transactionOf } from './transaction.js';

/** What a migration's readers share. */
export interface ReadContext {
  readonly repository: Repository;
  readonly facts: HistoryFacts;
  /** The database other than Postgres that the whole history is written for. */
  readonly dialect: string | null;
  /** A migration's number in its framework's own record (a journal); null where there is none. */
  readonly recorded: (place: Place) => number | null;
  /** Why nothing more is read; null while there is room. */
  readonly exhausted: string | null;
}

/** A text that is not looked at: one step, unless there is nothing in it. */
function unread(text: string, span: Span, reason: string): SqlSteps {
  const step: Step = { kind: 'opaque', reason, span, statementSpan: span, statement: text.slice(0, 200), wholeLines: false, statementIndex: 0 };
  return { steps: text.trim() === '' ? [] : [step] };
}

/** Reads one direction; a text for another database is opaque as a whole, and not broken. */
function readDirection({ text, span, lines }: Part, dialect: string | null, exhausted: string | null): SqlSteps {
  if (exhausted !== null) return unread(text, span, exhausted);
  if (dialect !== null) return unread(text, span, `written for ${dialect}`);
  const read = readSql(text, lines);
  if (read.broken === undefined) return read;
  const other = dialectOfText(text);
  return other === null ? read : unread(text, span, `written for ${other}`);
}

/** One direction's text, and where it stands. */
interface Part {
  readonly text: string;
  readonly span: Span;
  /** Absent where the text's lines are the file's: such texts are read once. */
  readonly lines?: LineIndex;
}

/** A file with the places of its lines, worked out once. */
interface Source {
  readonly text: string;
  readonly index: LineIndex;
  /** Where each line starts; one more for the end. */
  readonly starts: readonly number[];
}

function sourceOf(text: string): Source {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, index: lineIndex(text), starts: [...starts, text.length + 1] };
}

function wholePart({ text, index }: Source): Part {
  return { text, span: index.span(0, text.trimEnd().length) };
}

/** Files with more parts are rare, and blanking all else for each of them would cost the square of their length. */
const FEW_PARTS = 2;

function partOf(source: Source, ranges: readonly LineRange[], parts: number): Part {
  const offsetOf = (line: number): number => Math.min(source.starts[line - 1] ?? source.text.length, source.text.length);
  const pieces = ranges.map(([first, last]) => textAt(source.text.slice(offsetOf(first), offsetOf(last + 1)), offsetOf(first)));
  const first = Math.min(ranges[0]?.[0] ?? 1, source.index.lines);
  const last = Math.max(first, ranges.at(-1)?.[1] ?? first);
  const endColumn = Math.max(1, (source.starts[last] ?? source.text.length + 1) - (source.starts[last - 1] ?? 0));
  const span = { startLine: first, startColumn: 1, endLine: last, endColumn };
  if (parts <= FEW_PARTS) return { text: keepRanges(source.text, ranges), span };
  const located = joinTexts(pieces);
  return { text: located.text, span, lines: located.parts.length === 0 ? source.index : locatedLines(source.index, located) };
}

const LEXICAL = new Set<Framework>(['dbmate', 'atlas', 'prisma', 'supabase', 'popx', 'drizzle']);

function orderOf(script: Script, context: ReadContext): string {
  const { place, planned } = script;
  const recorded = planned?.position ?? context.recorded(place);
  if (recorded !== null) return orderKey(String(recorded));
  if (place.layout === 'flyway-repeatable') return `~${place.id}`;
  if (place.layout.startsWith('flyway')) return versionKey(place.id);
  if (context.facts.framework === 'diesel') return place.id.replace(/^[\d-]+/, (version) => version.replaceAll('-', ''));
  // A version that begins like another one and is longer comes behind it.
  if (place.layout === 'popx') return place.id.replace('_', ' ');
  return LEXICAL.has(context.facts.framework) ? place.id : orderKey(place.id);
}

function configurationOf(files: ReadonlyMap<string, string>, path: string): string | null {
  return files.get(`${path}.conf`) ?? files.get(joinPath(folderOf(path), 'metadata.toml')) ?? null;
}

interface Directions {
  readonly up: Part | null;
  readonly down: Part | null;
}

function transactionFor(script: Script, framework: Framework, section: Section | null, context: ReadContext, side: 'up' | 'down', steps: readonly Step[]): TransactionFact {
  const path = (side === 'up' ? script.up : (script.down ?? script.up)) ?? script.place.path;
  return transactionOf({
    framework,
    path,
    text: context.repository.files.get(path) ?? '',
    steps,
    noTransaction: section?.noTransaction[side] ?? /\.autocommit\./.test(path),
    blocks: section?.blocks ?? [],
    configuration: configurationOf(context.repository.files, path),
    version: framework === context.facts.framework ? context.facts.version : null,
    switches: context.facts.switches,
  });
}

function readDown(part: Part | null, dialect: string | null, exhausted: string | null): readonly Step[] | 'none' | 'irreversible' {
  if (part === null) return 'none';
  const { steps } = readDirection(part, dialect, exhausted);
  return steps.length === 0 && saysIrreversible(part.text) ? 'irreversible' : steps;
}

function sameFact(one: TransactionFact, other: TransactionFact): boolean {
  return one.scope === other.scope && one.implicit === other.implicit && one.batches === undefined && other.batches === undefined;
}

/** One migration of a script: all of it, or one section. */
function readOne(script: Script, context: ReadContext, section: Section | null, { up, down }: Directions): Migration {
  const { place } = script;
  const framework = script.planned?.framework ?? section?.framework ?? context.facts.framework;
  const dialect = script.dialect ?? context.dialect;
  const read: SqlSteps = up === null ? { steps: [] } : readDirection(up, dialect, context.exhausted);
  const downSteps = readDown(down, dialect, context.exhausted);
  const transaction = transactionFor(script, framework, section, context, 'up', read.steps);
  const downTransaction = typeof downSteps === 'string' ? transaction : transactionFor(script, framework, section, context, 'down', downSteps);
  return {
    id: place.id,
    order: orderOf(script, context),
    history: place.history,
    path: script.up ?? script.down ?? place.path,
    downPath: script.up === null ? null : script.down,
    up: read.steps,
    down: downSteps,
    spans: { up: up?.span ?? { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }, down: down?.span ?? null },
    framework,
    transaction,
    ...(sameFact(transaction, downTransaction) ? {} : { downTransaction }),
    ...(read.broken === undefined ? {} : { broken: read.broken }),
  };
}

/** More parts than anybody writes into one file. */
const MAXIMUM_SECTIONS = 1000;

/** The migrations of a script: one, or one for each section that its framework runs by itself. Needs `loadSql()`. */
export function readScript(script: Script, context: ReadContext, sections: readonly Section[] | null): Migration[] {
  const { files } = context.repository;
  const source = script.up === null ? null : sourceOf(files.get(script.up) ?? '');
  const down = script.down === null ? null : wholePart(sourceOf(files.get(script.down) ?? ''));
  if (sections === null || source === null) return [readOne(script, context, null, { up: source === null ? null : wholePart(source), down })];
  if (sections.length > MAXIMUM_SECTIONS) return [readOne(script, { ...context, exhausted: `one of more than ${String(MAXIMUM_SECTIONS)} parts of a file` }, null, { up: wholePart(source), down })];
  return sections.map((section, index) => {
    const one = readOne(script, context, section, { up: partOf(source, section.up, sections.length), down: section.down === null ? down : partOf(source, section.down, sections.length) });
    return index === 0 ? one : { ...one, id: `${one.id}#${String(index + 1)}`, order: `${one.order} ${orderKey(String(index))}` };
  });
}
