import { behavioursOf, hasBehaviour as isReadable, loadLanguage } from '../behaviour/behaviours-of.js';
import type { FunctionBehaviour } from '../behaviour/event.js';
import { NO_MODELS, type Models } from '../behaviour/models/models.js';
import { isProductionPath } from '../behaviour/production-path.js';
import type { Change, Unread } from '../core/change-set.js';
import type { Sighting } from '../core/finding.js';
import { mishapOf, type Mishap } from '../core/mishap.js';
import { normalCode } from '../core/fingerprint.js';
import { inScope, sightingKey } from '../core/scope.js';
import type { Catalog } from '../migrations/catalog.js';
import type { Rule, Versions } from '../rules/define-rule.js';
import { runCheck } from './run-rule.js';

/** What the rules about behaviour are handed beside the functions. */
export interface BehaviourContext {
  readonly rules: readonly Rule[];
  readonly catalog: Catalog;
  readonly versions: Versions;
  /** Read only once a rule that needs them has seen something: most changes have no race in them. */
  readonly models: () => Promise<Models>;
  readonly lockWrappers: readonly string[];
  readonly judgedPath: (path: string) => string;
  readonly everyLineNew: boolean;
  readonly mishaps: Mishap[];
  /** Files whose behaviour was not read, and why. */
  readonly unread: Unread[];
}

/** Sightings of every rule, with the rule that made them. */
export type SightingsByRule = Map<Rule, Sighting[]>;

/** Whether this change holds code that a rule about behaviour can read. */
export function hasBehaviour(change: Change, judgedPath: (path: string) => string): boolean {
  return change.after !== null && isReadable(change.path) && isProductionPath(judgedPath(change.path));
}

/** Runs the rules about behaviour over one changed file. Returns how many functions it has. */
export async function behaviourStage(change: Change, context: BehaviourContext, into: SightingsByRule): Promise<number> {
  const after = await readFunctions(change.path, change.after, context);
  if (after === null) return 0;
  const earlier = context.everyLineNew ? [] : ((await readFunctions(change.previousPath ?? change.path, change.before, { ...context, unread: [], mishaps: [] })) ?? []);
  for (const rule of context.rules) {
    const check = rule.checks.behaviour;
    if (check === undefined) continue;
    const seenWith = (models: Models): readonly Seen[] =>
      after.flatMap((one) => {
        const before = earlier.find((other) => other.symbol === one.symbol) ?? null;
        const input = { function: one, before, catalog: context.catalog, versions: context.versions, models };
        return runCheck(rule, change.path, () => check(input), context.mishaps).map((sighting) => ({ sighting, enclosing: one }));
      });
    const first = seenWith(NO_MODELS);
    if (first.length === 0) continue;
    const models = rule.needs?.models === true ? await context.models() : NO_MODELS;
    const found = models === NO_MODELS ? first : seenWith(models);
    const keys = context.everyLineNew ? null : keysBefore(rule, earlier, models, context);
    const kept = found.filter(({ sighting, enclosing }) => context.everyLineNew || (!(keys?.has(sightingKey(sighting)) === true && isRespaced(enclosing, earlier)) && inScope(sighting, change, { enclosing: enclosing.span, beforeFingerprints: keys })));
    const sightings = oncePerStory(kept).map(({ sighting }) => sighting);
    if (sightings.length > 0) into.set(rule, [...(into.get(rule) ?? []), ...sightings]);
  }
  return after.length;
}

async function readFunctions(path: string, text: string | null, context: BehaviourContext): Promise<readonly FunctionBehaviour[] | null> {
  if (text === null) return [];
  try {
    await loadLanguage(path, text);
    const read = behavioursOf(path, text, { lockWrappers: context.lockWrappers });
    if (read.status === 'read') return read.functions;
    // The author's to correct, so no mishap of ours; not read is not reviewed all the same.
    if (read.status === 'syntax') context.unread.push({ path, reason: 'unreadable', detail: read.reason });
    else context.unread.push({ path, reason: read.status === 'minified' ? 'generated' : 'too-large', detail: read.reason });
    return null;
  } catch (thrown) {
    context.mishaps.push(mishapOf('languages', path, thrown));
    return null;
  }
}

/** A sighting and the function it stands in. */
interface Seen {
  readonly sighting: Sighting;
  readonly enclosing: FunctionBehaviour;
}

function keysBefore(rule: Rule, functions: readonly FunctionBehaviour[], models: Models, context: BehaviourContext): ReadonlySet<string> {
  const check = rule.checks.behaviour;
  const keys = new Set<string>();
  if (check === undefined) return keys;
  for (const one of functions) {
    const input = { function: one, before: null, catalog: context.catalog, versions: context.versions, models };
    for (const sighting of runCheck(rule, one.path, () => check(input), [])) keys.add(sightingKey(sighting));
  }
  return keys;
}

/** Whether a function is what it was, but for white space and comments: a formatter's change is not about what stands in it. */
function isRespaced(enclosing: FunctionBehaviour, earlier: readonly FunctionBehaviour[]): boolean {
  const code = plainCode(enclosing);
  return earlier.some((one) => one.symbol === enclosing.symbol && plainCode(one) === code);
}

/** Code without what formatters add and take away. */
function plainCode({ bodyText, path }: FunctionBehaviour): string {
  return normalCode(bodyText, path).replace(/[;,'"`()]/g, '');
}

/** One finding for each story of a function: the first one tells it. Sightings that name no story each tell their own. */
function oncePerStory(found: readonly Seen[]): readonly Seen[] {
  const told = new Map<FunctionBehaviour, Set<string>>();
  return found.filter(({ sighting, enclosing }) => {
    if (sighting.story === undefined) return true;
    const stories = told.get(enclosing) ?? new Set<string>();
    told.set(enclosing, stories);
    if (stories.has(sighting.story)) return false;
    stories.add(sighting.story);
    return true;
  });
}
