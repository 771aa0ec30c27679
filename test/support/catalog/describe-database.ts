import type pg from 'pg';
import type { Shape } from './describe-catalog.js';

type Row = Readonly<Record<string, string | null>>;

/** Objects of extensions and of the system are left out. */
const OWN = (id: string, namespace: string): string => `${namespace}.nspname !~ '^pg_' and ${namespace}.nspname <> 'information_schema' and not exists (select from pg_depend e where e.objid = ${id} and (e.deptype = 'e' or (e.deptype = 'i' and e.classid = 'pg_proc'::regclass)))`;

/** A type as the catalog writes it: its name, its length or precision, [] for an array. */
function typeSql(type: string, modifier: string): string {
  return `(select case when tyn.nspname in ('pg_catalog', 'public') then '' else tyn.nspname || '.' end || b.typname ||
      case when ${modifier} < 0 then ''
        when b.typname in ('varchar', 'bpchar') then format('(%s)', ${modifier} - 4)
        when b.typname = 'numeric' then format('(%s,%s)', ((${modifier} - 4) >> 16) & 65535, (${modifier} - 4) & 2047)
        when b.typname = 'interval' then case when (${modifier} & 65535) = 65535 then '' else format('(%s)', ${modifier} & 65535) end
        else format('(%s)', ${modifier}) end ||
      case when ty.typelem <> 0 and ty.typlen = -1 and ty.typcategory = 'A' then '[]' else '' end
    from pg_type ty join pg_type b on b.oid = case when ty.typelem <> 0 and ty.typlen = -1 and ty.typcategory = 'A' then ty.typelem else ty.oid end join pg_namespace tyn on tyn.oid = b.typnamespace
    where ty.oid = ${type})`;
}

function columnsSql(relation: string, numbers: string): string {
  return `(select coalesce(string_agg(coalesce(a.attname, '*'), ',' order by k.at), '') from unnest(${numbers}) with ordinality k(num, at) left join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.num and k.num > 0)`;
}

const ACTION = (letter: string): string => `case ${letter} when 'a' then 'no-action' when 'r' then 'restrict' when 'c' then 'cascade' when 'n' then 'set-null' else 'set-default' end`;

const QUERIES: readonly string[] = [
  `select 'schema ' || n.nspname as key, '' as text from pg_namespace n where ${OWN('n.oid', 'n')}`,
  `select format('table %s.%s', n.nspname, c.relname) as key, concat_ws(' ', case c.relpersistence when 'u' then 'unlogged' when 't' then 'temporary' else 'permanent' end,
      (select format('by %s (%s)', case p.partstrat when 'r' then 'range' when 'l' then 'list' else 'hash' end, ${columnsSql('c.oid', 'p.partattrs::int2[]')}) from pg_partitioned_table p where p.partrelid = c.oid),
      case when c.relispartition then (select format('of %s.%s', pn.nspname, pc.relname) || case when pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' then ' default' else '' end from pg_inherits i join pg_class pc on pc.oid = i.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where i.inhrelid = c.oid)
        else (select 'inherits ' || string_agg(format('%s.%s', pn.nspname, pc.relname), ',' order by format('%s.%s', pn.nspname, pc.relname)) from pg_inherits i join pg_class pc on pc.oid = i.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where i.inhrelid = c.oid) end,
      case when c.relforcerowsecurity then 'security forced' when c.relrowsecurity then 'security on' end) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'f') and ${OWN('c.oid', 'n')}`,
  `select format('column %s.%s.%s', n.nspname, c.relname, a.attname) as key, concat_ws(' ', format('#%s %s', row_number() over (partition by c.oid order by a.attnum), ${typeSql('a.atttypid', 'a.atttypmod')}),
      case when a.attnotnull then 'not null' end, case when a.atthasdef and a.attgenerated = '' then 'default' end,
      case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by-default' end, case a.attgenerated when 's' then 'generated stored' when 'v' then 'generated virtual' end,
      (select 'collate ' || l.collname from pg_collation l, pg_type t where l.oid = a.attcollation and t.oid = a.atttypid and a.attcollation <> t.typcollation),
      case when not a.attislocal then 'inherited' end) as text
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped and ${OWN('c.oid', 'n')}`,
  `select format('constraint %s.%s %s', n.nspname, c.relname, o.conname) as key, concat_ws(' ',
      case o.contype when 'c' then 'check' when 'f' then 'foreign-key' when 'u' then 'unique' when 'p' then 'primary-key' else 'exclude' end ||
        case when o.contype = 'c' then (select format(' (%s)', coalesce(string_agg(a.attname, ',' order by a.attname collate "C"), '')) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (o.conkey))
          else format(' (%s)', (select coalesce(string_agg(a.attname, ',' order by k.at), '') from unnest(o.conkey) with ordinality k(num, at) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num)) end,
      case when o.contype = 'f' then format('-> %s (%s) %s %s %s', (select format('%s.%s', fn.nspname, fc.relname) from pg_class fc join pg_namespace fn on fn.oid = fc.relnamespace where fc.oid = o.confrelid), ${columnsSql('o.confrelid', 'o.confkey')}, ${ACTION('o.confdeltype')}, ${ACTION('o.confupdtype')}, case o.confmatchtype when 'f' then 'full' else 'simple' end) end,
      case when o.condeferrable then 'deferrable' end, case when o.condeferred and o.contype = 'f' then 'deferred' end, case when not o.convalidated then 'not valid' end, case when not o.conislocal then 'inherited' end) as text
    from pg_constraint o join pg_class c on c.oid = o.conrelid join pg_namespace n on n.oid = c.relnamespace
    where o.contype in ('c', 'f', 'u', 'p', 'x') and ${OWN('c.oid', 'n')} and not exists (select from pg_constraint p where p.oid = o.conparentid and p.conrelid = o.conrelid)`,
  `select format('trigger %s.%s %s', n.nspname, c.relname, g.tgname) as key, (select format('%s.%s', fn.nspname, f.proname) from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = g.tgfoid) as text
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace where not g.tgisinternal and ${OWN('c.oid', 'n')}`,
  `select format('policy %s.%s %s', n.nspname, c.relname, p.polname) as key, '' as text from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${OWN('c.oid', 'n')}`,
  `select format('index %s.%s', n.nspname, c.relname) as key, concat_ws(' ', format('on %s.%s %s (%s)', tn.nspname, t.relname, m.amname, ${columnsSql('t.oid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')}),
      case when i.indnatts > i.indnkeyatts then format('include (%s)', ${columnsSql('t.oid', '(i.indkey::int2[])[i.indnkeyatts:i.indnatts]')}) end,
      case when i.indisunique then 'unique' end, case when i.indnullsnotdistinct then 'nulls not distinct' end, case when i.indpred is not null then 'partial' end, case when not i.indisvalid then 'invalid' end,
      (select 'constraint ' || o.conname from pg_constraint o where o.conindid = c.oid and o.conrelid = t.oid and o.contype in ('p', 'u', 'x')),
      (select format('part of %s.%s', pn.nspname, pc.relname) from pg_inherits h join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace where h.inhrelid = c.oid)) as text
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace join pg_class t on t.oid = i.indrelid join pg_namespace tn on tn.oid = t.relnamespace join pg_am m on m.oid = c.relam where ${OWN('t.oid', 'tn')}`,
  `select format('view %s.%s', n.nspname, c.relname) as key, concat_ws(' ', case when c.relkind = 'm' then 'materialized' end, 'reads ' ||
      coalesce((select string_agg(name, ',' order by name collate "C") from (select distinct format('%s.%s', rn.nspname, r.relname) as name from pg_rewrite w join pg_depend d on d.objid = w.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass join pg_class r on r.oid = d.refobjid join pg_namespace rn on rn.oid = r.relnamespace where w.ev_class = c.oid and r.oid <> c.oid and r.relkind <> 'S') x), '')) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OWN('c.oid', 'n')}`,
  `select format('uses %s.%s', n.nspname, c.relname) as key, coalesce((select string_agg(name, ',' order by name collate "C") from (select distinct format('%s.%s.%s', rn.nspname, r.relname, a.attname) as name from pg_rewrite w join pg_depend d on d.objid = w.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 join pg_class r on r.oid = d.refobjid join pg_namespace rn on rn.oid = r.relnamespace join pg_attribute a on a.attrelid = r.oid and a.attnum = d.refobjsubid where w.ev_class = c.oid and r.oid <> c.oid) x), '') as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OWN('c.oid', 'n')}`,
  `select format('outputs %s.%s', n.nspname, c.relname) as key, (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OWN('c.oid', 'n')}`,
  `select format('output %s.%s.%s', n.nspname, c.relname, a.attname) as key, ${typeSql('a.atttypid', 'a.atttypmod')} as text
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and a.attnum > 0 and not a.attisdropped and ${OWN('c.oid', 'n')}`,
  `select format('sequence %s.%s', n.nspname, c.relname) as key, coalesce((select format('of %s.%s.%s', tn.nspname, t.relname, a.attname) from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')), 'free') as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and ${OWN('c.oid', 'n')}`,
  `select format('enum %s.%s', n.nspname, t.typname) as key, (select string_agg(e.enumlabel, ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as text from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e' and ${OWN('t.oid', 'n')}`,
  `select format('domain %s.%s', n.nspname, t.typname) as key, concat_ws(' ', ${typeSql('t.typbasetype', 't.typtypmod')}, case when t.typnotnull then 'not null' end, case when t.typdefault is not null then 'default' end,
      (select string_agg(o.conname || case when o.convalidated then '' else ' not valid' end, ',' order by o.conname collate "C") from pg_constraint o where o.contypid = t.oid and o.contype = 'c')) as text
    from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'd' and ${OWN('t.oid', 'n')}`,
  `select format('composite %s.%s', n.nspname, c.relname) as key, (select string_agg(a.attname || ' ' || ${typeSql('a.atttypid', 'a.atttypmod')}, ', ' order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as text
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'c' and ${OWN('c.oid', 'n')}`,
  `select format('function %s.%s', n.nspname, p.proname) as key, string_agg(p.types, ' | ' order by p.types collate "C") as text
    from (select p.oid, p.proname, p.pronamespace, coalesce((select string_agg(${typeSql('k.type', '-1')}, ',' order by k.at) from unnest(p.proargtypes::oid[]) with ordinality k(type, at)), '') as types from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OWN('p.oid', 'n')}) p
    join pg_namespace n on n.oid = p.pronamespace group by n.nspname, p.proname`,
];

/** Everything in a database that the catalog speaks of, in its words. Needs Postgres 15 or newer. */
export async function describeDatabase(client: pg.Client): Promise<Shape> {
  const shape = new Map<string, string>();
  // The queries look costlier than they are; compiling them would cost seconds.
  await client.query('set jit = off');
  for (const query of QUERIES) {
    const { rows } = await client.query<Row>(query);
    for (const row of rows) shape.set(row['key'] ?? '', row['text'] ?? '');
  }
  return shape;
}
