import type Anthropic from '@anthropic-ai/sdk';
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type { ModelRequest, PromptPart } from '../core/model.js';

/** The API takes so many cache marks in one request; the last ones are kept, since each covers all that stands before it. */
const MAX_CACHE_MARKS = 4;

type Blocks = Anthropic.TextBlockParam[];

/** What is sent of a question: a system part, one user turn, an output schema. No tools, no prefill, no sampling settings. */
export interface RequestBody {
  readonly model: string;
  readonly system: Blocks;
  readonly messages: Anthropic.MessageParam[];
  readonly output_config: Anthropic.OutputConfig;
}

export function requestBody(request: ModelRequest): RequestBody {
  const marked = [...request.system, ...request.user].filter((part) => part.cache === true).slice(-MAX_CACHE_MARKS);
  return {
    model: request.model,
    system: blocks(request.system, marked),
    messages: [{ role: 'user', content: blocks(request.user, marked) }],
    output_config: {
      effort: request.effort,
      format: { type: 'json_schema', schema: transformJSONSchema({ ...request.schema }) },
    },
  };
}

function blocks(parts: readonly PromptPart[], marked: readonly PromptPart[]): Blocks {
  return parts
    .filter((part) => part.text !== '')
    .map((part) => ({ type: 'text', text: part.text, ...(marked.includes(part) ? { cache_control: { type: 'ephemeral' as const } } : {}) }));
}

/** The most tokens a prompt can have: one for each byte, and some for what the service adds around it. */
export function tokenCeiling(body: RequestBody): number {
  return Buffer.byteLength(JSON.stringify(body), 'utf8') + 1000;
}
