import type { Sighting } from '../../core/finding.js';
import { excerpt } from '../../migrations/describe/places.js';
import { downPlace, meansToUndo, observation } from '../../migrations/describe/proof.js';
import { defineRule } from '../define-rule.js';

/** Classes of errors that tell of the server and not of the statement: resources, operator intervention, its system, its bugs, and what it does not do. */
const OF_THE_SERVER = /^(?:0A|53|54|57|58|F0|XX)/;

export const rule = defineRule({
  id: 'migrations/down-fails',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The way back ends with an error',
    why: 'A down is run for the first time in the middle of an incident. One that the server refuses leaves the schema half undone, or the tool with a migration that counts neither as applied nor as undone, and whoever is on call repairs it by hand.',
    remedy: 'Run it: up, down, up, on a database with rows. Undo in reverse order, name things as up named them, and drop what depends on something before that.',
    limits:
      'Proved, not guessed: both directions run on a database of their own, on rows that Belay seeds. Speaks where the server refused a statement of the down direction; what it refuses only when tables hold rows is said so. ' +
      'Silent on errors that tell of the server and not of the statement, and where the down is empty or says that there is none.',
    references: [{ title: 'Postgres: error codes', url: 'https://www.postgresql.org/docs/current/errcodes-appendix.html' }],
  },
  checks: {
    *proof({ proof, migration, server, changes }): Iterable<Sighting> {
      const { downError } = proof;
      if (downError === undefined || OF_THE_SERVER.test(downError.sqlstate) || !meansToUndo(migration, changes)) return;
      const { statement, line, error, sqlstate, onlyWithRows } = downError;
      const { path, span } = downPlace(migration, changes, line);
      yield {
        path,
        span,
        symbol: `down ${migration.id}`,
        message: `The down direction fails${onlyWithRows ? ' as soon as the tables hold rows' : ''}: \`${excerpt(statement)}\` ends with “${excerpt(error, 200)}” (${sqlstate}), so a rollback stops there.`,
        remedy: onlyWithRows ? 'Let the down put the rows right before it: remove or convert what does not fit the schema before.' : 'Write the down in reverse order of the up, with the names that the up gave, and run up, down, up once.',
        evidence: [observation(server, `\`${excerpt(statement, 120)}\` after the up direction${onlyWithRows ? ' and with three seeded rows in a table' : ''}: ${excerpt(error, 300)} (SQLSTATE ${sqlstate})`)],
      };
    },
  },
});
