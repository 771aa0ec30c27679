import { resolveIn, resolveRelation, type Catalog } from '../catalog.js';
import type { JudgedStep } from '../judge-migrations.js';
import { quoteLiteral } from '../quote.js';
import type { Step, StepOf } from '../step.js';
import { byTransaction } from '../transactions.js';
import { mentionsWord } from './copies.js';

/** A statement that uses an enum's value in the transaction that adds it: the server refuses to. */
export interface EarlyUse {
  /** The enum's key. */
  readonly key: string;
  readonly added: StepOf<'add-enum-value'>;
  readonly used: JudgedStep;
}

/** The first use of each value that the same transaction adds to an enum which it did not make itself. */
export function earlyUses(steps: readonly JudgedStep[]): readonly EarlyUse[] {
  return byTransaction(steps).flatMap((group) =>
    group.flatMap((judged, index) => {
      const { step, before } = judged;
      if (step.kind !== 'add-enum-value' || !judged.inTransaction) return [];
      const key = resolveIn(before, step.type, ['enums']);
      if (before.enums.get(key)?.includes(step.value) === true || isMadeIn(group, index, step)) return [];
      const used = group.slice(index + 1).find((later) => usesValue(later, key, step.value));
      return used === undefined ? [] : [{ key, added: step, used }];
    }),
  );
}

function isMadeIn(group: readonly JudgedStep[], index: number, added: StepOf<'add-enum-value'>): boolean {
  return group.slice(0, index).some(({ step }) => step.kind === 'create-enum' && step.type.name === added.type.name);
}

function isEnum(catalog: Catalog, type: { readonly schema: string | null; readonly name: string }, key: string): boolean {
  return resolveIn(catalog, type, ['enums']) === key;
}

// Statements whose text is not looked at before it runs, or that hold text only.
const NOT_READ: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['comment', 'create-trigger', 'add-enum-value', 'rename-enum-value', 'create-enum', 'opaque', 'set-setting', 'transaction', 'raw', 'do-block']);

function usesValue({ step, before }: JudgedStep, key: string, value: string): boolean {
  if (NOT_READ.has(step.kind) || !step.statement.includes(quoteLiteral(value))) return false;
  switch (step.kind) {
    case 'set-default':
      return isColumn(before, resolveRelation(before, step.table), step.column, key) && step.default.text.includes(quoteLiteral(value));
    case 'add-column':
      return isEnum(before, step.column.type, key) && step.column.default?.text.includes(quoteLiteral(value)) === true;
    case 'create-table':
      return step.columns.some((column) => isEnum(before, column.type, key) && column.default?.text.includes(quoteLiteral(value)) === true);
    case 'insert':
      return insertsInto(before, step, key);
    case 'create-function':
      return step.language === 'sql' && comparesColumn(before, step.statement, key, value);
    default:
      return isCast(step.statement, key, value) || comparesColumn(before, step.statement, key, value);
  }
}

function isColumn(catalog: Catalog, table: string, column: string, key: string): boolean {
  const found = catalog.tables.get(table)?.columns.get(column);
  return found !== undefined && isEnum(catalog, found.type, key);
}

function insertsInto(catalog: Catalog, step: StepOf<'insert'>, key: string): boolean {
  const table = resolveRelation(catalog, step.table);
  const columns = step.columns.length > 0 ? step.columns : [...(catalog.tables.get(table)?.columns.keys() ?? [])];
  return columns.some((column) => isColumn(catalog, table, column, key));
}

/** `'value'::type`, CAST('value' AS type). */
function isCast(text: string, key: string, value: string): boolean {
  const type = key.slice(key.indexOf('.') + 1);
  return placesOf(text, quoteLiteral(value)).some((at) => {
    const behind = text.slice(at, at + value.length + type.length + 40);
    return /^'(?:[^']|'')*'\s*(?:::|as\b)/i.test(behind) && mentionsWord(behind, type);
  });
}

/** Whether the value stands close behind a column of the enum's type, which is not taken as text. */
function comparesColumn(catalog: Catalog, text: string, key: string, value: string): boolean {
  for (const table of catalog.tables.values()) {
    if (!mentionsWord(text, table.name)) continue;
    for (const column of table.columns.values()) {
      if (!isEnum(catalog, column.type, key)) continue;
      const close = placesOf(text, column.name).some((at) => {
        const behind = text.slice(at + column.name.length, at + column.name.length + 120);
        const until = behind.indexOf(quoteLiteral(value));
        return until > 0 && /^"?\s*(?:=|<|>|!|in\b|not\s+in\b|is\b)/i.test(behind);
      });
      if (close) return true;
    }
  }
  return false;
}

function placesOf(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at !== -1 && places.length < 200; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}
