import type { Change } from '../../core/change-set.js';
import type { Sighting } from '../../core/finding.js';
import { linesInWords, listInWords } from '../../migrations/describe/places.js';
import { placeOf } from '../../migrations/frameworks/layout.js';
import { editConsequence } from '../../migrations/patterns/edited.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/merged-migration-edited',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A merged migration is edited, renamed or removed',
    why: 'Once it is merged a migration may have run anywhere: in production, on a colleague’s machine, in a test environment. Tools record that it has run and do not run it again, so that the edit reaches new databases only and the old ones stay as they are, silently; tools that compare checksums stop the next deployment instead.',
    remedy: 'Take the file back to what the base branch has (`git checkout <base> -- <file>`) and put the change into a new migration. Where it has certainly run nowhere yet, have a second person accept this finding.',
    limits:
      'Compares the up direction only: edits of a down, and of comments and white space where the tool does not mind them (Flyway and sqlx do), are fine. Silent on repeatable migrations (`R__…`), and in scans, which have nothing to compare with. A new name that keeps the version is told for Flyway only. Whether it has run anywhere is not known here.',
    references: [
      { title: 'Flyway: validate', url: 'https://documentation.red-gate.com/flyway/reference/commands/validate' },
      { title: 'Prisma: patching and hotfixing', url: 'https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing' },
    ],
  },
  checks: {
    *wholeMigration({ migration, changes, everyLineNew }): Iterable<Sighting> {
      const change = changes.get(migration.path);
      if (everyLineNew || change === undefined || change.status === 'added') return;
      const consequence = editConsequence(migration, change);
      if (consequence === null) return;
      const touched = change.touched[0] ?? { start: migration.spans.up.startLine, end: migration.spans.up.startLine };
      yield {
        path: migration.path,
        span: { startLine: touched.start, startColumn: 1, endLine: touched.end, endColumn: 1 },
        symbol: migration.id,
        message: `\`${migration.id}\` is merged already and says something else now (${linesInWords(change.touched.map(({ start }) => start))}): ${consequence}.`,
        remedy: 'Take the file back to what the base branch has and put the change into a new migration.',
        evidence: [{ kind: 'fact', text: `${migration.path} is in the base branch with another text`, source: migration.path }],
      };
    },
    *pull({ changes }): Iterable<Sighting> {
      const gone = changes.filter((change) => isGone(change));
      const [first] = gone;
      if (first === undefined || isWholeHistory(gone, changes)) return;
      yield {
        path: null,
        span: null,
        symbol: gone.map(pathBefore).join(' '),
        message: `${listInWords(gone.map(describe))} ${gone.length === 1 ? 'is merged already and goes' : 'are merged already and go'} by another version or none now: databases that have run ${gone.length === 1 ? 'it' : 'them'} have the old version on record, tools that compare stop there (Flyway, sqlx, golang-migrate, node-pg-migrate), and under a new version the same change runs a second time.`,
        remedy: 'Leave the file as the base branch has it; what is to be undone goes into a new migration.',
        evidence: [{ kind: 'fact', text: gone.map((change) => `${pathBefore(change)}: ${change.status}`).join(', '), source: 'the change' }],
      };
    },
  },
});

function pathBefore(change: Change): string {
  return change.previousPath ?? change.path;
}

function describe(change: Change): string {
  return change.status === 'renamed' ? `\`${pathBefore(change)}\` (renamed to \`${change.path}\`)` : `\`${pathBefore(change)}\` (removed)`;
}

/** Whether an up migration is removed, or gets another version. */
function isGone(change: Change): boolean {
  if (change.status !== 'removed' && change.status !== 'renamed') return false;
  const before = placeOf(pathBefore(change));
  if (before === null || before.direction === 'down' || before.layout === 'flyway-repeatable') return false;
  if (change.status === 'removed') return true;
  const after = placeOf(change.path);
  return after === null || versionOf(after.id) !== versionOf(before.id);
}

/** The number in front, or the whole name where there is none. */
function versionOf(id: string): string {
  return /^\d[\d._-]*/.exec(id)?.[0].replace(/[._-]+$/, '') ?? id;
}

/** So many at once, and nothing new in their place: a service goes, with its database. */
const MANY = 10;

function isWholeHistory(gone: readonly Change[], changes: readonly Change[]): boolean {
  const histories = new Set(gone.map((change) => placeOf(pathBefore(change))?.history));
  const stays = changes.some((change) => change.status !== 'removed' && histories.has(placeOf(change.path)?.history));
  return gone.length >= MANY && !stays && gone.every((change) => change.status === 'removed');
}
