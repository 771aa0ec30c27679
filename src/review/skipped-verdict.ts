import type { Verdict } from '../core/verdict.js';
import type { Reviewed } from './review-input.js';

/** What is shown where nothing was reviewed on purpose: neutral, with the reason, never a green that nobody earned. */
export function skippedVerdict(why: string): Reviewed {
  const verdict: Verdict = { conclusion: 'neutral', blocking: 0, reasons: [why], entries: [], waived: [], mishaps: [], unread: [], notices: [], notReviewed: why };
  return { verdict, texts: new Map(), stats: { files: 0, functions: 0, migrations: 0, findings: 0, milliseconds: 0, modelCalls: 0, modelDollars: 0 } };
}
