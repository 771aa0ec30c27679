import type { Engine } from '../engine.js';

/** A type as values are made for it. */
export interface SeedType {
  readonly id: string;
  /** As a cast takes it, without modifier. */
  readonly cast: string;
  readonly name: string;
  /** `b`ase, `d`omain, `e`num, `c`omposite, `r`ange, `m`ultirange. */
  readonly kind: string;
  /** The server's category: `A`rray, `S`tring, `N`umber … */
  readonly category: string;
  /** What an array holds, a domain stands on, a range is over. */
  readonly of: string | null;
  /** A domain's modifier for its base. */
  readonly modifier: number;
  readonly labels: readonly string[];
  readonly attributes: readonly { readonly type: string; readonly modifier: number }[];
  /** Conditions of a domain, over VALUE. */
  readonly checks: readonly string[];
}

export interface SeedColumn {
  readonly name: string;
  readonly type: string;
  readonly modifier: number;
  /** As a cast takes it, with modifier. */
  readonly cast: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** Whether the server makes its values: an identity, or a default that draws from a sequence. */
  readonly counted: boolean;
  /** `GENERATED ALWAYS AS IDENTITY`: a value of ours must say that it overrides. */
  readonly always: boolean;
  /** Computed from other columns: never written. */
  readonly generated: boolean;
}

export interface SeedConstraint {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface SeedForeignKey extends SeedConstraint {
  readonly table: string;
  readonly referenced: readonly string[];
}

export interface SeedCheck extends SeedConstraint {
  /** The condition, over the columns' names. */
  readonly condition: string;
}

export interface SeedTable {
  /** `schema.name`. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly columns: readonly SeedColumn[];
  /** Unique keys and exclusions, by the names of their indexes. */
  readonly unique: readonly SeedConstraint[];
  readonly foreign: readonly SeedForeignKey[];
  readonly checks: readonly SeedCheck[];
  /** Checks that a migration is about to add. */
  readonly coming: readonly SeedCheck[];
  /** Columns of the primary key. */
  readonly primary: readonly string[];
  /** Whether it is partitioned and has no partition yet. */
  readonly closed: boolean;
}

export interface SeedFacts {
  readonly tables: ReadonlyMap<string, SeedTable>;
  readonly types: ReadonlyMap<string, SeedType>;
  /** Expressions that the conditions of a domain take, by its id. */
  readonly solved: ReadonlyMap<string, readonly string[]>;
}

const NAMES = (table: string, keys: string): string => `(SELECT json_agg(named.attname ORDER BY nums.at) FROM unnest(${keys}) WITH ORDINALITY nums(num, at) JOIN pg_attribute named ON named.attrelid = ${table} AND named.attnum = nums.num)`;
const USERS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'";

function tablesQuery(major: number): string {
  const generated = major >= 12 ? "a.attgenerated <> ''" : 'false';
  return `SELECT n.nspname || '.' || c.relname AS key, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
    (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text, 'modifier', a.atttypmod, 'cast', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid),
       'counted', a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%', 'always', a.attidentity = 'a', 'generated', ${generated}) ORDER BY a.attnum)
       FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns,
    (SELECT json_agg(json_build_object('name', i.relname, 'columns', coalesce(${NAMES('c.oid', 'x.indkey::int2[]')}, '[]'::json))) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND (x.indisunique OR x.indisexclusion))::text AS uniques,
    (SELECT ${NAMES('c.oid', 'k.conkey')} FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')::text AS primary_key,
    (SELECT json_agg(json_build_object('name', k.conname, 'columns', ${NAMES('k.conrelid', 'k.conkey')}, 'table', rn.nspname || '.' || r.relname, 'referenced', ${NAMES('k.confrelid', 'k.confkey')}) ORDER BY cardinality(k.conkey) DESC, k.conname) FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE k.conrelid = c.oid AND k.contype = 'f'${major >= 11 ? ' AND NOT EXISTS (SELECT FROM pg_constraint up WHERE up.oid = k.conparentid AND up.conrelid = k.conrelid)' : ''})::text AS foreigns,
    (SELECT json_agg(json_build_object('name', k.conname, 'columns', coalesce(${NAMES('k.conrelid', 'k.conkey')}, '[]'::json), 'condition', pg_get_expr(k.conbin, k.conrelid)) ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey IS NOT NULL)::text AS checks,
    CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END AS bound,
    CASE WHEN c.relkind = 'p' THEN (SELECT string_agg('(' || coalesce(pg_get_partition_constraintdef(i.inhrelid), 'true') || ')', ' OR ' ORDER BY i.inhrelid) FROM pg_inherits i WHERE i.inhparent = c.oid) END AS bounds,
    CASE WHEN c.relkind = 'p' THEN (SELECT ${NAMES('c.oid', 'p.partattrs::int2[]')} FROM pg_partitioned_table p WHERE p.partrelid = c.oid) WHEN c.relispartition THEN (SELECT ${NAMES('p.partrelid', 'p.partattrs::int2[]')} FROM pg_inherits i JOIN pg_partitioned_table p ON p.partrelid = i.inhparent WHERE i.inhrelid = c.oid) END::text AS parted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${USERS}`;
}

const TYPES = `SELECT t.oid::text AS id, format_type(t.oid, NULL) AS cast, t.typname AS name, t.typtype AS kind, t.typcategory AS category, t.typtypmod AS modifier,
  CASE WHEN t.typtype = 'd' THEN t.typbasetype WHEN t.typtype = 'r' THEN r.rngsubtype WHEN t.typcategory = 'A' THEN t.typelem END::text AS of,
  (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)::text AS labels,
  CASE WHEN t.typtype = 'c' THEN (SELECT json_agg(json_build_object('type', a.atttypid::text, 'modifier', a.atttypmod) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END::text AS attributes,
  CASE WHEN t.typtype = 'd' THEN (SELECT json_agg(pg_get_expr(k.conbin, 0)) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') END::text AS checks
  FROM pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype <> 'p' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg_toast%' AND (n.nspname <> 'pg_catalog' OR t.typrelid = 0) AND NOT (n.nspname = 'pg_catalog' AND t.typcategory = 'A' AND t.typelem IN (SELECT p.oid FROM pg_type p WHERE p.typrelid <> 0))`;

function list<T>(text: string | null | undefined): readonly T[] {
  return JSON.parse(text ?? '[]') as readonly T[];
}

/** What seeding must know of all tables. */
export async function readSeedFacts(engine: Engine): Promise<Omit<SeedFacts, 'solved'>> {
  const [tables, types] = [await engine.query(tablesQuery(engine.major)), await engine.query(TYPES)];
  return {
    tables: new Map(tables.map((row) => {
      const bound = row.bound ?? row.bounds ?? null;
      const own = list<SeedCheck>(row.checks);
      const table: SeedTable = {
        key: row.key ?? '', schema: row.schema ?? '', name: row.name ?? '', kind: row.kind ?? 'r',
        columns: list<SeedColumn>(row.columns), unique: list<SeedConstraint>(row.uniques), foreign: list<SeedForeignKey>(row.foreigns),
        checks: bound === null ? own : [...own, { name: '', columns: list<string>(row.parted), condition: bound }],
        coming: [], primary: list<string>(row.primary_key),
        closed: row.kind === 'p' && bound === null,
      };
      return [table.key, table];
    })),
    types: new Map(types.map((row) => [row.id ?? '', {
      id: row.id ?? '', cast: row.cast ?? '', name: row.name ?? '', kind: row.kind ?? 'b', category: row.category ?? 'U', of: row.of ?? null, modifier: Number(row.modifier ?? -1),
      labels: list<string>(row.labels), attributes: list<{ type: string; modifier: number }>(row.attributes), checks: list<string>(row.checks),
    }])),
  };
}
