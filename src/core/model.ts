/** A part of a prompt. `cache` marks the end of a stable prefix. */
export interface PromptPart {
  readonly text: string;
  readonly cache?: boolean;
}

/** One question to the model, ready to send: plain data, redacted already. */
export interface ModelRequest {
  /** The question's id, e.g. `edge-cases`, and its prompt's version: what an answer can be traced to. */
  readonly question: string;
  readonly promptVersion: number;
  readonly model: string;
  readonly system: readonly PromptPart[];
  readonly user: readonly PromptPart[];
  /** JSON Schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
  readonly effort: 'low' | 'medium' | 'high';
}

/** What a call cost. Tokens as the service counted them; dollars from the price table, retries included. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly dollars: number;
  readonly calls: number;
}

/** The outcome of a question. Only `answered` carries a value, and it is untrusted JSON that the question checks itself. */
export type ModelAnswer =
  | { readonly status: 'answered'; readonly value: unknown; readonly usage: ModelUsage }
  | { readonly status: 'truncated' | 'refused' | 'unavailable' | 'over-budget'; readonly detail: string; readonly usage: ModelUsage };

/** Sends one question and books what it cost. Never throws but on abort. */
export type Ask = (request: ModelRequest, signal: AbortSignal) => Promise<ModelAnswer>;

/** No tokens, no dollars, no calls. */
export const NO_USAGE: ModelUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, dollars: 0, calls: 0 };

/** Two costs together. */
export function addUsage(left: ModelUsage, right: ModelUsage): ModelUsage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
    dollars: left.dollars + right.dollars,
    calls: left.calls + right.calls,
  };
}

/** What one pull request may cost, what all of them may cost in a month, and the ledger behind it. All in US dollars. */
export interface ModelBudget {
  readonly caps: { readonly pull: number; readonly month: number };
  /** What was booked so far: for this pull request, and for everything in the current month. */
  spent(): Promise<{ readonly pull: number; readonly month: number }>;
  /** Adds the cost of one attempt to the ledger, failed attempts that may have been charged included. */
  book(usage: ModelUsage, asked: { readonly question: string; readonly model: string }): Promise<void>;
}
