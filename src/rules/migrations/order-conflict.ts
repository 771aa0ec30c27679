import type { Sighting } from '../../core/finding.js';
import type { Migration } from '../../migrations/migration.js';
import { duplicateOf, lateBehind, unrecorded, type OrderConflict } from '../../migrations/patterns/order.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/order-conflict',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'The migration’s place in the history is taken or past',
    why: 'Two branches chose their versions without knowing of each other. Depending on the tool the deployment stops, or the migration is silently never run on the databases that have gone past it, while a fresh test database runs it and everything looks fine.',
    remedy: 'Give the migration a version behind the newest one of the base branch (rename its files, make the tool create it again), and merge the base branch before the next try.',
    limits:
      'Compares with the migrations that the head’s tree holds and this change does not bring: what the base branch got after this branch left it is not seen until it is merged in. dbmate, diesel, sqlx, Prisma, Hasura, sql-migrate and popx run a late migration after all; there it speaks only where a newer one that is merged touches the same column or makes, drops or renames the same table. In a scan only equal versions and gaps in Drizzle’s journal are told.',
    references: [
      { title: 'golang-migrate: migration versions', url: 'https://github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md' },
      { title: 'Flyway: outOfOrder', url: 'https://documentation.red-gate.com/flyway/reference/configuration/flyway-namespace/flyway-out-of-order-setting' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const { migration } = input;
      if (!isNew(input)) return;
      const conflict = duplicateOf(migration, input.everyLineNew ? input.others.filter((other) => other.path < migration.path) : input.others) ?? unrecorded(migration, input.others) ?? (input.everyLineNew ? null : lateBehind(migration, input.merged));
      if (conflict === null) return;
      const [first] = migration.up;
      yield {
        path: migration.path,
        span: first?.span ?? migration.spans.up,
        symbol: `${conflict.kind} ${migration.id}`,
        message: message(migration, conflict),
        remedy: remedy(conflict),
        evidence: [{ kind: 'fact', text: `\`${migration.id}\`${conflict.other === null ? '' : ` beside \`${conflict.other.id}\``}`, source: migration.history }],
      };
    },
  },
});

/** Whether this change brings the migration, rather than editing one that was there. */
function isNew({ migration, changes, everyLineNew }: WholeMigrationInput): boolean {
  const change = changes.get(migration.path);
  return everyLineNew || change?.status === 'added' || change?.status === 'renamed';
}

function message(migration: Migration, { kind, other, consequence }: OrderConflict): string {
  if (kind === 'unrecorded' || other === null) return `\`${migration.id}\` is never run: ${consequence}.`;
  if (kind === 'duplicate') return `\`${migration.id}\` has the same version as \`${other.id === migration.id ? other.path : other.id}\`: ${consequence}.`;
  return `\`${migration.id}\` is older than \`${other.id}\`, which is merged already: ${consequence}.`;
}

function remedy({ kind, other }: OrderConflict): string {
  if (kind === 'unrecorded') return 'Let `drizzle-kit generate` write it, which adds the entry to `meta/_journal.json`; or delete the file.';
  return `Give it a version behind \`${other?.id ?? 'the newest one'}\`: rename its files, or have the tool create it again.`;
}
