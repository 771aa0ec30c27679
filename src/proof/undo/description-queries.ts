/** Schemas that belong to the server. */
const OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg_temp_%' AND n.nspname NOT LIKE 'pg_toast_temp_%'";

function notOfExtension(catalog: string, oid: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend ext WHERE ext.classid = '${catalog}'::regclass AND ext.objid = ${oid} AND ext.deptype = 'e')`;
}

const RELATION = "CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'S' THEN 'sequence ' WHEN 'c' THEN 'type ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || n.nspname || '.' || c.relname";

function options(column: string): string {
  return `CASE WHEN ${column} IS NULL THEN '' ELSE ' WITH (' || (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(${column}) o) || ')' END`;
}

/** Who may do what, without the grantor, in a stable order. */
function privileges(acl: string): string {
  return `(SELECT string_agg(g, '; ' ORDER BY g) FROM (SELECT CASE WHEN a.grantee = 0 THEN 'public' ELSE pg_get_userbyid(a.grantee)::text END || ': ' || string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN ' (grantable)' ELSE '' END, ', ' ORDER BY a.privilege_type) AS g FROM aclexplode(${acl}) a GROUP BY a.grantee) granted)`;
}

function grants(object: string, owner: string, acl: string, kind: string, role: string, from: string): string {
  return `SELECT 'grants on ' || ${object} AS object, ${owner} AS owner, coalesce(${privileges(acl)}, 'none') AS definition FROM ${from} AND ${acl} IS NOT NULL AND ${privileges(acl)} IS DISTINCT FROM ${privileges(`acldefault('${kind}', ${role})`)}`;
}

function tables(major: number): string {
  const method = major >= 12 ? "coalesce(' USING ' || (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap'), '')" : "''";
  return `SELECT ${RELATION} AS object, CASE WHEN c.relispartition THEN (SELECT 'table ' || pn.nspname || '.' || pc.relname FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace WHERE i.inhrelid = c.oid LIMIT 1) END AS owner,
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END || CASE c.relkind WHEN 'p' THEN 'TABLE PARTITION BY ' || pg_get_partkeydef(c.oid) WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END
    || coalesce((SELECT string_agg(CASE WHEN c.relispartition THEN ' PARTITION OF ' ELSE ' INHERITS ' END || i.inhparent::regclass::text, '' ORDER BY i.inhparent::regclass::text) FROM pg_inherits i WHERE i.inhrelid = c.oid), '')
    || coalesce(' ' || pg_get_expr(c.relpartbound, c.oid), '')
    || coalesce(' OF ' || nullif(c.reloftype, 0)::regtype::text, '')
    || ${options('c.reloptions')} || ${method}
    || coalesce(' TABLESPACE ' || (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace), '')
    || CASE WHEN c.relrowsecurity THEN ' ROW LEVEL SECURITY' ELSE '' END || CASE WHEN c.relforcerowsecurity THEN ' FORCED' ELSE '' END
    || CASE c.relreplident WHEN 'f' THEN ' REPLICA IDENTITY FULL' WHEN 'n' THEN ' REPLICA IDENTITY NOTHING' ELSE '' END
    || coalesce((SELECT ' SERVER ' || s.srvname || coalesce(' OPTIONS ' || f.ftoptions::text, '') FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid), '')
    || ' OWNER ' || pg_get_userbyid(c.relowner)::text AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

/** A sequence that the server named itself, for a serial or identity column, is a part of its column. */
const GENERATED_SEQUENCE = "(d.deptype = 'i' OR s.relname ~ '_seq[0-9]*$')";

const SEQUENCE_FACTS = "format_type(q.seqtypid, NULL) || ' START ' || q.seqstart || ' INCREMENT ' || q.seqincrement || ' MINVALUE ' || q.seqmin || ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache || CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END";

/** A partition's columns are its table's. */
function columns(major: number): string {
  const generated = major >= 12 ? 'a.attgenerated' : "''";
  const compression = major >= 14 ? "CASE a.attcompression WHEN 'p' THEN ' COMPRESSION pglz' WHEN 'l' THEN ' COMPRESSION lz4' ELSE '' END" : "''";
  const unchecked = major >= 18 ? "CASE WHEN (a.attrelid, a.attnum) IN (SELECT k.conrelid, k.conkey[1] FROM pg_constraint k WHERE k.contype = 'n' AND NOT k.convalidated) THEN ' NOT VALID' ELSE '' END" : "''";
  return `SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname AS object, ${RELATION} AS owner,
    format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN ' COLLATE ' || (SELECT quote_ident(l.collname) FROM pg_collation l WHERE l.oid = a.attcollation) ELSE '' END
    || CASE WHEN a.attnotnull THEN ' NOT NULL' || ${unchecked} ELSE '' END
    || CASE WHEN d.adbin IS NULL THEN ''
       WHEN ${generated} = 's' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
       WHEN ${generated} = 'v' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL'
       WHEN own.name IS NOT NULL AND pg_get_expr(d.adbin, d.adrelid) = 'nextval(' || quote_literal(own.name) || '::regclass)' THEN ' DEFAULT nextval(its own sequence)'
       ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
    || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY' WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END
    || coalesce(' (' || own.facts || ')', '')
    || CASE WHEN a.attstorage <> t.typstorage THEN ' STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END ELSE '' END
    || ${compression} || CASE WHEN a.attstattarget >= 0 THEN ' STATISTICS ' || a.attstattarget ELSE '' END || ${options('a.attoptions')} AS definition
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN LATERAL (SELECT s.oid::regclass::text AS name, ${SEQUENCE_FACTS} AS facts FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = s.oid
      WHERE (a.atthasdef OR a.attidentity <> '') AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i') AND ${GENERATED_SEQUENCE} LIMIT 1) own ON true
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'c') AND NOT (c.relispartition AND a.attinhcount > 0) AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

/** Marks of an index that are not in its text. */
const MARKS = "CASE WHEN x.indisclustered THEN ' CLUSTERED' ELSE '' END || CASE WHEN x.indisreplident THEN ' REPLICA IDENTITY' ELSE '' END || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END";

function constraints(major: number): string {
  const part = major >= 11 ? 'k.conparentid = 0' : 'true';
  return `SELECT 'constraint ' || n.nspname || '.' || c.relname || '.' || k.conname AS object, ${RELATION} AS owner, pg_get_constraintdef(k.oid) || CASE WHEN x.indexrelid IS NULL THEN '' ELSE ${MARKS} END AS definition
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND k.conislocal AND ${part} AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

function indexes(): string {
  return `SELECT 'index ' || n.nspname || '.' || i.relname AS object, CASE c.relkind WHEN 'm' THEN 'materialized view ' ELSE 'table ' END || cn.nspname || '.' || c.relname AS owner,
    replace(pg_get_indexdef(x.indexrelid), 'INDEX ' || quote_ident(i.relname) || ' ON', 'INDEX ON') || ${MARKS}
    || coalesce(' TABLESPACE ' || (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = i.reltablespace), '') AS definition
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
    WHERE ${OURS} AND ${notOfExtension('pg_class', 'c.oid')} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u', 'x'))
    AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = x.indexrelid)`;
}

function views(): string {
  return `SELECT ${RELATION} AS object, NULL AS owner, pg_get_viewdef(c.oid) || ${options('c.reloptions')} || CASE WHEN c.relkind = 'm' AND NOT c.relispopulated THEN ' WITH NO DATA' ELSE '' END || ' OWNER ' || pg_get_userbyid(c.relowner)::text AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`;
}

function sequences(): string {
  return `SELECT 'sequence ' || n.nspname || '.' || s.relname AS object,
    (SELECT 'column ' || cn.nspname || '.' || c.relname || '.' || a.attname FROM pg_class c JOIN pg_namespace cn ON cn.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid WHERE c.oid = d.refobjid) AS owner,
    ${SEQUENCE_FACTS} || CASE s.relpersistence WHEN 'u' THEN ' UNLOGGED' ELSE '' END || ' OWNER ' || pg_get_userbyid(s.relowner)::text AS definition
    FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid JOIN pg_namespace n ON n.oid = s.relnamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    WHERE ${OURS} AND ${notOfExtension('pg_class', 's.oid')} AND (d.objid IS NULL OR NOT ${GENERATED_SEQUENCE})`;
}

function routines(major: number): string {
  const aggregate = major >= 11 ? "p.prokind = 'a'" : 'p.proisagg';
  const procedure = major >= 11 ? "WHEN p.prokind = 'p' THEN 'procedure '" : '';
  return `SELECT CASE WHEN ${aggregate} THEN 'aggregate ' ${procedure} ELSE 'function ' END || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS object, NULL AS owner,
    CASE WHEN ${aggregate} THEN (SELECT 'SFUNC ' || g.aggtransfn::text || ' STYPE ' || format_type(g.aggtranstype, NULL) || ' FINALFUNC ' || g.aggfinalfn::text || coalesce(' INITCOND ' || g.agginitval, '') FROM pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END
    || ' OWNER ' || pg_get_userbyid(p.proowner)::text AS definition
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} AND ${notOfExtension('pg_proc', 'p.oid')}
    AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`;
}

function triggers(major: number): string {
  const part = major >= 13 ? 'g.tgparentid = 0' : 'true';
  return `SELECT 'trigger ' || n.nspname || '.' || c.relname || '.' || g.tgname AS object, ${RELATION} AS owner,
    pg_get_triggerdef(g.oid) || CASE g.tgenabled WHEN 'D' THEN ' DISABLED' WHEN 'R' THEN ' ENABLED REPLICA' WHEN 'A' THEN ' ENABLED ALWAYS' ELSE '' END AS definition
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal AND ${part} AND ${OURS}`;
}

function onTables(): readonly string[] {
  return [
    `SELECT 'rule ' || n.nspname || '.' || c.relname || '.' || r.rulename AS object, ${RELATION} AS owner, pg_get_ruledef(r.oid) || CASE r.ev_enabled WHEN 'D' THEN ' DISABLED' ELSE '' END AS definition
      FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN' AND ${OURS}`,
    `SELECT 'policy ' || n.nspname || '.' || c.relname || '.' || p.polname AS object, ${RELATION} AS owner,
      CASE WHEN p.polpermissive THEN '' ELSE 'RESTRICTIVE ' END || 'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END
      || ' TO ' || (SELECT string_agg(CASE WHEN o = 0 THEN 'public' ELSE pg_get_userbyid(o)::text END, ', ' ORDER BY 1) FROM unnest(p.polroles) o)
      || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OURS}`,
    `SELECT 'statistics ' || n.nspname || '.' || s.stxname AS object, (SELECT 'table ' || cn.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace cn ON cn.oid = c.relnamespace WHERE c.oid = s.stxrelid) AS owner, pg_get_statisticsobjdef(s.oid) AS definition
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE ${OURS}`,
  ];
}

function types(): readonly string[] {
  const from = `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace`;
  const where = `${OURS} AND ${notOfExtension('pg_type', 't.oid')}`;
  return [
    `SELECT 'enum ' || n.nspname || '.' || t.typname AS object, NULL AS owner, (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) || ' OWNER ' || pg_get_userbyid(t.typowner)::text AS definition ${from} WHERE t.typtype = 'e' AND ${where}`,
    `SELECT 'domain ' || n.nspname || '.' || t.typname AS object, NULL AS owner,
      format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || t.typdefault, '')
      || coalesce((SELECT string_agg(' ' || pg_get_constraintdef(k.oid), '' ORDER BY pg_get_constraintdef(k.oid)) FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '') || ' OWNER ' || pg_get_userbyid(t.typowner)::text AS definition ${from} WHERE t.typtype = 'd' AND ${where}`,
    `SELECT 'range ' || n.nspname || '.' || t.typname AS object, NULL AS owner, 'SUBTYPE ' || format_type(r.rngsubtype, NULL) || coalesce(' SUBTYPE_DIFF ' || nullif(r.rngsubdiff::oid, 0)::regproc::text, '') || coalesce(' CANONICAL ' || nullif(r.rngcanonical::oid, 0)::regproc::text, '') AS definition ${from} JOIN pg_range r ON r.rngtypid = t.oid WHERE ${where}`,
    `SELECT 'type ' || n.nspname || '.' || t.typname AS object, NULL AS owner, 'BASE TYPE INPUT ' || t.typinput::text || ' OUTPUT ' || t.typoutput::text AS definition ${from} WHERE t.typtype = 'b' AND t.typelem = 0 AND ${where}`,
    `SELECT 'type ' || n.nspname || '.' || c.relname AS object, NULL AS owner, 'COMPOSITE TYPE OWNER ' || pg_get_userbyid(c.relowner)::text AS definition FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'c' AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`,
  ];
}

function rest(major: number): readonly string[] {
  const truncates = major >= 11 ? "|| CASE WHEN p.pubtruncate THEN ', truncate' ELSE '' END" : '';
  return [
    `SELECT 'schema ' || n.nspname AS object, NULL AS owner, 'OWNER ' || pg_get_userbyid(n.nspowner)::text AS definition FROM pg_namespace n WHERE ${OURS} AND ${notOfExtension('pg_namespace', 'n.oid')}`,
    `SELECT 'extension ' || e.extname AS object, NULL AS owner, 'IN SCHEMA ' || n.nspname AS definition FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
    `SELECT 'publication ' || p.pubname AS object, NULL AS owner, CASE WHEN p.puballtables THEN 'FOR ALL TABLES ' ELSE '' END || CASE WHEN p.pubinsert THEN 'insert' ELSE '' END || CASE WHEN p.pubupdate THEN ', update' ELSE '' END || CASE WHEN p.pubdelete THEN ', delete' ELSE '' END ${truncates}
      || coalesce((SELECT ' FOR TABLE ' || string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid), '') AS definition FROM pg_publication p`,
    `SELECT 'event trigger ' || e.evtname AS object, NULL AS owner, 'ON ' || e.evtevent || ' EXECUTE ' || e.evtfoid::regproc::text || coalesce(' TAGS ' || e.evttags::text, '') || CASE e.evtenabled WHEN 'D' THEN ' DISABLED' ELSE '' END AS definition FROM pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
    `SELECT 'default privileges of ' || pg_get_userbyid(d.defaclrole)::text || coalesce(' in schema ' || n.nspname, '') || ' on ' || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE d.defaclobjtype::text END AS object, NULL AS owner, coalesce(${privileges('d.defaclacl')}, 'none') AS definition FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace`,
    `SELECT 'settings of ' || CASE WHEN s.setrole = 0 THEN 'the database' ELSE pg_get_userbyid(s.setrole)::text END AS object, NULL AS owner, array_to_string(s.setconfig, ', ') AS definition FROM pg_db_role_setting s WHERE s.setdatabase = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())`,
    ...['pg_operator', 'pg_cast', 'pg_opclass', 'pg_collation', 'pg_ts_config', 'pg_ts_dict', 'pg_foreign_server', 'pg_foreign_data_wrapper'].map(
      (catalog) => `SELECT i.type || ' ' || i.identity AS object, NULL AS owner, 'defined' AS definition FROM ${catalog} x, pg_identify_object('${catalog}'::regclass, x.oid, 0) i WHERE x.oid >= 16384 AND ${notOfExtension(catalog, 'x.oid')}`,
    ),
    `SELECT 'comment on ' || o.name AS object, o.name AS owner, o.description AS definition FROM (SELECT d.description, CASE WHEN d.objsubid = 0
       THEN (SELECT ${RELATION} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = d.objoid AND c.relkind NOT IN ('i', 'I') AND ${OURS})
       ELSE (SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attrelid = d.objoid AND a.attnum = d.objsubid AND ${OURS}) END AS name
      FROM pg_description d WHERE d.classoid = 'pg_class'::regclass AND d.objoid >= 16384 AND ${notOfExtension('pg_class', 'd.objoid')}) o WHERE o.name IS NOT NULL`,
    `SELECT 'comment on ' || i.type || ' ' || i.identity AS object,
      CASE d.classoid WHEN 'pg_constraint'::regclass THEN (SELECT ${RELATION} FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.oid = d.objoid)
       WHEN 'pg_trigger'::regclass THEN (SELECT ${RELATION} FROM pg_trigger k JOIN pg_class c ON c.oid = k.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.oid = d.objoid) END AS owner,
      d.description AS definition FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
      WHERE ((d.objoid >= 16384 AND (d.classoid <> 'pg_class'::regclass OR d.objoid IN (SELECT c.oid FROM pg_class c WHERE c.relkind IN ('i', 'I')))) OR (d.classoid = 'pg_namespace'::regclass AND d.objoid IN (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'public')))
      AND i.identity IS NOT NULL AND i.type <> 'extension' AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
  ];
}

function allGrants(): readonly string[] {
  const relations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
  return [
    grants(RELATION, RELATION, 'c.relacl', 'r', 'c.relowner', `${relations} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')}`),
    grants(RELATION, RELATION, 'c.relacl', 's', 'c.relowner', `${relations} WHERE c.relkind = 'S' AND ${OURS} AND ${notOfExtension('pg_class', 'c.oid')} AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.objid = c.oid AND i.deptype = 'i')`),
    `SELECT 'grants on column ' || n.nspname || '.' || c.relname || '.' || a.attname AS object, 'column ' || n.nspname || '.' || c.relname || '.' || a.attname AS owner, coalesce(${privileges('a.attacl')}, 'none') AS definition FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attacl IS NOT NULL AND ${privileges('a.attacl')} IS NOT NULL AND NOT a.attisdropped AND ${OURS}`,
    grants("'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'", "'function ' || n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'", 'p.proacl', 'f', 'p.proowner', `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS} AND ${notOfExtension('pg_proc', 'p.oid')}`),
    grants("'type ' || n.nspname || '.' || t.typname", "'type ' || n.nspname || '.' || t.typname", 't.typacl', 'T', 't.typowner', `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${OURS} AND ${notOfExtension('pg_type', 't.oid')}`),
    grants("'schema ' || n.nspname", "'schema ' || n.nspname", 'n.nspacl', 'n', 'n.nspowner', `pg_namespace n WHERE ${OURS}`),
  ];
}

/** What is asked of a server of this version: each gives `object`, `owner` and `definition`. */
export function descriptionQueries(major: number): readonly string[] {
  return [tables(major), columns(major), constraints(major), indexes(), views(), sequences(), routines(major), triggers(major), ...onTables(), ...types(), ...rest(major), ...allGrants()];
}
