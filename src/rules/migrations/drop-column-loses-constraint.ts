import type { Sighting } from '../../core/finding.js';
import { indexesOf, resolveRelation } from '../../migrations/catalog.js';
import type { Constraint } from '../../migrations/definition.js';
import { displayName, effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, listInWords } from '../../migrations/describe/places.js';
import { mentionsColumn } from '../../migrations/fold/constraints.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { mentionsWord } from '../../migrations/patterns/copies.js';
import { isAbsentColumn, isNewColumn } from '../../migrations/patterns/existing.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-column-loses-constraint',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A dropped column takes a constraint of other columns along',
    why: 'DROP COLUMN also drops, without a word, every constraint and unique index that the column is part of. The other columns stay, and what was guaranteed of them is guaranteed no longer: duplicates, orphans or impossible values come in from the next insert on and are found weeks later.',
    remedy: 'Decide what is to hold of the columns that stay, and build that first: a unique index on them (`CREATE UNIQUE INDEX CONCURRENTLY`), a foreign key or a check (`NOT VALID`, then `VALIDATE CONSTRAINT`). Or drop the constraint by name in the same migration, so that everybody sees it go.',
    limits:
      'Silent on constraints of the dropped column alone (other than a primary key), where the other columns go as well, where the constraint is named in the migration, and where the migration adds one of the same kind on one of the columns that stay. A plain index that goes is told with the column.',
    references: [{ title: 'PostgreSQL: ALTER TABLE, DROP COLUMN', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const lost = input.steps.flatMap((judged) => lostWith(input, judged));
      const [first] = lost;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(lost.map(({ judged }) => ({ words: '', span: judged.step.span }))),
        symbol: lost.map(({ table, name }) => `${table}.${name}`).join(' '),
        message: lost.map(sentence).join(' '),
        remedy: `Build what is to hold of the columns that stay before the column goes, or drop ${listInWords(lost.map(({ name }) => `\`${name}\``))} by name, so that it is seen to go.`,
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

interface Lost {
  readonly judged: JudgedStep;
  readonly table: string;
  readonly column: string;
  readonly name: string;
  readonly kind: Constraint['kind'] | 'unique-index';
  readonly columns: readonly string[];
  readonly staying: readonly string[];
  /** A check's text. */
  readonly text: string;
}

const NOUNS: Readonly<Record<Lost['kind'], string>> = {
  'primary-key': 'primary key', unique: 'unique constraint', 'unique-index': 'unique index', 'foreign-key': 'foreign key', check: 'check', exclude: 'exclusion constraint', 'not-null': 'NOT NULL constraint',
};

function lostWith(input: WholeMigrationInput, judged: JudgedStep): Lost[] {
  const { step, before } = judged;
  if (step.kind !== 'drop-column') return [];
  const key = resolveRelation(before, step.table);
  const table = before.tables.get(key);
  const after = input.after.tables.get(key);
  if (table === undefined || after === undefined || isNewColumn(judged, key, step.column) || isAbsentColumn(judged, key, step.column, step.columnIfExists || step.ifExists)) return [];
  const staying = (columns: readonly string[]): string[] => columns.filter((column) => column !== step.column && after.columns.has(column));
  const shared = { judged, table: displayName(key), column: step.column };
  const constraints = [...table.constraints.values()].flatMap(({ name, definition }): Lost[] => {
    if (!mentionsColumn(definition, step.column) || definition.kind === 'not-null') return [];
    const columns = definition.kind === 'check' ? definition.expression.columns : definition.columns;
    return [{ ...shared, name, kind: definition.kind, columns, staying: staying(columns), text: definition.kind === 'check' ? definition.expression.text : '' }];
  });
  const indexes = indexesOf(before, key).flatMap((index): Lost[] => {
    if (!index.unique || index.constraint !== null || !index.mentions.includes(step.column)) return [];
    const columns = index.columns.flatMap((column) => column ?? []);
    return [{ ...shared, name: index.name, kind: 'unique-index', columns, staying: staying(columns), text: '' }];
  });
  return [...constraints, ...indexes].filter((lost) => isMissed(input, key, lost));
}

function isMissed(input: WholeMigrationInput, key: string, lost: Lost): boolean {
  if (lost.kind !== 'primary-key' && lost.staying.length === 0) return false;
  if (input.migration.up.some((step) => mentionsWord(step.statement, lost.name))) return false;
  const after = [...(input.after.tables.get(key)?.constraints.values() ?? [])];
  const isNewIn = (name: string): boolean => input.before.tables.get(key)?.constraints.has(name) !== true;
  switch (lost.kind) {
    case 'primary-key':
      return !after.some((each) => each.definition.kind === 'primary-key');
    case 'unique':
    case 'unique-index':
      return !indexesOf(input.after, key).some((index) => index.unique && !input.before.indexes.has(index.key) && index.columns.some((column) => column !== null && lost.staying.includes(column)));
    default:
      return !after.some((each) => each.definition.kind === lost.kind && isNewIn(each.name) && lost.staying.some((column) => mentionsColumn(each.definition, column)));
  }
}

function columnsInWords(columns: readonly string[]): string {
  return listInWords(columns.map((column) => `\`${column}\``));
}

function sentence(lost: Lost): string {
  const { judged, table, column, name, kind, columns, staying } = lost;
  const start = `Dropping \`${table}.${column}\` on line ${String(judged.step.span.startLine)} also drops the ${NOUNS[kind]} \`${name}\``;
  switch (kind) {
    case 'primary-key':
      return `${start}${columns.length === 1 ? '' : ` on ${columnsInWords(columns)}`}: \`${table}\` has none from then on, rows can be doubled, and logical replication refuses its updates and deletes.`;
    case 'unique':
    case 'unique-index':
      return `${start} on ${columnsInWords(columns)}: nothing keeps ${columnsInWords(staying)} from holding the same value${staying.length === 1 ? '' : 's'} in two rows of \`${table}\`.`;
    case 'foreign-key':
      return `${start} on ${columnsInWords(columns)}: nothing checks from then on that what ${columnsInWords(staying)} of \`${table}\` ${staying.length === 1 ? 'refers' : 'refer'} to exists.`;
    default:
      return `${start}${lost.text === '' ? '' : ` (\`${lost.text.slice(0, 80)}\`)`}: nothing guards ${columnsInWords(staying)} of \`${table}\` from then on.`;
  }
}
