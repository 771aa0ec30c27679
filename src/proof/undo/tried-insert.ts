import { parseSql, type Node } from '../../languages/sql.js';
import type { Engine, Refusal } from '../engine.js';
import { identifier } from './names.js';

const NEEDED = `SELECT a.attname AS name FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND d.adbin IS NULL AND a.attidentity = ''
  AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = a.attrelid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 6 = 6) AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = a.attrelid) ORDER BY a.attnum`;

/** The refusal that an INSERT gets whatever its values are: it leaves out a column that must not be null and that nothing fills. */
export async function triedInsert(engine: Engine, statement: string): Promise<Refusal | null> {
  const insert = insertIn(statement);
  if (insert === null) return null;
  const needed = await engine.query(NEEDED, [insert.relation]);
  const missing = needed.find(({ name }) => !insert.columns.includes(name ?? ''))?.name;
  return missing == null ? null : { code: '23502', message: `null value in column "${missing}" of relation "${insert.table}" violates not-null constraint` };
}

/** Its relation and the columns it names; null for every other statement. */
function insertIn(statement: string): { readonly relation: string; readonly table: string; readonly columns: readonly string[] } | null {
  const { statements: [only] } = parseSql(statement);
  if (only?.kind !== 'parsed' || !('InsertStmt' in only.node)) return null;
  const { relation, cols } = only.node.InsertStmt;
  if (relation?.relname === undefined || cols === undefined || cols.length === 0) return null;
  const parts = [...(relation.schemaname === undefined ? [] : [relation.schemaname]), relation.relname];
  return { relation: identifier(...parts), table: relation.relname, columns: cols.flatMap((node: Node) => ('ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : [])) };
}
