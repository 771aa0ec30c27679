import { z } from 'zod';
import type { TokenCounts } from './prices.js';

const count = z.number().int().nonnegative();

const messageSchema = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullable(),
  stop_details: z.object({ category: z.string().nullish() }).nullish(),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count.nullish(),
    cache_creation_input_tokens: count.nullish(),
    cache_creation: z.object({ ephemeral_1h_input_tokens: count.nullish() }).nullish(),
  }),
});

/** What came back, with the tokens it used: they are booked whatever the rest is worth. */
export type Received =
  | { readonly status: 'answered'; readonly value: unknown; readonly tokens: TokenCounts }
  | { readonly status: 'truncated' | 'refused' | 'unavailable'; readonly detail: string; readonly tokens: TokenCounts };

/** Reads a message of the service; null when it is none at all (a gateway's page, say). */
export function readMessage(message: unknown): Received | null {
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) return null;
  const { content, stop_reason: stop, stop_details: details, usage } = parsed.data;
  const tokens: TokenCounts = {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    cacheWriteHourTokens: Math.min(usage.cache_creation?.ephemeral_1h_input_tokens ?? 0, usage.cache_creation_input_tokens ?? 0),
  };
  if (stop === 'max_tokens') return { status: 'truncated', detail: 'The answer was cut off at its length limit.', tokens };
  if (stop === 'model_context_window_exceeded') return { status: 'truncated', detail: "The answer was cut off at the end of the model's context window.", tokens };
  if (stop === 'refusal') return { status: 'refused', detail: refusal(details?.category ?? null), tokens };
  if (stop !== 'end_turn' && stop !== 'stop_sequence') {
    return { status: 'unavailable', detail: `The model stopped early (${word(stop ?? 'no reason given')}).`, tokens };
  }
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  return readJson(text, tokens);
}

function refusal(category: string | null): string {
  return `The model refused to answer${category === null ? '' : ` (${word(category)})`}.`;
}

function word(text: string): string {
  return text.replace(/[^a-z0-9_ -]/gi, '').slice(0, 40);
}

function readJson(text: string, tokens: TokenCounts): Received {
  try {
    const value: unknown = JSON.parse(text);
    return { status: 'answered', value, tokens };
  } catch {
    return { status: 'unavailable', detail: 'The answer was not the JSON that was asked for.', tokens };
  }
}
