import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import { description } from '../support/openapi/description.js';

interface Described {
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: { readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: object }>> } } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/**
 * Places where real payloads (those of @octokit/webhooks-examples) do not keep to the description, as patterns over
 * `<pointer> <message>`.
 */
const DEFECTS: readonly RegExp[] = [
  // Head and base repositories of a pull request are described as having every setting; real payloads leave some out.
  /^\/pull_request\/(head|base)\/repo /,
  // A suite inside a run is described with fields that no example has.
  /^\/check_run\/(check_suite|deployment)/,
  // The list of an App's events is older than merge queues.
  /\/app\/events\/\d+ must be equal to one of the allowed values$/,
];

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
ajvFormats.default(ajv);
const compiled = new Map<string, ValidateFunction>();

/** What in a webhook's payload does not keep to GitHub's description of it; empty when nothing. */
export function judgePayload(event: string, action: string | null, payload: unknown): string[] {
  const name = `${event}${action === null ? '' : `-${action}`}`.replaceAll('_', '-');
  const described = description() as unknown as Described;
  const schema = described['x-webhooks'][name]?.post.requestBody.content['application/json']?.schema;
  if (schema === undefined) return [`${name}: no such webhook`];
  let validate = compiled.get(name);
  if (validate === undefined) {
    const definitions: Record<string, unknown> = {};
    validate = ajv.compile({ ...(rewrite(schema, definitions, described) as object), $defs: definitions });
    compiled.set(name, validate);
  }
  if (validate(payload)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`).filter((message) => !DEFECTS.some((defect) => defect.test(message)));
}

function rewrite(value: unknown, definitions: Record<string, unknown>, described: Described): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, definitions, described));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') {
    const name = value.$ref.split('/').at(-1) ?? '';
    if (!(name in definitions)) {
      definitions[name] = true;
      definitions[name] = rewrite(described.components.schemas[name], definitions, described);
    }
    return { $ref: `#/$defs/${name}` };
  }
  const { nullable, ...plain } = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, definitions, described)])) as Record<string, unknown>;
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}
