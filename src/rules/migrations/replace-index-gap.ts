import type { Sighting } from '../../core/finding.js';
import { indexesOf, resolveRelation, type Index } from '../../migrations/catalog.js';
import { displayName, isSmallTable, tableWords } from '../../migrations/describe.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterSteps } from '../../migrations/describe/step-in-context.js';
import { sharesTransaction } from '../../migrations/describe/transaction.js';
import { isInUse } from '../../migrations/describe/work.js';
import { quoteName } from '../../migrations/quote.js';
import type { Step, StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/replace-index-gap',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Queries have no index until its replacement is built',
    why: 'The old index is dropped first and the new one built afterwards, in statements of their own. Building takes minutes to hours on a large table, and so long every query that needs the index reads the whole table. Of a unique index the uniqueness is gone as well, and the new one cannot be built once a duplicate has come in.',
    remedy: 'Turn the order round: build the new index under another name with `CREATE INDEX CONCURRENTLY`, then drop the old one, then rename if the name matters (`ALTER INDEX … RENAME TO …`).',
    limits: 'Speaks where an index is dropped and one that starts with the same column is built later in the same migration, outside a transaction (inside one nobody sees the gap; there the lock is the matter). Silent where another index starts with that column or a primary key or unique constraint on it comes first, on tables created in the same pull request, and on small ones.',
    references: [{ title: 'PostgreSQL: REINDEX, how to replace an index', url: 'https://www.postgresql.org/docs/current/sql-reindex.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step } = input;
      if (step.kind !== 'drop-index' || sharesTransaction(input)) return;
      for (const name of step.indexes) {
        const index = input.before.indexes.get(resolveRelation(input.before, name));
        const successor = index === undefined ? undefined : replacement(input, index);
        if (index === undefined || successor === undefined) continue;
        const enforced = index.unique && successor.unique ? ', and nothing keeps duplicates out' : '';
        yield sightingAt(input, {
          symbol: displayName(index.key),
          message: `Index \`${index.name}\` is dropped before ${successor.index === null || successor.index === index.name ? 'its replacement' : `\`${successor.index}\``} is built (line ${String(successor.span.startLine)}): until that is done queries by \`${index.columns[0] ?? ''}\` read all of ${tableWords(input.tables, index.table)}${enforced}.`,
          remedy: remedy(index, successor),
        });
      }
    },
  },
});

/** What takes the place of a dropped index, when nothing else does meanwhile. */
function replacement(input: MigrationInput, index: Index): StepOf<'create-index'> | undefined {
  const [first] = index.columns;
  if (first == null || !isInUse(input.before, index.table) || isSmallTable(input.tables, index.table)) return undefined;
  const covered = indexesOf(input.before, index.table).some((other) => other.key !== index.key && other.columns[0] === first && !other.partial && (!index.unique || other.unique));
  if (covered) return undefined;
  const next = laterSteps(input).find((step) => firstColumn(step) === first && 'table' in step && step.table !== null && resolveRelation(input.before, step.table) === index.table);
  return next?.kind === 'create-index' ? next : undefined;
}

/** The first column of the index that a step makes. A key locks the table while it builds its own: nobody queries meanwhile. */
function firstColumn(step: Step): string | null {
  if (step.kind === 'create-index') return step.elements[0]?.column ?? null;
  if (step.kind !== 'add-constraint') return null;
  return step.constraint.kind === 'primary-key' || step.constraint.kind === 'unique' ? (step.constraint.columns[0] ?? null) : null;
}

function remedy(index: Index, successor: StepOf<'create-index'>): string {
  if (successor.index !== index.name) return `Build first, drop afterwards: move this statement behind line ${String(successor.span.endLine)}.`;
  const name = quoteName(`${index.name.slice(0, 59)}_new`);
  return `Build the new index as \`${name}\`, then \`DROP INDEX CONCURRENTLY ${quoteName(index.name)};\` and \`ALTER INDEX ${name} RENAME TO ${quoteName(index.name)};\`.`;
}
