import type { Sighting } from '../../core/finding.js';
import { resolveRelation, type Column } from '../../migrations/catalog.js';
import { displayName, effectEvidence, sqlName } from '../../migrations/describe.js';
import { anchoredOn, listInWords, placesInWords } from '../../migrations/describe/places.js';
import { splitKey } from '../../migrations/fold/edit.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { quoteName } from '../../migrations/quote.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/narrowed-contract',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Inserts of the code that still runs are refused',
    why: 'While a release rolls out, and again after a rollback, the code of the version before inserts rows too. It knows nothing of a column that came with this migration: when that column ends up NOT NULL without a default, each of its inserts into the table fails. The same goes for a column that stays NOT NULL and loses the default which inserts relied on.',
    remedy: 'Two releases: add the column nullable or with a default that stays, ship the code that writes it, and make it NOT NULL (or drop the default) in a later one.',
    limits:
      'Silent on tables that the same pull request creates, on columns that only have a new name (`migrations/rename`), and where a trigger that the migration creates on the table could fill the column. A NOT NULL column added without any default is `migrations/not-null-without-default`. Unique constraints, checks and shorter types may refuse rows as well; that depends on the rows. ' +
      'Counted over nine public histories (2,433 migrations): 58 of them do it.',
    references: [
      { title: 'PostgreSQL: not-null constraints', url: 'https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL' },
      { title: 'Martin Fowler: parallel change', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const narrowed = input.steps.flatMap((judged) => narrowedBy(input, judged) ?? []);
      for (const how of ['new', 'default'] as const) {
        const these = narrowed.filter((each) => each.how === how);
        const [first] = these;
        if (first === undefined) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn(these.map(placeOf)),
          symbol: these.map(({ key, column }) => `${displayName(key)}.${column}`).join(' '),
          message: message(how, these),
          remedy: remedy(how, first),
          evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
        };
      }
    },
  },
});

interface Narrowed {
  readonly judged: JudgedStep;
  readonly how: 'new' | 'default';
  readonly key: string;
  readonly column: string;
}

function isRequired(column: Column | undefined): boolean {
  return column !== undefined && column.notNull && column.default === null && column.identity === null && column.generated === null;
}

/** The column whose inserts a step makes fail for good: it is still so at the end of the migration, and this step is the last that makes it so. */
function narrowedBy(input: WholeMigrationInput, judged: JudgedStep): Narrowed | null {
  const { step, before } = judged;
  if (step.kind !== 'set-not-null' && step.kind !== 'drop-default' && step.kind !== 'add-constraint') return null;
  const key = resolveRelation(before, step.table);
  const column = requiredColumn(judged, key);
  const deployed = input.deployed.tables.get(key);
  if (column === null || deployed?.complete !== true || before.fresh.has(key) || mayBeFilled(input, key)) return null;
  const then = input.after.tables.get(key)?.columns.get(column);
  const checked = step.kind === 'add-constraint' && then !== undefined && then.default === null && then.generated === null;
  if (!isRequired(then) && !checked) return null;
  const known = deployed.columns.get(column);
  if (known === undefined) return isRenamed(input, key, column) ? null : { judged, how: 'new', key, column };
  return step.kind === 'drop-default' && known.notNull && known.default !== null ? { judged, how: 'default', key, column } : null;
}

/** The column that has to be given from this step on; null when it is none, or was so before. */
function requiredColumn({ step, before }: JudgedStep, key: string): string | null {
  const columns = before.tables.get(key)?.columns;
  switch (step.kind) {
    case 'set-not-null': {
      const column = columns?.get(step.column);
      return column?.notNull === false && column.default === null ? step.column : null;
    }
    case 'drop-default':
      return columns?.get(step.column)?.notNull === true ? step.column : null;
    case 'add-constraint': {
      const names = step.constraint.kind === 'check' ? step.constraint.provesNotNull : step.constraint.kind === 'not-null' ? [step.constraint.column] : step.constraint.kind === 'primary-key' ? step.constraint.columns : [];
      return names.find((name) => columns?.get(name)?.notNull === false && columns.get(name)?.default === null) ?? null;
    }
    default:
      return null;
  }
}

/** Whether the column is an old one under a new name: `migrations/rename` says what fails. */
function isRenamed(input: WholeMigrationInput, key: string, column: string): boolean {
  return input.steps.some(({ step, before }) => step.kind === 'rename-column' && step.to === column && resolveRelation(before, step.table) === key && input.deployed.tables.get(key)?.columns.has(step.column) === true);
}

/** Whether a trigger of this very migration could give the column its value. */
function mayBeFilled(input: WholeMigrationInput, key: string): boolean {
  return input.steps.some(({ step, before }) => step.kind === 'create-trigger' && step.events.includes('insert') && resolveRelation(before, step.table) === key);
}

function placeOf({ judged, key, column }: Narrowed): { readonly words: string; readonly span: JudgedStep['step']['span'] } {
  return { words: `\`${displayName(key)}.${column}\``, span: judged.step.span };
}

function message(how: Narrowed['how'], all: readonly Narrowed[]): string {
  const [first] = all;
  const places = placesInWords(all.map(placeOf));
  const error = `“null value in column "${first?.column ?? ''}" of relation "${splitKey(first?.key ?? '.').name}" violates not-null constraint”`;
  const until = 'until the new version is everywhere, and again after a rollback';
  const one = all.length === 1;
  if (how === 'default') return `${places} ${one ? 'loses its' : 'lose their'} default and ${one ? 'stays' : 'stay'} NOT NULL: every INSERT of the running code that leaves ${one ? 'it' : 'one of them'} out fails (${error}) ${until}.`;
  const tables = listInWords([...new Set(all.map(({ key }) => `\`${displayName(key)}\``))]);
  return `${places} ${one ? 'is' : 'are'} new and ${one ? 'ends' : 'end'} up NOT NULL without a default: every INSERT of the running code into ${tables}, which does not know ${one ? 'it' : 'them'}, fails (${error}) ${until}.`;
}

function remedy(how: Narrowed['how'], { judged, key, column }: Narrowed): string {
  const { schema, name } = splitKey(key);
  const table = 'table' in judged.step && judged.step.table !== null ? sqlName(judged.step.table) : sqlName({ schema: schema === 'public' ? null : schema, name });
  if (how === 'default') return `Ship the code that always gives \`${column}\` first; drop the default in a later release.`;
  return `Leave \`${column}\` nullable in this release, or give it a default that stays (\`ALTER TABLE ${table} ALTER COLUMN ${quoteName(column)} SET DEFAULT …;\`); make it NOT NULL without one in a later release, once the code that writes it is everywhere.`;
}
