import type { Sighting } from '../../core/finding.js';
import { keyOf, resolveRelation } from '../../migrations/catalog.js';
import type { QualifiedName } from '../../migrations/definition.js';
import { displayName, effectEvidence, tableWords } from '../../migrations/describe.js';
import { anchoredOn, linesInWords, listInWords, placesInWords } from '../../migrations/describe/places.js';
import { splitKey } from '../../migrations/fold/edit.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { copiesFrom } from '../../migrations/patterns/copies.js';
import { existingTable } from '../../migrations/patterns/existing.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-table',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Tables or their rows are deleted for good',
    why: 'DROP TABLE, DROP SCHEMA, DROP DATABASE and TRUNCATE take rows away without a trace: only a backup brings them back, and a revert of the code does not. While the release rolls out, and again after a rollback, the code of the version before still names the dropped table, and each of those statements fails.',
    remedy:
      'In two releases: first ship code that no longer uses the table, drop it in a later one. Rename it out of the way first (`ALTER TABLE … RENAME TO …_unused`) where you are not sure that nobody reads it, and keep a dump where the rows could be wanted.',
    limits:
      'Silent on tables that the same pull request creates, on temporary tables, on `IF EXISTS` where the history shows that the table is not there, on a table whose rows were copied to the one that takes its name, or that is made anew and filled out of other tables, and on a TRUNCATE behind which the migration fills the table again. Whether the code has stopped using the table is not looked at by this rule.',
    references: [
      { title: 'PostgreSQL: DROP TABLE', url: 'https://www.postgresql.org/docs/current/sql-droptable.html' },
      { title: 'PostgreSQL: TRUNCATE', url: 'https://www.postgresql.org/docs/current/sql-truncate.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const losses = input.steps.flatMap((judged) => lossesOf(input, judged));
      for (const how of ['dropped', 'remade', 'replaced', 'emptied'] as const) {
        const these = losses.filter((loss) => loss.how === how);
        const [first] = these;
        if (first === undefined) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn(these.map(placeOf)),
          symbol: these.map((loss) => loss.symbol).join(' '),
          message: MESSAGES[how](input, these),
          remedy: REMEDIES[how](these),
          evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
        };
      }
    },
  },
});

interface Loss {
  readonly judged: JudgedStep;
  readonly how: 'dropped' | 'remade' | 'replaced' | 'emptied';
  readonly symbol: string;
  /** As it appears in a sentence, without its size: "`users`", "schema `billing` with its tables `invoices` and `lines`". */
  readonly words: string;
  /** The table; null for a schema or database. */
  readonly key: string | null;
  /** What a statement that names it is told. */
  readonly error: string;
}

function lossesOf(input: WholeMigrationInput, judged: JudgedStep): Loss[] {
  const { step } = judged;
  switch (step.kind) {
    case 'drop-table':
      return step.tables.flatMap((name) => dropped(input, judged, name, step.ifExists) ?? []);
    case 'truncate':
      return step.tables.flatMap((name) => truncated(input, judged, name) ?? []);
    case 'drop-schema':
      return step.schemas.flatMap((schema) => droppedSchema(judged, schema, step.ifExists) ?? []);
    case 'drop-database':
      return [{ judged, how: 'dropped', symbol: step.database, words: `database \`${step.database}\``, key: null, error: `database "${step.database}" does not exist` }];
    default:
      return [];
  }
}

function dropped(input: WholeMigrationInput, judged: JudgedStep, name: QualifiedName, ifExists: boolean): Loss | null {
  const table = existingTable(judged, name, ifExists);
  if (table === null) return null;
  const isBack = input.after.tables.has(table.key) || input.after.views.has(table.key);
  const copied = input.migration.up.slice(0, judged.index).some((step) => copiesFrom(step, judged.before, table.key));
  if (isBack && (copied || isRefilled(input, judged, table.key))) return null;
  const shown = displayName(table.key);
  const how = !isBack ? 'dropped' : isReplaced(input, table.key) ? 'replaced' : 'remade';
  return { judged, how, symbol: shown, words: `\`${shown}\``, key: table.key, error: `relation "${shown}" does not exist` };
}

/** Whether a table that was there before takes the name: an earlier migration, or a program, may have copied the rows to it. */
function isReplaced(input: WholeMigrationInput, key: string): boolean {
  return input.steps.some(({ step, before }) => {
    if (step.kind !== 'rename-relation') return false;
    const from = resolveRelation(before, step.table);
    return keyOf(splitKey(from).schema, step.to) === key && !isMadeHere(input, from);
  });
}

function isMadeHere(input: WholeMigrationInput, key: string): boolean {
  return input.steps.some(({ step, before }) => (step.kind === 'create-table' || step.kind === 'create-table-as') && resolveRelation(before, step.table) === key);
}

/** Whether the table that takes its place is made out of others, or filled from them. */
function isRefilled(input: WholeMigrationInput, judged: JudgedStep, key: string): boolean {
  return input.steps.slice(input.steps.indexOf(judged) + 1).some(({ step, before }) => {
    if (step.kind === 'create-table-as') return resolveRelation(before, step.table) === key && step.withData;
    return step.kind === 'insert' && step.reads.length > 0 && resolveRelation(before, step.table) === key;
  });
}

function truncated(input: WholeMigrationInput, judged: JudgedStep, name: QualifiedName): Loss | null {
  const table = existingTable(judged, name, false);
  if (table === null) return null;
  const refilled = input.steps.slice(input.steps.indexOf(judged) + 1).some(({ step, before }) => (step.kind === 'insert' || step.kind === 'copy') && step.table !== null && existingTable({ ...judged, before }, step.table, false)?.key === table.key);
  const goes = input.migration.up.slice(judged.index + 1).some((step) => step.kind === 'drop-table' && step.tables.some((each) => existingTable(judged, each, false)?.key === table.key));
  if (refilled || goes) return null;
  const shown = displayName(table.key);
  return { judged, how: 'emptied', symbol: shown, words: `\`${shown}\``, key: table.key, error: '' };
}

function droppedSchema({ before, ...judged }: JudgedStep, schema: string, ifExists: boolean): Loss | null {
  const inside = [...before.tables.values()].filter((table) => table.schema === schema);
  const known = before.schemas.has(schema) || inside.length > 0;
  if ((ifExists && !known && before.tables.size > 0) || (inside.length > 0 && inside.every((table) => before.fresh.has(table.key)))) return null;
  if (!judged.deployed.schemas.has(schema) && before.schemas.has(schema)) return null;
  const tables = inside.length === 0 ? '' : ` with ${inside.length === 1 ? 'its table' : 'its tables'} ${listInWords(inside.map((table) => `\`${table.name}\``))}`;
  const error = inside[0] === undefined ? `schema "${schema}" does not exist` : `relation "${inside[0].key}" does not exist`;
  return { judged: { ...judged, before }, how: 'dropped', symbol: schema, words: `schema \`${schema}\`${tables}`, key: null, error };
}

function placeOf({ judged, words }: Loss): { readonly words: string; readonly span: JudgedStep['step']['span'] } {
  return { words, span: judged.step.span };
}

function named(input: WholeMigrationInput, losses: readonly Loss[]): string {
  return placesInWords(losses.map((loss) => ({ ...placeOf(loss), words: loss.key === null ? loss.words : tableWords(input.tables, loss.key) })));
}

const MESSAGES: Readonly<Record<Loss['how'], (input: WholeMigrationInput, losses: readonly Loss[]) => string>> = {
  dropped: (input, losses) => {
    const one = losses.length === 1;
    return `Dropping ${named(input, losses)} makes every statement of the running code that names ${one ? 'it' : 'one of them'} fail (“${losses[0]?.error ?? ''}”) until the new version is everywhere, and no revert brings the rows back.`;
  },
  remade: (input, losses) => `${named(input, losses)} ${losses.length === 1 ? 'is' : 'are'} dropped and made anew without the rows: everything in ${losses.length === 1 ? 'it' : 'them'} is lost, and no revert brings it back.`,
  replaced: (input, losses) => `${named(input, losses)} ${losses.length === 1 ? 'is' : 'are'} dropped and ${losses.length === 1 ? 'another table takes its name' : 'other tables take their names'}: rows that were not copied there before are lost, and no revert brings them back.`,
  emptied: (input, losses) => `TRUNCATE deletes every row of ${named(input, losses)}, and no revert brings them back; the running code finds ${losses.length === 1 ? 'it' : 'them'} empty at once.`,
};

const REMEDIES: Readonly<Record<Loss['how'], (losses: readonly Loss[]) => string>> = {
  dropped: (losses) => `First ship code that uses none of ${losses.length === 1 ? 'it' : 'them'}; then rename ${losses.length === 1 ? 'it' : 'them'} out of the way, and drop in a later release. Keep a dump if the rows could be wanted.`,
  remade: () => 'Change the table in place with ALTER TABLE, or fill the new one from the old (`INSERT INTO … SELECT …`) before the old one is dropped.',
  replaced: (losses) => `Compare the rows of both tables before, and keep ${losses.length === 1 ? 'the old one under another name (`ALTER TABLE … RENAME TO …_old`)' : 'the old ones under other names (`ALTER TABLE … RENAME TO …_old`)'} until the new version has proved itself.`,
  emptied: (losses) => `Delete in batches what is really not needed, with a condition that says so; take a dump of ${listInWords(losses.map(({ words }) => words))} before ${linesInWords(losses.map(({ judged }) => judged.step.span.startLine))} ${losses.length === 1 ? 'runs' : 'run'}.`,
};
