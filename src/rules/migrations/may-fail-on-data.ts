import type { Sighting } from '../../core/finding.js';
import { effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, excerpt, linesInWords } from '../../migrations/describe/places.js';
import { observation } from '../../migrations/describe/proof.js';
import { dataFailures } from '../../migrations/patterns/data-failures.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/may-fail-on-data',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The migration fails on rows that production has',
    why: 'It runs on an empty test database and fails on the one with rows: a column that nobody has filled becomes NOT NULL, doubles stand in the way of a unique index, a text is no number. The deployment stops half-way, with the new code out or not, and an index that was built concurrently stays behind invalid.',
    remedy: 'Put the rows right first, in a migration that is through before this one starts; look for what does not fit with a query on a copy of production.',
    limits:
      'Speaks of columns that came with the same migration and hold NULL, or one default, in every row; of unique indexes on small tables where the columns were not unique before (built concurrently they are what Belay advises, and fail without harm); and of text that becomes a number, date, uuid, JSON or enum by a plain cast. Silent where an earlier statement of the migration writes to the table, where `tables` in the configuration says `rows: 0`, and where the rule about the statement’s lock has a finding on it already (unique constraints and indexes that block, SET NOT NULL on filled columns). ' +
      'Where the migration was run on seeded rows, also of a column that turned out to hold NULL in each of them; other refusals on seeded rows say little of the rows that production has and stand in the check run only. ' +
      'Counted over nine public histories (2,433 migrations): 22 of them.',
    references: [
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
      { title: 'PostgreSQL: ALTER TABLE', url: 'https://www.postgresql.org/docs/current/sql-altertable.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const all = dataFailures(input, input.tables);
      for (const kind of ['certain', 'values'] as const) {
        const these = all.filter((each) => each.kind === kind);
        const [first, ...others] = these;
        if (first === undefined) continue;
        yield {
          path: input.migration.path,
          ...anchoredOn(these.map(({ judged }) => ({ words: '', span: judged.step.span }))),
          symbol: these.map(({ symbol }) => symbol).join(' '),
          message: `${first.words}.${others.length === 0 ? '' : ` The same kind of failure waits on ${linesInWords(others.map(({ judged }) => judged.step.span.startLine))}.`}`,
          remedy: first.remedy,
          evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
        };
      }
    },
    *proof({ proof, migration, server }): Iterable<Sighting> {
      const failure = proof.failsOnRows;
      // What breaks a uniqueness, a reference or a cast depends on the values, and the seeded ones are made up.
      if (failure === undefined || failure.sqlstate !== NOT_NULL_VIOLATION) return;
      const step = migration.up.find(({ statementSpan }) => statementSpan.startLine <= failure.line && failure.line <= statementSpan.endLine);
      if (step === undefined) return;
      yield {
        path: migration.path,
        span: step.statementSpan,
        symbol: `rows ${migration.id}`,
        message: `\`${excerpt(failure.statement)}\` runs on empty tables and fails on any that hold a row: “${excerpt(failure.error, 200)}”.`,
        remedy: 'Give the column a default, or fill it in an earlier migration, before it must not be NULL.',
        evidence: [observation(server, `with three seeded rows in the table, ${excerpt(failure.error, 300)} (SQLSTATE ${failure.sqlstate}); without them it runs`)],
      };
    },
  },
});

const NOT_NULL_VIOLATION = '23502';
