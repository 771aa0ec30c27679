import type { Change } from '../../core/change-set.js';
import { normalCode } from '../../core/fingerprint.js';
import type { Framework, Migration } from '../migration.js';
import { readMigrations } from '../read-migrations.js';

/** What a framework makes of a merged migration whose text has changed. */
interface Consequence {
  readonly words: string;
  /** Whether comments and white space count for it. */
  readonly everyByte: boolean;
}

const COMPARED: Partial<Readonly<Record<Framework, Consequence>>> = {
  flyway: { words: 'Flyway compares checksums and stops on every database that has run it (“Migration checksum mismatch”)', everyByte: true },
  sqlx: { words: 'sqlx compares checksums and stops on every database that has run it (“was previously applied but has been modified”)', everyByte: true },
  refinery: { words: 'refinery compares checksums and stops on every database that has run it (applied migration is different)', everyByte: false },
  liquibase: { words: 'Liquibase compares checksums and stops on every database that has run it (“Validation Failed: … check sum”)', everyByte: false },
  prisma: { words: '`prisma migrate deploy` does not run it again where it has run, and `prisma migrate dev` wants to reset every such database (“was modified after it was applied”)', everyByte: false },
};

const RECORDED: Consequence = { words: 'databases that have run it have its version on record and never run it again, new ones get what it says now: from here on they differ', everyByte: false };

/** What happens because a merged migration's up direction says something else now; null when it says the same. */
export function editConsequence(migration: Migration, change: Change): string | null {
  if (change.before === null || change.after === null || migration.order.startsWith('~')) return null;
  const was = readMigrations(new Map([[change.previousPath ?? change.path, change.before]])).find((each) => each.id === migration.id);
  if (was === undefined) return null;
  const { words, everyByte } = COMPARED[migration.framework] ?? RECORDED;
  const single = migration.downPath !== null || migration.down === 'none';
  const same = everyByte && single ? change.before.replace(/\r\n/g, '\n') === change.after.replace(/\r\n/g, '\n') : codeOf(was, change.path) === codeOf(migration, change.path);
  return same ? null : words;
}

function codeOf(migration: Migration, path: string): string {
  const seen = new Set<number>();
  const statements = migration.up.flatMap((step) => {
    if (seen.has(step.statementIndex)) return [];
    seen.add(step.statementIndex);
    return [step.block?.statement ?? step.statement];
  });
  return normalCode(statements.join(';\n'), path);
}
