import type { Sighting } from '../core/finding.js';
import { mishapOf, type Mishap } from '../core/mishap.js';
import type { Rule } from '../rules/define-rule.js';

/** One rule may say this much of one change; a rule that says more has lost its way, and the rest is cut with a mishap. */
const SIGHTINGS_LIMIT = 2000;

/** Runs one check of one rule. A rule that throws is a mishap and never takes the others with it. */
export function runCheck(rule: Rule, subject: string, check: () => Iterable<Sighting>, mishaps: Mishap[]): readonly Sighting[] {
  const sightings: Sighting[] = [];
  try {
    for (const sighting of check()) {
      sightings.push(sighting);
      if (sightings.length >= SIGHTINGS_LIMIT) break;
    }
  } catch (thrown) {
    mishaps.push(mishapOf('rule', `${rule.id} on ${subject}`, thrown));
  }
  return sightings;
}
