import type { Step } from '../step.js';
import { mentionsWord } from './copies.js';

/** Steps that change nothing that stays, or that nobody can stumble over when they run again. */
const HARMLESS: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['transaction', 'set-setting', 'comment', 'analyze', 'vacuum', 'select', 'grant', 'lock-table', 'raw', 'do-block', 'opaque', 'call']);

/** Whether a step leaves something behind. */
export function leavesSomething(step: Step): boolean {
  return !HARMLESS.has(step.kind);
}

/**
 * Whether a step that has been carried out can be carried out again without an error and without doing it twice: IF [NOT]
 * EXISTS, OR REPLACE, or a change that says how things are to be. `earlier` are the steps before it, which may remove what it makes.
 */
export function isRepeatable(step: Step, earlier: readonly Step[]): boolean {
  if (step.conditional === true || HARMLESS.has(step.kind)) return true;
  switch (step.kind) {
    case 'create-table':
    case 'create-table-as':
    case 'create-sequence':
    case 'create-schema':
    case 'create-materialized-view':
    case 'add-column':
    case 'add-enum-value':
      return step.ifNotExists || isRemovedBefore(step, earlier);
    case 'create-index':
      return step.ifNotExists || (step.index !== null && isRemovedBefore(step, earlier));
    case 'create-extension':
      return /\bif\s+not\s+exists\b/i.test(step.statement);
    case 'create-view':
    case 'create-function':
    case 'create-trigger':
    case 'create-rule':
      return step.replace || isRemovedBefore(step, earlier);
    case 'create-enum':
    case 'create-domain':
    case 'create-composite':
    case 'create-type':
    case 'create-policy':
    case 'create-statistics':
    case 'add-constraint':
      return isRemovedBefore(step, earlier);
    case 'drop-column':
      return step.columnIfExists;
    case 'drop-constraint':
      return step.constraintIfExists;
    case 'insert':
      return step.onConflict || /\bnot\s+exists\b/i.test(step.statement);
    default:
      return isPlainlyRepeatable(step);
  }
}

function isPlainlyRepeatable(step: Step): boolean {
  if (step.kind === 'drop-default' || step.kind === 'drop-not-null') return true;
  if (step.kind.startsWith('drop-')) return 'ifExists' in step && step.ifExists;
  return !step.kind.startsWith('rename-') && !['set-relation-schema', 'attach-partition', 'detach-partition', 'add-identity', 'attach-index', 'add-domain-constraint', 'copy', 'merge'].includes(step.kind);
}

/** Whether an earlier DROP … IF EXISTS names what this step makes. */
function isRemovedBefore(step: Step, earlier: readonly Step[]): boolean {
  const name = madeName(step);
  return name !== null && earlier.some((each) => each.kind.startsWith('drop-') && /\bif\s+exists\b/i.test(each.statement) && mentionsWord(each.statement, name));
}

/** The name of what a step makes; null when it has none of its own. */
function madeName(step: Step): string | null {
  switch (step.kind) {
    case 'create-table':
    case 'create-table-as':
      return step.table.name;
    case 'create-index':
      return step.index;
    case 'create-view':
    case 'create-materialized-view':
      return step.view.name;
    case 'create-enum':
    case 'create-composite':
    case 'create-type':
      return step.type.name;
    case 'create-domain':
      return step.domain.name;
    case 'create-function':
      return step.function.name;
    case 'create-trigger':
      return step.trigger;
    case 'create-policy':
      return step.policy;
    case 'create-rule':
      return step.rule;
    case 'create-sequence':
      return step.sequence.name;
    case 'create-schema':
      return step.schema;
    case 'add-column':
      return step.column.name;
    case 'add-constraint':
      return step.constraint.name;
    default:
      return null;
  }
}

/** What the server says when a step is carried out a second time, as far as it is known: for a message. */
export function secondTime(step: Step): string | null {
  const name = madeName(step);
  switch (step.kind) {
    case 'create-table':
    case 'create-table-as':
    case 'create-index':
    case 'create-view':
    case 'create-materialized-view':
    case 'create-sequence':
      return name === null ? null : `relation "${name}" already exists`;
    case 'create-enum':
    case 'create-domain':
    case 'create-composite':
    case 'create-type':
      return name === null ? null : `type "${name}" already exists`;
    case 'add-enum-value':
      return `enum label "${step.value}" already exists`;
    case 'add-column':
      return `column "${step.column.name}" of relation "${step.table.name}" already exists`;
    case 'add-constraint':
      return name === null ? null : `constraint "${name}" for relation "${step.table.name}" already exists`;
    case 'drop-column':
      return `column "${step.column}" of relation "${step.table.name}" does not exist`;
    case 'rename-column':
      return `column "${step.column}" does not exist`;
    case 'drop-table':
      return `table "${step.tables[0]?.name ?? ''}" does not exist`;
    case 'drop-index':
      return `index "${step.indexes[0]?.name ?? ''}" does not exist`;
    default:
      return null;
  }
}
