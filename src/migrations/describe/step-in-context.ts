import type { TableSize } from '../../core/config.js';
import type { JudgedStep } from '../judge-migrations.js';
import type { Step } from '../step.js';
import type { Target } from '../target.js';

/** A judged step with what the configuration says of server and tables: what findings are worded from. */
export interface StepInContext extends JudgedStep {
  readonly target: Target;
  readonly tables: ReadonlyMap<string, TableSize>;
}

/** The other steps of the same statement: the subcommands of one ALTER TABLE. A DO block is many statements. */
export function siblings({ migration, step, index }: StepInContext): readonly Step[] {
  return migration.up.filter((each, at) => at !== index && each.statementIndex === step.statementIndex && each.statement === step.statement);
}

export function earlierSteps({ migration, index }: StepInContext): readonly Step[] {
  return migration.up.slice(0, index);
}

export function laterSteps({ migration, index }: StepInContext): readonly Step[] {
  return migration.up.slice(index + 1);
}
