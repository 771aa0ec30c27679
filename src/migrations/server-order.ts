import type { Step } from './step.js';

/** The passes of one ALTER TABLE, in the server's order: what is dropped goes first, whatever was written first. */
const PASSES: readonly (readonly Step['kind'][])[] = [
  ['drop-column', 'drop-constraint', 'drop-expression', 'drop-not-null', 'drop-default', 'drop-identity'],
  ['set-type'],
  ['add-column'],
  ['set-expression'],
  ['set-not-null', 'set-default', 'add-identity', 'set-identity', 'set-column-option'],
  ['add-constraint', 'alter-constraint'],
];

const PASS = new Map(PASSES.flatMap((kinds, pass) => kinds.map((kind) => [kind, pass] as const)));

/** Keys are made before foreign keys and checks. */
function passOf(step: Step): number {
  const pass = PASS.get(step.kind) ?? PASSES.length;
  if (step.kind !== 'add-constraint') return pass;
  return step.constraint.kind === 'unique' || step.constraint.kind === 'primary-key' || step.constraint.kind === 'exclude' ? pass : pass + 0.5;
}

/** Steps in the order in which the server carries them out: the subcommands of one ALTER TABLE by their passes, all else as written. */
export function inServerOrder(steps: readonly Step[]): readonly Step[] {
  const sorted: Step[] = [];
  for (let at = 0; at < steps.length; ) {
    const first = steps[at];
    let end = at + 1;
    while (first !== undefined && steps[end]?.statementIndex === first.statementIndex && steps[end]?.statement === first.statement) end += 1;
    const statement = steps.slice(at, end);
    const alters = statement.length > 1 && statement.every((step) => PASS.has(step.kind));
    sorted.push(...(alters ? statement.map((step, index) => ({ step, index })).sort((one, other) => passOf(one.step) - passOf(other.step) || one.index - other.index).map(({ step }) => step) : statement));
    at = end;
  }
  return sorted;
}
