import { findDomain, resolveIn, type Catalog, type FunctionFact } from '../catalog.js';
import type { Expression, QualifiedName, TypeName } from '../definition.js';

/**
 * Functions whose result differs from call to call, so that each row needs its own: the server's own (pg_proc, 10 to 18)
 * that make sense in a default, and those of the usual extensions.
 */
const VOLATILE = new Set([
  ...['random', 'random_normal', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'clock_timestamp', 'timeofday', 'nextval', 'setval', 'currval', 'lastval', 'setseed', 'set_config', 'pg_sleep'],
  ...['array_sample', 'array_shuffle', 'txid_status', 'pg_current_wal_lsn', 'pg_nextoid', 'lo_create', 'lo_creat', 'lo_from_bytea', 'pg_notify'],
  ...['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4', 'gen_random_bytes', 'gen_salt', 'pgp_sym_encrypt', 'uuid_generate_v7', 'nanoid', 'gen_ulid', 'generate_ulid', 'ulid_generate', 'cuid'],
]);

/** Functions of the server and of usual extensions that give one value per statement, as they stand in defaults. */
const NOT_VOLATILE = new Set(
  (
    'now transaction_timestamp statement_timestamp current_timestamp current_date current_time localtime localtimestamp current_user session_user user current_role system_user ' +
    'current_catalog current_schema current_schemas current_database current_setting version inet_client_addr inet_server_addr pg_backend_pid txid_current pg_current_xact_id ' +
    'timezone date_trunc date_part date_bin extract age to_timestamp to_date to_char to_number make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours ' +
    'interval timestamp timestamptz date time int2 int4 int8 float4 float8 numeric text varchar bpchar bool money name ' +
    'lower upper initcap trim btrim ltrim rtrim lpad rpad substr substring left right repeat replace translate concat concat_ws format length char_length octet_length reverse split_part strpos position overlay chr ascii quote_ident quote_literal md5 sha224 sha256 sha384 sha512 encode decode convert_to convert_from ' +
    'abs ceil ceiling floor round trunc mod power sqrt exp ln log sign greatest least div gcd lcm pi ' +
    'array_fill array_append array_prepend array_cat array_to_string string_to_array cardinality array_length json_build_object json_build_array jsonb_build_object jsonb_build_array json_object jsonb_object to_json to_jsonb row_to_json array_to_json jsonb_set jsonb_strip_nulls ' +
    'to_tsvector setweight to_tsquery plainto_tsquery int4range int8range numrange tsrange tstzrange daterange point box circle polygon path lseg line host inet_merge network set_masklen ' +
    'coalesce nullif hstore lower_inc upper_inc isempty enum_first enum_last enum_range pg_typeof regexp_replace regexp_match unistr st_makepoint st_setsrid st_point uuid_nil uuid_ns_dns uuid_ns_url uuid_generate_v3 uuid_generate_v5 digest hmac crypt'
  ).split(' '),
);

/** Whether the server puts the body of a function in SQL in the place of the call: one SELECT of an expression, run with the caller's rights and settings. */
function isInlined({ language, definition }: FunctionFact): boolean {
  if (language !== 'sql') return false;
  const body = definition?.body ?? '';
  const head = (definition?.statement ?? '').replace(body, '');
  if (/\bsecurity\s+definer\b|\bset\s+[\w.]+\s*(?:=|\bto\b|\bfrom\b)|\breturns\s+(?:setof|table)\b/i.test(head)) return false;
  return !/\b(?:from|where|group|having|order|limit|union|with|insert|update|delete)\b|;\s*\S|\(\s*select\b/i.test(body);
}

function isVolatileCall(catalog: Catalog, name: QualifiedName, version: number): 'yes' | 'no' | 'unknown' {
  const declared = catalog.functions.get(resolveIn(catalog, name, ['functions']));
  if (declared !== undefined) {
    if (declared.volatility !== 'volatile') return 'no';
    // From 12 on the server inlines simple SQL functions first, and then only what they call counts.
    return version >= 12 && declared.volatileCalls === false && isInlined(declared) ? 'no' : 'yes';
  }
  if (VOLATILE.has(name.name)) return 'yes';
  return NOT_VOLATILE.has(name.name) ? 'no' : 'unknown';
}

/** Whether each row gets its own value. `unknown`: it calls a function that neither the server nor the history declares. */
export function isVolatile(catalog: Catalog, expression: Expression, version = 18): 'yes' | 'no' | 'unknown' {
  const calls = expression.functions.map((name) => isVolatileCall(catalog, name, version));
  if (calls.includes('yes')) return 'yes';
  return calls.includes('unknown') ? 'unknown' : 'no';
}

/** The calls that make it volatile, for messages. */
export function volatileCalls(catalog: Catalog, expression: Expression, version = 18): readonly string[] {
  return [...new Set(expression.functions.filter((name) => isVolatileCall(catalog, name, version) !== 'no').map((name) => (name.schema === null ? name.name : `${name.schema}.${name.name}`)))];
}

/** Whether a function's body calls nothing volatile: its words, quoted text included, hold none of the names. */
export function bodyCallsVolatile(body: string): boolean {
  return [...body.toLowerCase().matchAll(/[a-z_]\w*/g)].some(([word]) => VOLATILE.has(word));
}

/** Whether a type is a domain that checks its values (itself or the domain beneath it). */
export function isConstrainedDomain(catalog: Catalog, type: TypeName): boolean {
  let domain = findDomain(catalog, type);
  for (let depth = 0; domain !== undefined && depth < 20; depth += 1) {
    if (domain.notNull || domain.constraints.size > 0) return true;
    domain = findDomain(catalog, domain.type);
  }
  return false;
}
