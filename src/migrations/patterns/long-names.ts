import { sqlTokens } from '../../languages/sql-token.js';
import { keyOf, resolveRelation, type Catalog } from '../catalog.js';
import { splitKey } from '../fold/edit.js';
import type { JudgedStep } from '../judge-migrations.js';
import type { Step } from '../step.js';

/** The server keeps so many bytes of a name, whole characters of them. */
export const NAME_BYTES = 63;

/** A name that a step gives and that the server shortens. */
export interface LongName {
  readonly judged: JudgedStep;
  readonly what: 'table' | 'column' | 'index' | 'constraint' | 'view' | 'type' | 'function' | 'sequence';
  readonly written: string;
  /** What the server keeps of it. */
  readonly kept: string;
  /** Whether something else of that name is there already. */
  readonly taken: boolean;
}

type Given = readonly [LongName['what'], string];

/** The names that a step gives, as the parser reads them: shortened already. */
function givenNames(step: Step): readonly Given[] {
  switch (step.kind) {
    case 'create-table':
      return [['table', step.table.name], ...step.columns.map((column): Given => ['column', column.name]), ...step.constraints.flatMap((each): Given[] => (each.name === null ? [] : [['constraint', each.name]]))];
    case 'create-table-as':
      return [['table', step.table.name]];
    case 'add-column':
      return [['column', step.column.name]];
    case 'add-constraint':
      return step.constraint.name === null ? [] : [['constraint', step.constraint.name]];
    case 'create-index':
      return step.index === null ? [] : [['index', step.index]];
    case 'rename-column':
      return [['column', step.to]];
    case 'rename-relation':
      return [[step.relation === 'index' ? 'index' : step.relation === 'sequence' ? 'sequence' : step.relation === 'table' ? 'table' : 'view', step.to]];
    case 'rename-constraint':
      return [['constraint', step.to]];
    case 'create-view':
    case 'create-materialized-view':
      return [['view', step.view.name]];
    case 'create-enum':
    case 'create-composite':
    case 'create-type':
      return [['type', step.type.name]];
    case 'create-function':
      return [['function', step.function.name]];
    case 'create-sequence':
      return [['sequence', step.sequence.name]];
    default:
      return [];
  }
}

/** A name shortened as the server does it. */
export function shortened(name: string): string {
  const bytes = Buffer.from(name, 'utf8');
  if (bytes.length <= NAME_BYTES) return name;
  let end = NAME_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}

/** Names in a statement that are longer than the server keeps, by what it keeps. */
function longTokens(statement: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (statement.length > 500_000 || !/[^\s,()]{60}/.test(statement)) return found;
  for (const token of sqlTokens(statement, 0, statement.length)) {
    if ((token.kind !== 'word' && token.kind !== 'quoted') || token.end - token.start < 32) continue;
    const text = statement.slice(token.start, token.end);
    const name = token.kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
    if (Buffer.byteLength(name, 'utf8') > NAME_BYTES) found.set(shortened(name), name);
  }
  return found;
}

function isTaken(judged: JudgedStep, what: LongName['what'], kept: string): boolean {
  const { step, before } = judged;
  if (what === 'column') return 'table' in step && step.table !== null && step.kind !== 'create-table' && before.tables.get(resolveRelation(before, step.table))?.columns.has(kept) === true;
  if (what === 'constraint') return 'table' in step && step.table !== null && before.tables.get(resolveRelation(before, step.table))?.constraints.has(kept) === true;
  if (what === 'function' || what === 'type') return false;
  return relationExists(before, keyOf(schemaOf(judged), kept));
}

function schemaOf({ step, before }: JudgedStep): string {
  return 'table' in step && step.table !== null ? splitKey(resolveRelation(before, step.table)).schema : 'public';
}

function relationExists(catalog: Catalog, key: string): boolean {
  return catalog.tables.has(key) || catalog.indexes.has(key) || catalog.views.has(key) || catalog.sequences.has(key);
}

/** Names that some steps give and that the server shortens; of equal columns in one CREATE TABLE the later one is `taken`. */
export function longNames(steps: readonly JudgedStep[]): readonly LongName[] {
  const tokens = new Map<string, ReadonlyMap<string, string>>();
  return steps.flatMap((judged) => {
    const { step } = judged;
    const given = givenNames(step).filter(([, name]) => name.length >= 16);
    if (given.length === 0) return [];
    const long = tokens.get(step.statement) ?? longTokens(step.statement);
    tokens.set(step.statement, long);
    return given.flatMap(([what, kept]) => {
      const written = long.get(kept);
      return written === undefined ? [] : [{ judged, what, written, kept, taken: isTaken(judged, what, kept) }];
    });
  });
}
