/**
 * Something of ours that went wrong: a rule that threw, a model call that failed. A mishap makes a verdict neutral at
 * best and is never shown as the author's fault.
 */
export interface Mishap {
  readonly during: 'reading' | 'languages' | 'rule' | 'question' | 'configuration' | 'publishing';
  /** What it happened to: a rule id, a path, a question. */
  readonly subject: string;
  /** One sentence without secrets or stack traces. */
  readonly message: string;
}

/** Turns whatever was thrown into a mishap. The message is cut to its first line and 300 characters. */
export function mishapOf(during: Mishap['during'], subject: string, thrown: unknown): Mishap {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return { during, subject, message: (text.split('\n')[0] ?? '').slice(0, 300) };
}
