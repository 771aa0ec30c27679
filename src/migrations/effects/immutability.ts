import { resolveIn, type Catalog, type Table } from '../catalog.js';
import type { Expression } from '../definition.js';
import { baseType } from './casts.js';
import { isVolatile } from './volatility.js';

// Types whose text depends on settings of the session.
const STABLE_OUTPUT = new Set(['date', 'timestamp', 'timestamptz', 'int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange']);

const STRINGS = new Set(['text', 'varchar', 'bpchar']);

// Functions of the server that look at the clock or the session.
const STABLE = new Set(['now', 'current_timestamp', 'current_date', 'current_time', 'localtime', 'localtimestamp', 'transaction_timestamp', 'statement_timestamp', 'current_user', 'session_user', 'current_setting', 'current_database', 'current_schema', 'age', 'to_char', 'to_timestamp', 'to_date', 'concat', 'concat_ws', 'format']);

function isStableOutput(catalog: Catalog, table: Table | undefined, column: string): boolean {
  const type = table?.columns.get(column)?.type;
  if (type === undefined) return false;
  const base = baseType(catalog, type);
  return base.array || STABLE_OUTPUT.has(base.name) || catalog.enums.has(resolveIn(catalog, base, ['enums'])) || catalog.composites.has(resolveIn(catalog, base, ['composites']));
}

/** Whether the server knows that the expression gives another result at another time: no index can be on it. Where nobody can tell: false. */
export function isMutable(catalog: Catalog, table: Table | undefined, expression: Expression): boolean {
  if (expression.functions.some((name) => (name.schema === null || name.schema === 'pg_catalog') && STABLE.has(name.name) && !catalog.functions.has(resolveIn(catalog, name, ['functions'])))) return true;
  if (/\bto_ts(?:vector|query)\s*\(\s*(?:[a-z_]\w*|"[^"]+")\s*\)/i.test(expression.text)) return true;
  const declared = expression.functions.flatMap((name) => catalog.functions.get(resolveIn(catalog, name, ['functions'])) ?? []);
  if (declared.some((each) => each.volatility === 'stable' && each.language !== 'sql')) return true;
  if (isVolatile(catalog, expression) === 'yes') return true;
  const [column, ...others] = expression.columns;
  return column !== undefined && others.length === 0 && new RegExp(`(?:^|[^\\w.])"?${column}"?\\s*::\\s*(?:${[...STRINGS].join('|')})\\b`, 'i').test(expression.text) && isStableOutput(catalog, table, column);
}
