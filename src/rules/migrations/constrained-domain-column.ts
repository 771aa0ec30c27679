import type { Sighting } from '../../core/finding.js';
import { findDomain, resolveRelation, type Catalog } from '../../migrations/catalog.js';
import type { TypeName } from '../../migrations/definition.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { columnCause } from '../../migrations/describe/added-column.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { laterWords } from '../../migrations/describe/transaction.js';
import { isHeavy, lockNow } from '../../migrations/describe/work.js';
import { typeWords } from '../../migrations/describe/words.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/constrained-domain-column',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A new column of a domain with checks rewrites the whole table',
    why: 'A constant default is normally kept once for all rows. Not so for a domain with a CHECK or NOT NULL: to check the value Postgres writes every row and every index anew, under an ACCESS EXCLUSIVE lock that blocks all reads and writes; even without a default, on every version.',
    remedy: 'Add the column with the domain’s base type and give it the same checks as a constraint of the table that is NOT VALID; validate that in a later transaction.',
    limits: 'Knows the domains that the repository’s history creates. Silent on domains without constraints, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [
      { title: 'PostgreSQL: CREATE DOMAIN', url: 'https://www.postgresql.org/docs/current/sql-createdomain.html' },
      { title: 'PostgreSQL: ALTER TABLE, what rewrites a table', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (step.kind !== 'add-column' || !isHeavy(input, step.table)) return;
      const cause = columnCause(input, step);
      if (cause?.kind !== 'rewrite' || cause.reason !== 'domain') return;
      const key = resolveRelation(input.before, step.table);
      yield sightingAt(input, {
        symbol: `${displayName(key)}.${step.column.name}`,
        message: `Adding \`${displayName(key)}.${step.column.name}\` of domain \`${typeWords(step.column.type)}\`, which has constraints, writes all of ${tableWords(tables, key)} and its indexes anew while it holds ${lockSentence(lockNow(input, key) ?? 'AccessExclusiveLock')}.`,
        remedy: remedy(input, step),
      });
    },
  },
});

/** The type beneath all domains. */
function baseOf(catalog: Catalog, type: TypeName): TypeName {
  let base = type;
  for (let depth = 0; depth < 20; depth += 1) {
    const domain = findDomain(catalog, base);
    if (domain === undefined) return base;
    base = domain.type;
  }
  return base;
}

function remedy(input: MigrationInput, step: StepOf<'add-column'>): string {
  const table = sqlName(step.table);
  const column = quoteName(step.column.name);
  const fallback = step.column.default === null ? '' : ` DEFAULT ${step.column.default.text}`;
  const name = quoteName(`${step.table.name}_${step.column.name}_check`.slice(0, 63));
  return `\`ALTER TABLE ${table} ADD COLUMN ${column} ${typeWords(baseOf(input.before, step.column.type))}${fallback};\`, then \`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (…) NOT VALID;\` with the domain’s conditions on \`${column}\`, and, ${laterWords(input)}, \`ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};\`.`;
}
