import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { CROSS_FIELD } from './cross-field.js';
import { description, findCall, resolve, type Call, type Operation, type Schema } from './description.js';

/**
 * Places where GitHub's description contradicts GitHub: its own examples fail it there. `operation id`, then a pattern
 * over `<pointer> <message>`.
 */
export const KNOWN_DEFECTS: Readonly<Record<string, readonly RegExp[]>> = {
  // An account is a user or an enterprise; the description says that it is both.
  'apps/list-installations': [/^\/\d+\/account must/],
  // The field is younger than the teams that lack it.
  'pulls/get': [/^\/requested_teams\/\d+ must have required property 'type'/],
  'pulls/list': [/^\/\d+\/requested_teams\/\d+ must have required property 'type'/],
  'repos/list-pull-requests-associated-with-commit': [/^\/\d+\/requested_teams\/\d+ must have required property 'type'/],
  // Only the outer object carries the role.
  'repos/get-collaborator-permission-level': [/^\/user must/],
  // A file's sha is absent where the whole diff was too large.
  'repos/get-commit': [/^\/files\/\d+ must have required property/],
};

/** Answers any operation may give, whether its description lists them or not. */
const GENERAL_ERRORS = new Set([401, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504]);

type Answer = { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> } | undefined;

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
ajvFormats.default(ajv);
const compiled = new Map<string, ValidateFunction>();

/**
 * What GitHub would object to in a request; empty when nothing. `path` includes the query and may start with `/api/v3`.
 * Unlike the description, unknown fields and parameters count as violations, and so do the rules between fields.
 */
export function judgeRequest(method: string, path: string, body?: unknown): string[] {
  const call = findCall(method, path);
  if (call === null) return [`${method.toUpperCase()} ${path}: no such operation`];
  const where = `${method.toUpperCase()} ${call.template}`;
  return [...judgeParameters(call), ...judgeBody(call.operation, body)].map((violation) => `${where}: ${violation}`);
}

/** What is wrong with a canned reply, as above. `body` is the parsed JSON; undefined or a string where there is none. */
export function judgeReply(method: string, path: string, status: number, body?: unknown): string[] {
  const call = findCall(method, path);
  if (call === null) return [`${method.toUpperCase()} ${path}: no such operation`];
  const where = `${method.toUpperCase()} ${call.template} → ${status}`;
  return judgeAnswer(call.operation, status, body).map((violation) => `${where}: ${violation}`);
}

function judgeParameters(call: Call): readonly string[] {
  const known = new Map(call.parameters.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]));
  const violations: string[] = [];
  for (const [name, value] of call.query) {
    const parameter = known.get(`query ${name}`);
    if (parameter === undefined) violations.push(`unknown query parameter ${name}`);
    else violations.push(...judgeText(parameter.schema ?? {}, value).map((message) => `query parameter ${name} ${message}`));
    if (name === 'per_page' && Number(value) > 100) violations.push('query parameter per_page is over 100');
  }
  for (const [name, value] of Object.entries(call.values)) {
    violations.push(...judgeText(known.get(`path ${name}`)?.schema ?? {}, value).map((message) => `path parameter ${name} ${message}`));
  }
  for (const parameter of call.parameters) {
    if (parameter.in === 'query' && parameter.required === true && !call.query.has(parameter.name)) violations.push(`query parameter ${parameter.name} is missing`);
  }
  return violations;
}

function judgeText(schema: Schema, text: string): readonly string[] {
  const plain = resolve<Schema>(schema);
  if (plain.type === 'integer' && !/^\d+$/.test(text)) return ['must be an integer'];
  if (plain.type === 'boolean' && !/^(true|false)$/.test(text)) return ['must be true or false'];
  if (Array.isArray(plain.enum) && !plain.enum.includes(text)) return [`must be one of ${plain.enum.join(', ')}`];
  return [];
}

function judgeBody(operation: Operation, body: unknown): readonly string[] {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const empty = body === undefined || body === null || body === '';
  if (schema === undefined) return empty || (typeof body === 'object' && Object.keys(body).length === 0) ? [] : ['takes no body'];
  if (empty) return operation.requestBody?.required === true ? ['body is missing'] : [];
  const validate = compile(`${operation.operationId} request`, schema, true);
  const violations = validate(body) ? [] : messages(operation, validate.errors ?? []);
  return typeof body === 'object' ? [...violations, ...(CROSS_FIELD[operation.operationId]?.(body as Record<string, unknown>) ?? [])] : violations;
}

function judgeAnswer(operation: Operation, status: number, body: unknown): readonly string[] {
  const response = resolve<Answer>(operation.responses[String(status)] as Answer & object);
  if (response === undefined) {
    if (status === 304) return body === undefined || body === '' ? [] : ['has a body'];
    if (!GENERAL_ERRORS.has(status)) return ['is not among the documented statuses'];
    if (status < 500 && !(typeof body === 'object' && body !== null && typeof (body as { message?: unknown }).message === 'string')) return ['an error needs a message'];
    return [];
  }
  const schema = response.content?.['application/json']?.schema;
  if (schema === undefined) return typeof body === 'object' && body !== null && status < 300 ? ['has a JSON body although none is documented'] : [];
  if (typeof body === 'string' && response.content !== undefined && isRaw(operation)) return [];
  const validate = compile(`${operation.operationId} ${status}`, schema, false);
  return validate(body) ? [] : messages(operation, validate.errors ?? []);
}

/** Operations that give the bare content under a raw media type. */
function isRaw(operation: Operation): boolean {
  return operation.operationId === 'repos/get-content' || operation.operationId === 'git/get-blob';
}

function messages(operation: Operation, errors: readonly ErrorObject[]): readonly string[] {
  const defects = KNOWN_DEFECTS[operation.operationId] ?? [];
  return errors
    .map((error) => `${error.instancePath} ${error.message ?? error.keyword}${error.keyword === 'additionalProperties' ? `: ${String(error.params['additionalProperty'])}` : ''}`)
    .filter((message) => !defects.some((defect) => defect.test(message)));
}

function compile(key: string, schema: Schema, closed: boolean): ValidateFunction {
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const definitions: Record<string, unknown> = {};
  const root = rewrite(schema, closed, definitions) as Schema;
  const validate = ajv.compile({ ...root, $defs: definitions });
  compiled.set(key, validate);
  return validate;
}

/** A copy whose references lead into `definitions`; when closed, objects refuse fields that are not listed. */
function rewrite(value: unknown, closed: boolean, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, closed, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    if (!(name in definitions)) {
      definitions[name] = true;
      definitions[name] = rewrite(description().components['schemas']?.[name], closed, definitions);
    }
    return { $ref: `#/$defs/${name}` };
  }
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(schema)) copy[key] = rewrite(item, closed, definitions);
  return closeIf(copy, closed);
}

function closeIf(schema: Record<string, unknown>, closed: boolean): Record<string, unknown> {
  const { nullable, ...plain } = schema;
  if (closed && plain['type'] === 'object' && typeof plain['properties'] === 'object' && !('additionalProperties' in plain)) plain['additionalProperties'] = false;
  // The description's nullable enums do not list null, and its nullable references have no type: both mean "or null".
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}
