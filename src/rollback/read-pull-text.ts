import { claimsOf } from './claims.js';
import type { Claims } from './claimed.js';
import { planIn, type RollbackPlan } from './plan.js';
import { readDescription } from './statements.js';

/** Reads a description once, for its plan and for its claims. Loads the Markdown parser: import it when it is needed. */
export function readPullText(body: string, templates: readonly string[], changesData: boolean): { readonly plan: RollbackPlan; readonly claims: Claims; /** All that the author states, line by line. */ readonly ownText: string } {
  const description = readDescription(body, templates);
  return { plan: planIn(description, changesData), claims: claimsOf(description), ownText: description.statements.flatMap(({ text, ticked }) => (ticked === false ? [] : [text])).join('\n') };
}
