import type pg from 'pg';

/** What a server says is in a database: statements are generated over it. Names are quoted as SQL needs them. */
export interface Shape {
  readonly version: number;
  readonly tables: readonly ShapeTable[];
  readonly views: readonly ShapeTable[];
  readonly materializedViews: readonly ShapeTable[];
  readonly sequences: readonly string[];
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly domains: readonly string[];
  readonly functions: readonly { readonly name: string; readonly trigger: boolean }[];
  readonly statistics: readonly string[];
  readonly publications: readonly string[];
}

export interface ShapeTable {
  readonly name: string;
  readonly schema: string;
  /** r: table, p: partitioned, v: view, m: materialized view. */
  readonly kind: string;
  readonly parent: string | null;
  readonly isPartition: boolean;
  readonly columns: readonly ShapeColumn[];
  readonly constraints: readonly ShapeConstraint[];
  readonly indexes: readonly ShapeIndex[];
  readonly triggers: readonly string[];
  readonly policies: readonly string[];
  readonly rules: readonly string[];
}

export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: boolean;
  readonly identity: boolean;
  readonly generated: boolean;
}

export interface ShapeConstraint {
  readonly name: string;
  /** c check, f foreign key, p primary key, u unique, x exclusion, n not null. */
  readonly type: string;
  readonly valid: boolean;
}

export interface ShapeIndex {
  /** Qualified. */
  readonly name: string;
  readonly unique: boolean;
  readonly constraint: boolean;
  readonly plain: boolean;
}

function query(version: number): string {
  const generated = version >= 12 ? "a.attgenerated <> ''" : 'false';
  // The server's own keys to the partitions of a partitioned table are left out.
  const own = version >= 11 ? 'not exists (select 1 from pg_constraint whole where whole.oid = k.conparentid and whole.conrelid = k.conrelid)' : 'true';
  return `select c.oid::regclass::text as name, quote_ident(n.nspname) as schema, c.relkind as kind, ${version >= 10 ? 'c.relispartition' : 'false'} as "isPartition",
    (select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = c.oid order by h.inhseqno limit 1) as parent,
    coalesce((select json_agg(json_build_object('name', quote_ident(a.attname), 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'default', a.atthasdef, 'identity', a.attidentity <> '', 'generated', ${generated}) order by a.attnum)
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
    coalesce((select json_agg(json_build_object('name', quote_ident(k.conname), 'type', k.contype, 'valid', k.convalidated) order by k.conname) from pg_constraint k where k.conrelid = c.oid and (k.contype <> 'f' or ${own})), '[]') as constraints,
    coalesce((select json_agg(json_build_object('name', i.indexrelid::regclass::text, 'unique', i.indisunique, 'plain', i.indpred is null and i.indexprs is null,
        'constraint', exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))) order by i.indexrelid::regclass::text) from pg_index i where i.indrelid = c.oid), '[]') as indexes,
    coalesce((select json_agg(quote_ident(t.tgname) order by t.tgname) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal), '[]') as triggers,
    coalesce((select json_agg(quote_ident(p.polname) order by p.polname) from pg_policy p where p.polrelid = c.oid), '[]') as policies,
    coalesce((select json_agg(quote_ident(r.rulename) order by r.rulename) from pg_rewrite r where r.ev_class = c.oid and r.rulename <> '_RETURN'), '[]') as rules
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname !~ '^pg_' and c.relkind in ('r', 'p', 'v', 'm') order by 1`;
}

async function names(client: pg.Client, sql: string): Promise<string[]> {
  return (await client.query<{ name: string }>(sql)).rows.map((row) => row.name);
}

const OURS = "n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')";

export async function readShape(client: pg.Client): Promise<Shape> {
  const version = Number((await client.query<{ v: string }>("select current_setting('server_version_num') as v")).rows[0]?.v) / 10_000;
  const relations = (await client.query<ShapeTable>(query(version))).rows;
  const of = (kinds: string): ShapeTable[] => relations.filter((relation) => kinds.includes(relation.kind));
  const enums = (
    await client.query<{ name: string; values: string[] }>(
      `select t.oid::regtype::text as name, array_agg(e.enumlabel::text order by e.enumsortorder) as values from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.oid order by 1`,
    )
  ).rows;
  const functions = (
    await client.query<{ name: string; trigger: boolean }>(
      `select p.oid::regprocedure::text as name, p.prorettype = 'trigger'::regtype as trigger from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS} and p.probin is null order by 1`,
    )
  ).rows;
  return {
    version: Math.floor(version),
    tables: of('rp'),
    views: of('v'),
    materializedViews: of('m'),
    sequences: await names(client, `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${OURS} order by 1`),
    enums,
    domains: await names(client, `select t.oid::regtype::text as name from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'd' and ${OURS} order by 1`),
    functions,
    statistics: await names(client, `select quote_ident(n.nspname) || '.' || quote_ident(s.stxname) as name from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace order by 1`),
    publications: await names(client, 'select quote_ident(pubname) as name from pg_publication order by 1'),
  };
}
