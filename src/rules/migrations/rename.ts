import type { Sighting } from '../../core/finding.js';
import { resolveIn, resolveRelation } from '../../migrations/catalog.js';
import { displayName, displayRelation, effectEvidence, sqlName } from '../../migrations/describe.js';
import type { Step, StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/rename',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A rename breaks the code that still runs',
    why: 'A rename is instant for the server and never for the code: no moment exists at which the old and the new version of the code both find the name they use. From the rename until the new version is everywhere, and again after a rollback, every statement with the other name fails.',
    remedy:
      'Column: add the new one, write both, fill the old rows in batches, move the reads, drop the old one in a later release. Table: keep the old name alive as a view (`CREATE VIEW old AS SELECT * FROM new`, in the same migration) until no code uses it. Often the best way is to rename in the code only: ORMs map a property to another column name.',
    limits:
      'Silent on what the same pull request creates, where the same migration puts a view or another table in place of the old name, and on renames of indexes, constraints, sequences and triggers, which code does not name.',
    references: [
      { title: 'PostgreSQL: ALTER TABLE, RENAME', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
      { title: 'Martin Fowler: parallel change', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const renamed = whatIsRenamed(input);
      if (renamed === null) return;
      yield {
        path: input.migration.path,
        span: input.step.span,
        symbol: renamed.symbol,
        message: `${renamed.words} while code that says \`${renamed.from}\` is running: its statements fail (“${renamed.error}”) until the new version is everywhere, and again after a rollback.`,
        remedy: renamed.remedy,
        evidence: [effectEvidence(input.effect, input.held, input.target)],
      };
    },
  },
});

interface Renamed {
  readonly symbol: string;
  readonly words: string;
  readonly from: string;
  readonly error: string;
  readonly remedy: string;
}

function whatIsRenamed(input: MigrationInput): Renamed | null {
  const { step } = input;
  switch (step.kind) {
    case 'rename-column':
      return column(input, step);
    case 'rename-relation':
    case 'set-relation-schema':
      return relation(input, step);
    case 'rename-schema':
      return {
        symbol: step.schema,
        words: `Schema \`${step.schema}\` becomes \`${step.to}\``,
        from: `${step.schema}.…`,
        error: `schema "${step.schema}" does not exist`,
        remedy: 'Create the new schema beside it and move one table at a time, leaving a view behind under the old name.',
      };
    case 'rename-enum-value':
      return enumValue(input, step);
    default:
      return null;
  }
}

function column(input: MigrationInput, step: StepOf<'rename-column'>): Renamed | null {
  const key = resolveRelation(input.before, step.table);
  if (input.before.fresh.has(key)) return null;
  const deployed = input.deployed.tables.get(key);
  if (deployed?.complete === true && !deployed.columns.has(step.column)) return null;
  if (laterSteps(input).some((later) => later.kind === 'add-column' && later.column.name === step.column && resolveRelation(input.before, later.table) === key)) return null;
  const table = displayName(key);
  return {
    symbol: `${table}.${step.column}`,
    words: `Column \`${table}.${step.column}\` becomes \`${step.to}\``,
    from: step.column,
    error: `column "${step.column}" does not exist`,
    remedy: `Add \`${step.to}\`, write both columns, fill the old rows in batches, move the reads, and drop \`${step.column}\` in a later release; or keep the column and rename only the property that the code maps to it.`,
  };
}

function relation(input: MigrationInput, step: StepOf<'rename-relation'> | StepOf<'set-relation-schema'>): Renamed | null {
  if (step.relation === 'index' || step.relation === 'sequence') return null;
  const key = resolveRelation(input.before, step.table);
  if (input.before.fresh.has(key) || isReplaced(input, key) || wasGivenHere(input, key)) return null;
  if (step.ifExists && !input.before.tables.has(key) && !input.before.views.has(key)) return null;
  const from = displayName(key);
  const to = step.kind === 'rename-relation' ? step.to : `${step.schema}.${step.table.name}`;
  const successor = step.kind === 'rename-relation' ? sqlName({ schema: step.table.schema, name: step.to }) : sqlName({ schema: step.schema, name: step.table.name });
  const kind = step.relation === 'view' || step.relation === 'materialized-view' ? 'View' : 'Table';
  return {
    symbol: from,
    words: `${kind} \`${from}\` becomes \`${to}\``,
    from,
    error: `relation "${from}" does not exist`,
    remedy: `Leave the old name behind as a view in the same migration, \`CREATE VIEW ${sqlName(step.table)} AS SELECT * FROM ${successor}\` (simple views take writes too), and drop it once no code uses it; or keep the name and rename only in the code.`,
  };
}

function enumValue(input: MigrationInput, step: StepOf<'rename-enum-value'>): Renamed | null {
  const key = resolveIn(input.before, step.type, ['enums']);
  const deployed = input.deployed.enums.get(key);
  if (input.before.enums.has(key) && deployed === undefined) return null;
  if (deployed !== undefined && !deployed.includes(step.value)) return null;
  const type = displayName(key);
  return {
    symbol: `${type}.${step.value}`,
    words: `Value \`${step.value}\` of enum \`${type}\` becomes \`${step.to}\``,
    from: `'${step.value}'`,
    error: `invalid input value for enum ${type}: "${step.value}"`,
    remedy: `Add \`${step.to}\` as a new value, let the code accept both, move the rows in batches, and leave \`${step.value}\` unused.`,
  };
}

function laterSteps(input: MigrationInput): readonly Step[] {
  return input.migration.up.slice(input.index + 1);
}

/** Whether the same migration gives the old name to a view or to another table. */
function isReplaced(input: MigrationInput, key: string): boolean {
  const name = displayName(key);
  return laterSteps(input).some((later) => {
    if (later.kind === 'create-view') return displayRelation(input.before, later.view) === name;
    if (later.kind === 'create-table' || later.kind === 'create-table-as') return displayRelation(input.before, later.table) === name;
    return later.kind === 'rename-relation' && displayName(`${key.slice(0, key.indexOf('.'))}.${later.to}`) === name;
  });
}

/** Whether this name only came up in this change: a table renamed twice. */
function wasGivenHere(input: MigrationInput, key: string): boolean {
  return input.deployed.tables.size > 0 && !input.deployed.tables.has(key) && !input.deployed.views.has(key) && input.before.tables.has(key) && input.before.tables.get(key)?.complete === true;
}
