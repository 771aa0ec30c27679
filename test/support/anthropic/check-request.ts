import { z } from 'zod';

/** What the Messages protocol accepts of the current models, and no more: the stand-in refuses what the service would refuse. */

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() });
const textBlock = z.strictObject({ type: z.literal('text'), text: z.string().min(1), cache_control: cacheControl.optional() });
const messages = z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.union([z.string().min(1), z.array(textBlock).min(1)]) })).min(1);
const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).optional(),
});

const counted = { model: z.string().min(1), messages, system: z.union([z.string(), z.array(textBlock)]).optional(), output_config: outputConfig.optional() };
const countSchema = z.strictObject(counted);
const createSchema = z.strictObject({ ...counted, max_tokens: z.number().int().min(1).max(64_000), stream: z.boolean().optional() });

export type CreateBody = z.infer<typeof createSchema>;
export type CountBody = z.infer<typeof countSchema>;

/** Keywords of JSON Schema that structured output takes. */
const KEYWORDS = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', 'allOf', '$ref', '$defs', 'description', 'title', 'format', 'minItems', 'default']);
const MOST_NON_STREAMING = 21_333;
const MOST_CACHE_MARKS = 4;

/** The body, or the words of the refusal. */
export function checkCreate(body: unknown): CreateBody | string {
  const parsed = createSchema.safeParse(body);
  if (!parsed.success) return issueOf(parsed.error);
  if (parsed.data.stream !== true && parsed.data.max_tokens > MOST_NON_STREAMING) return `max_tokens: above ${MOST_NON_STREAMING} without streaming`;
  return commonProblem(parsed.data) ?? parsed.data;
}

export function checkCount(body: unknown): CountBody | string {
  const parsed = countSchema.safeParse(body);
  return parsed.success ? (commonProblem(parsed.data) ?? parsed.data) : issueOf(parsed.error);
}

function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
}

function commonProblem(body: CountBody): string | null {
  if (body.messages.at(-1)?.role !== 'user') return 'messages: the last one must be of the user, prefill is not supported';
  const blocks = [...(Array.isArray(body.system) ? body.system : []), ...body.messages.flatMap((message) => (typeof message.content === 'string' ? [] : message.content))];
  if (blocks.filter((block) => block.cache_control !== undefined).length > MOST_CACHE_MARKS) return `cache_control: more than ${MOST_CACHE_MARKS} blocks`;
  const schema = body.output_config?.format?.schema;
  return schema === undefined ? null : schemaProblem(schema, 'output_config.format.schema');
}

function schemaProblem(schema: unknown, at: string): string | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const unknown = Object.keys(schema).find((key) => !KEYWORDS.has(key));
  if (unknown !== undefined) return `${at}: ${unknown} is not supported`;
  if ('properties' in schema && (!('additionalProperties' in schema) || schema.additionalProperties !== false)) return `${at}: additionalProperties must be false`;
  const parts: [string, unknown][] = [];
  if ('properties' in schema) parts.push(...Object.entries(schema.properties ?? {}).map(([key, value]): [string, unknown] => [`properties.${key}`, value]));
  if ('items' in schema) parts.push(['items', schema.items]);
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) parts.push(...schema.anyOf.map((value: unknown, index): [string, unknown] => [`anyOf.${index}`, value]));
  for (const [key, value] of parts) {
    const problem = schemaProblem(value, `${at}.${key}`);
    if (problem !== null) return problem;
  }
  return null;
}
