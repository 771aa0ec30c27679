import { z } from 'zod';

/** US dollars per million tokens. */
const tierSchema = z.strictObject({
  /** The tier holds for prompts of up to so many tokens, cached ones included; null for any length. */
  upTo: z.number().int().positive().nullable(),
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  /** Writing to the cache for five minutes. */
  cacheWrite: z.number().nonnegative(),
  /** Writing to the cache for an hour. */
  cacheWriteHour: z.number().nonnegative(),
});

export type PriceTier = z.infer<typeof tierSchema>;

/** Model id to its tiers, shortest prompts first. A dated id (`claude-sonnet-5-5-20261001`) has the price of its stem. */
export type PriceTable = Readonly<Record<string, readonly PriceTier[]>>;

/** Tokens of one call as the service counted them. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Those of `cacheWriteTokens` that were written for an hour. */
  readonly cacheWriteHourTokens: number;
}

function tier(upTo: number | null, input: number, output: number, cacheRead: number): PriceTier {
  return { upTo, input, output, cacheRead, cacheWrite: input * 1.25, cacheWriteHour: input * 2 };
}

/** List prices of 2026-11-22. Cache reads of haiku and opus are taken at a tenth of the input price. */
export const DEFAULT_PRICES: PriceTable = {
  'claude-haiku-5-5': [tier(100_000, 0.1, 0.5, 0.01), tier(null, 0.5, 2.5, 0.05)],
  'claude-sonnet-5-5': [tier(null, 2, 10, 0.1)],
  'claude-opus-5-5': [tier(null, 4, 20, 0.4)],
};

/** Reads a price table from JSON. Throws zod's error, which names the wrong key. */
export function parsePrices(value: unknown): PriceTable {
  return z.record(z.string().min(1), z.array(tierSchema).min(1)).parse(value);
}

/** The tiers of a model; for one the table does not know, those of the dearest, so that a cap still is a cap. */
export function tiersOf(prices: PriceTable, model: string): readonly PriceTier[] {
  const stem = Object.keys(prices)
    .filter((id) => model === id || model.startsWith(`${id}-`))
    .sort((left, right) => right.length - left.length)[0];
  if (stem !== undefined) return prices[stem] ?? [];
  const dearest = Object.values(prices).sort((left, right) => topOutput(right) - topOutput(left))[0];
  return dearest ?? [];
}

function topOutput(tiers: readonly PriceTier[]): number {
  return Math.max(0, ...tiers.map((each) => each.output));
}

function tierFor(tiers: readonly PriceTier[], promptTokens: number): PriceTier {
  const fitting = tiers.find((each) => each.upTo === null || promptTokens <= each.upTo) ?? tiers.at(-1);
  if (fitting === undefined) throw new RangeError('the price table is empty');
  return fitting;
}

/** What a call cost, in dollars. Cached tokens count towards the tier. */
export function costOf(tiers: readonly PriceTier[], tokens: TokenCounts): number {
  const prompt = tokens.inputTokens + tokens.cacheReadTokens + tokens.cacheWriteTokens;
  const price = tierFor(tiers, prompt);
  const shortWrites = tokens.cacheWriteTokens - tokens.cacheWriteHourTokens;
  return (
    (tokens.inputTokens * price.input +
      tokens.outputTokens * price.output +
      tokens.cacheReadTokens * price.cacheRead +
      shortWrites * price.cacheWrite +
      tokens.cacheWriteHourTokens * price.cacheWriteHour) /
    1_000_000
  );
}

/** The most a call can cost: every prompt token uncached, or written to the cache where one is asked for, and all output used. */
export function worstCaseOf(tiers: readonly PriceTier[], promptTokens: number, maxTokens: number, cached: boolean): number {
  const inputTokens = cached ? 0 : promptTokens;
  const cacheWriteTokens = cached ? promptTokens : 0;
  return costOf(tiers, { inputTokens, outputTokens: maxTokens, cacheReadTokens: 0, cacheWriteTokens, cacheWriteHourTokens: 0 });
}
