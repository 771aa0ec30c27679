import type { Change } from '../core/change-set.js';
import type { Finding } from '../core/finding.js';
import type { Desk } from './review.js';
import type { ReviewInput } from './review-input.js';

/** What the model added. Its findings never block; what it could not prove is kept apart. */
export interface Asked {
  readonly findings: readonly Finding[];
  readonly unverified: readonly Finding[];
  readonly calls: number;
  readonly dollars: number;
}

/** What is kept of an answer. */
interface Answer {
  readonly findings: readonly Finding[];
  readonly unverified: readonly Finding[];
  readonly notices: readonly string[];
}

const NOTHING: Asked = { findings: [], unverified: [], calls: 0, dollars: 0 };

/** Asks the model about the change. Its absence or failure is said in a notice; it never changes what the rules found. */
export async function askModel(input: ReviewInput, changes: readonly Change[], findings: readonly Finding[], desk: Desk): Promise<Asked> {
  if (input.scan !== undefined) return NOTHING;
  const kept = (await input.answers?.read()) ?? null;
  if (kept !== null) {
    const answer = JSON.parse(kept) as Answer;
    desk.notices.push(...answer.notices);
    return { findings: answer.findings, unverified: answer.unverified, calls: 0, dollars: 0 };
  }
  if (input.ask === null) {
    if (input.whyNotAsked !== null) desk.notices.push(`The model was not asked: ${input.whyNotAsked}.`);
    return NOTHING;
  }
  input.progress?.('asking the model');
  // Loaded here: most runs of the command line never ask.
  const { askEdgeCases } = await import('../questions/ask-edge-cases.js');
  const asked = await askEdgeCases({
    changeSet: { ...input.changeSet, changes },
    config: input.config.llm,
    findings,
    ask: input.ask,
    whyNotAsked: input.whyNotAsked,
    prompts: input.prompts,
    signal: input.signal,
  });
  desk.notices.push(...asked.notices);
  desk.mishaps.push(...asked.mishaps);
  const answer: Answer = { findings: asked.findings, unverified: asked.unverified, notices: asked.notices };
  // Only an answer with something in it is kept: after an outage the next review asks again.
  if (answer.findings.length + answer.unverified.length > 0) await input.answers?.write(JSON.stringify(answer));
  return { findings: asked.findings, unverified: asked.unverified, calls: asked.usage.calls, dollars: asked.usage.dollars };
}
