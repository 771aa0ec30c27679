import type { Change } from '../core/change-set.js';
import type { Finding } from '../core/finding.js';
import { mishapOf } from '../core/mishap.js';
import { askEdgeCases } from '../questions/ask-edge-cases.js';
import type { Desk } from './review.js';
import type { ReviewInput } from './review-input.js';

/** What the model added. Its findings never block; what it could not prove is kept apart. */
export interface Asked {
  readonly findings: readonly Finding[];
  readonly unverified: readonly Finding[];
  readonly calls: number;
  readonly dollars: number;
}

/** Asks the model about the change. Its absence or failure is said in a notice; it never changes what the rules found. */
export async function askModel(input: ReviewInput, changes: readonly Change[], findings: readonly Finding[], desk: Desk): Promise<Asked> {
  if (input.scan !== undefined) return { findings: [], unverified: [], calls: 0, dollars: 0 };
  if (input.ask !== null) input.progress?.('asking the model');
  try {
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
    return { findings: asked.findings, unverified: asked.unverified, calls: asked.usage.calls, dollars: asked.usage.dollars };
  } catch (thrown) {
    input.signal.throwIfAborted();
    desk.notices.push(`The model was not asked: ${mishapOf('question', 'edge-cases', thrown).message}.`);
    return { findings: [], unverified: [], calls: 0, dollars: 0 };
  }
}
