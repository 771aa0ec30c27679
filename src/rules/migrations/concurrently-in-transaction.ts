import type { Sighting } from '../../core/finding.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { howOutside } from '../../migrations/describe/transaction.js';
import { isRefusedInTransaction } from '../../migrations/describe/work.js';
import type { Step } from '../../migrations/step.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/concurrently-in-transaction',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'The server refuses this statement inside a transaction',
    why: 'CONCURRENTLY works in several transactions of its own, so Postgres refuses it inside one (“cannot run inside a transaction block”, 25001). The same goes for `VACUUM`, `REINDEX SCHEMA` and `DATABASE` and, before Postgres 12, `ALTER TYPE … ADD VALUE`. Most migration tools open a transaction of their own, and several statements sent as one string are one as well: the deployment stops here.',
    remedy: 'Give the statement a migration of its own and switch the transaction off in the way of your tool: `-- +goose NO TRANSACTION`, `-- migrate:up transaction:false`, `disable_ddl_transaction!`, `run_in_transaction = false` …',
    limits: 'Silent where the file switches its transaction off, and on plain SQL files whose runner is not known. Knows how each tool runs its files by default, not options on its command line.',
    references: [
      { title: 'PostgreSQL: building indexes concurrently', url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY' },
      { title: 'PostgreSQL: multiple statements in a simple query', url: 'https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      if (!isRefusedInTransaction(input)) return;
      const { step, migration } = input;
      const what = words(step);
      const { scope, reason } = migration.transaction;
      const why = step.block !== undefined ? 'a DO block or function is part of a transaction' : scope === 'none' ? 'this one stands between BEGIN and COMMIT' : reason;
      yield sightingAt(input, {
        symbol: what,
        message: `\`${what}\` fails, and the deployment stops (“cannot run inside a transaction block”): ${why}.`,
        remedy: `${scope === 'none' ? 'Run it outside the transaction' : 'It has to run by itself'}: ${howOutside(input, instead(step))}`,
      });
    },
  },
});

function words(step: Step): string {
  const statement = step.statement.replace(/\s+/g, ' ').trim();
  return statement.length > 80 ? `${statement.slice(0, 77)}…` : statement;
}

function instead(step: Step): string {
  return step.kind === 'create-index' ? 'build the index by hand before the deployment and keep `CREATE INDEX IF NOT EXISTS` in the migration' : 'run it by hand beside the deployment';
}
