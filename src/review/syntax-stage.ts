import { inScope } from '../core/scope.js';
import type { Change } from '../core/change-set.js';
import { mishapOf } from '../core/mishap.js';
import { loadTypeScript, withTypeScriptTree } from '../languages/typescript.js';
import type { BehaviourContext, SightingsByRule } from './behaviour-stage.js';
import { runCheck } from './run-rule.js';

/** Runs the rules for which syntax itself is the matter over one changed TypeScript or JavaScript file. Costs nothing where there are none. */
export async function syntaxStage(change: Change, context: BehaviourContext, into: SightingsByRule): Promise<void> {
  const rules = context.rules.filter((rule) => rule.checks.typescript !== undefined);
  if (rules.length === 0 || change.after === null) return;
  await loadTypeScript();
  try {
    withTypeScriptTree(change.path, change.after, (tree) => {
      for (const rule of rules) {
        const check = rule.checks.typescript;
        if (check === undefined) continue;
        const sightings = runCheck(rule, change.path, () => check({ tree, change }), context.mishaps);
        const kept = sightings.filter((sighting) => context.everyLineNew || inScope(sighting, change, { beforeFingerprints: null }));
        if (kept.length > 0) into.set(rule, [...(into.get(rule) ?? []), ...kept]);
      }
    });
  } catch (thrown) {
    context.mishaps.push(mishapOf('languages', change.path, thrown));
  }
}
