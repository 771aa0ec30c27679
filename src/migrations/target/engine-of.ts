import type { Migration } from '../migration.js';
import type { Target } from '../target.js';

/** Words that only Postgres has, or that no MySQL accepts where they stand. */
const POSTGRES = /\bCONCURRENTLY\b|::\s*\w|\$\$|\b(?:big|small)?serial\b|\bjsonb\b|\btimestamptz\b|\bwith(?:out)? time zone\b|\bbytea\b|\buuid\b|\bCREATE EXTENSION\b|\bCREATE (?:TYPE|DOMAIN|POLICY|MATERIALIZED)\b|\bUSING (?:gin|gist|brin)\b|\btext\[\]|\bALTER COLUMN "?\w+"? (?:TYPE|SET|DROP)\b|\bRETURNING\b|\bnextval\b|\bILIKE\b|\bON CONFLICT\b|\bGENERATED (?:ALWAYS|BY DEFAULT) AS IDENTITY\b|"public"\./i;

/** Frameworks that record the engine: what is not for Postgres is opaque when they are read. */
const RECORDED: ReadonlySet<Migration['framework']> = new Set(['prisma', 'drizzle', 'supabase', 'hasura']);

const OTHER = /^written for (mysql|mariadb)$/i;

/** Statements that are looked at; a history says early what it is written for. */
const MOST_STATEMENTS = 400;

/**
 * The engine that migrations are written for, by their framework's own record and by their text; null where neither tells.
 * One for Postgres among them decides: the others are then opaque by themselves.
 */
export function engineOf(migrations: readonly Migration[]): Target['engine'] | null {
  let other: Target['engine'] | null = null;
  let seen = 0;
  for (const migration of migrations) {
    for (const step of migration.up) {
      if (step.kind === 'opaque') {
        const named = OTHER.exec(step.reason)?.[1]?.toLowerCase();
        if (named !== undefined) other ??= named === 'mariadb' ? 'mariadb' : 'mysql';
        continue;
      }
      seen += 1;
      if (RECORDED.has(migration.framework)) return 'postgres';
      if (seen <= MOST_STATEMENTS && POSTGRES.test(step.statement.slice(0, 5000))) return 'postgres';
    }
  }
  return other;
}
