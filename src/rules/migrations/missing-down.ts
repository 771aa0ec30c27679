import type { Sighting } from '../../core/finding.js';
import type { Framework, Migration } from '../../migrations/migration.js';
import { excerpt } from '../../migrations/describe/places.js';
import { downCount, needsDown, undoneByPart, usesDowns, wayBack } from '../../migrations/patterns/down-habits.js';
import type { Step } from '../../migrations/step.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/missing-down',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The migration has no way back, and this history has them',
    why: 'Whoever rolls a release back counts on the downs that all other migrations have. Where one is missing or empty the tool stops, or, worse, records the version as undone while the schema stays: the next deployment then fails on what is there already.',
    remedy: 'Write the down that undoes the up, statement by statement in reverse, and try it: up, down, up. Where there can be none, say so in it (`RAISE EXCEPTION`), so that a rollback stops here and not behind it.',
    limits:
      'Speaks about the down direction, and only where the framework has one and at least two thirds of the last twenty migrations of this history that change the schema have it. Silent on migrations that only write rows, add values to enums or change settings, where a comment in the empty down says that nothing has to be undone, and on parts of a popx migration of which one undoes all. Tools without downs (Prisma, Drizzle, Supabase, Flyway without undo files) never get it. ' +
      'Counted over seventeen public histories (6,594 files): 5 findings.',
    references: [{ title: 'golang-migrate: best practices, reversible migrations', url: 'https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md' }],
  },
  checks: {
    *wholeMigration({ migration, others, changes }): Iterable<Sighting> {
      const back = wayBack(migration, changes);
      if (back.kind === 'there' || back.kind === 'explained' || back.kind === 'refused' || undoneByPart(migration, others) || !needsDown(migration) || !usesDowns(migration, others)) return;
      const first = migration.up.find((step) => step.kind !== 'transaction' && step.kind !== 'set-setting');
      const { have, of } = downCount(migration, others);
      const here = back.path !== migration.path && changes.has(back.path) ? back.path : migration.path;
      const line = here === back.path ? back.line : null;
      const span = line === null ? (first?.span ?? null) : { startLine: line, startColumn: 1, endLine: line, endColumn: 1 };
      yield {
        path: here,
        span,
        symbol: migration.id,
        message: `The down direction of this migration ${WORDS[back.kind]}, while ${of === 1 ? 'the one before it has one' : `${String(have)} of the ${String(of)} before it have one`}: a rollback ${CONSEQUENCES[back.kind]} \`${excerpt(first?.statement ?? migration.id)}\`.`,
        remedy: remedy(migration, first),
        evidence: [{ kind: 'fact', text: `${String(have)} of the last ${String(of)} migrations of \`${migration.history}\` that change the schema have a down`, source: migration.history }],
      };
    },
  },
});

const WORDS = { missing: 'is missing', empty: 'is empty', nothing: 'does nothing' } as const;
const CONSEQUENCES = { missing: 'stops here and cannot undo', empty: 'records it as undone and leaves what it did:', nothing: 'records it as undone and leaves what it did:' } as const;

const WHERE: Partial<Readonly<Record<Framework, string>>> = {
  'golang-migrate': 'a `.down.sql` file beside it',
  sqlx: 'a `.down.sql` file beside it',
  diesel: '`down.sql` beside it',
  hasura: '`down.sql` beside it',
  goose: 'the section `-- +goose Down`',
  'sql-migrate': 'the section `-- +migrate Down`',
  dbmate: 'the section `-- migrate:down`',
  'node-pg-migrate': 'the section `-- Down Migration`',
  flyway: 'an undo file `U…__….sql` beside it',
  sqitch: 'the file of the same name below `revert/`',
};

function remedy(migration: Migration, first: Step | undefined): string {
  const undo = first === undefined ? null : inverse(first);
  return `Write the way back into ${WHERE[migration.framework] ?? 'its down'}${undo === null ? '' : `, beginning at the end with \`${undo}\``}; where there can be none, let it \`RAISE EXCEPTION\` so that a rollback stops there.`;
}

/** The statement that undoes a step, where it is that simple. */
function inverse(step: Step): string | null {
  switch (step.kind) {
    case 'create-table':
      return `DROP TABLE ${step.table.name};`;
    case 'add-column':
      return `ALTER TABLE ${step.table.name} DROP COLUMN ${step.column.name};`;
    case 'create-index':
      return step.index === null ? null : `DROP INDEX ${step.index};`;
    case 'create-view':
      return `DROP VIEW ${step.view.name};`;
    case 'create-enum':
      return `DROP TYPE ${step.type.name};`;
    case 'set-not-null':
      return `ALTER TABLE ${step.table.name} ALTER COLUMN ${step.column} DROP NOT NULL;`;
    default:
      return null;
  }
}
