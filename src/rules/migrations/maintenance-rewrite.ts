import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, lockSentence, tableWords } from '../../migrations/describe.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { lockNow, workUnderLock } from '../../migrations/describe/work.js';
import { listWords } from '../../migrations/describe/words.js';
import type { Step } from '../../migrations/step.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/maintenance-rewrite',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A maintenance command rewrites the table while it is locked',
    why: '`VACUUM FULL`, `CLUSTER`, `SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE` and `SET ACCESS METHOD` copy the whole table and build its indexes anew under an ACCESS EXCLUSIVE lock. Nobody can read or write until the last row is written, and the disk needs room for a second copy.',
    remedy: 'Plain `VACUUM` is enough to keep a bloated table usable. To shrink, sort or move one in use, take `pg_repack`, which copies it while others work. For the rest create a second table the way it shall be, copy in batches, and swap the names.',
    limits: 'Silent on tables created in the same pull request, on those that `tables` in the configuration calls small, and where nothing changes (SET LOGGED on a table that is logged).',
    references: [
      { title: 'PostgreSQL: VACUUM', url: 'https://www.postgresql.org/docs/current/sql-vacuum.html' },
      { title: 'PostgreSQL: CLUSTER', url: 'https://www.postgresql.org/docs/current/sql-cluster.html' },
      { title: 'pg_repack', url: 'https://reorg.github.io/pg_repack/' },
    ],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, effect, tables } = input;
      const command = maintenance(step);
      if (command === null) return;
      const worked = workUnderLock(input);
      const [first] = worked;
      if (first === undefined) return;
      const named = 'table' in step && step.table !== null && effect.rewrite.length > 1 ? resolveRelation(input.before, step.table) : null;
      const on = named !== null ? tableWords(tables, named) : worked.length === 1 ? tableWords(tables, first) : `${String(worked.length)} tables (${listWords(worked.slice(0, 3).map(displayName))}${worked.length > 3 ? ' …' : ''})`;
      yield sightingAt(input, {
        symbol: displayName(named ?? first),
        message: `${command.words} writes all of ${on} and the indexes anew while it holds ${lockSentence(lockNow(input, first) ?? 'AccessExclusiveLock')}.`,
        remedy: command.remedy(displayName(named ?? first)),
      });
    },
  },
});

interface Maintenance {
  readonly words: string;
  readonly remedy: (table: string) => string;
}

const SECOND_TABLE = 'Create a second table the way it shall be (`CREATE TABLE … (LIKE … INCLUDING ALL)`), keep it in step with a trigger, copy the rows in batches, and swap the names.';

function maintenance(step: Step): Maintenance | null {
  switch (step.kind) {
    case 'vacuum':
      return step.full ? { words: 'VACUUM FULL', remedy: (table) => `Plain \`VACUUM ${table};\` makes the room usable again while others work; to give it back to the disk use \`pg_repack --table=${table}\`.` } : null;
    case 'cluster':
      return { words: 'CLUSTER', remedy: (table) => `Use \`pg_repack --table=${table} --order-by=…\`, which sorts a copy while others work and swaps it in.` };
    case 'set-persistence':
      return { words: step.unlogged ? 'SET UNLOGGED' : 'SET LOGGED', remedy: () => SECOND_TABLE };
    case 'set-tablespace':
      return { words: `SET TABLESPACE \`${step.tablespace}\``, remedy: (table) => `Use \`pg_repack --table=${table} --tablespace=${step.tablespace}\`, which moves a copy while others work and swaps it in.` };
    case 'set-access-method':
      return { words: `SET ACCESS METHOD \`${step.method ?? 'DEFAULT'}\``, remedy: () => SECOND_TABLE };
    default:
      return null;
  }
}
