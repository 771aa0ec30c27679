import type { Evidence, Sighting } from '../../core/finding.js';
import type { DiffNeed, NeedKind } from '../../rollback/diff-needs.js';
import { ownFiles } from '../../rollback/hotfix-scope.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/hotfix-carries-migration',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A hotfix that also carries a migration',
    why: 'Code goes back with one command, a schema does not. A fix that comes with a migration can no longer be rolled back by itself, and a lock or a failed statement of the migration hits production in the middle of an incident.',
    remedy: 'Ship the code first, in a form that works on the schema as it is, and the migration in a pull request of its own. Where the fix needs it, let the migration go first and only add to the schema.',
    limits: 'Silent where the migration is the whole fix: nothing but migrations, schema dumps, tests and words is changed. Migrations are those that Belay reads as SQL, changelogs, programs of the known frameworks, and files in their folders.',
    references: [{ title: 'Martin Fowler, Parallel Change (expand and contract)', url: 'https://martinfowler.com/bliki/ParallelChange.html' }],
  },
  checks: {
    *pull({ changes, facts }): Iterable<Sighting> {
      const { hotfix, exactRevert, needs } = facts;
      if (!hotfix.hotfix || !facts.described || exactRevert !== null) return;
      const carried = needs.filter(({ kind }) => MIGRATION.has(kind));
      const [first] = [...carried].sort((one, other) => Number(one.kind === 'additive') - Number(other.kind === 'additive'));
      if (first === undefined) return;
      const migrations = new Set(carried.map(({ path }) => path));
      const folders = [...migrations].map((path) => path.replace(/[^/]*$/, ''));
      const rest = ownFiles(changes).filter((path) => !migrations.has(path) && !(path.endsWith('.sql') && folders.some((folder) => path.startsWith(folder))));
      if (rest.length === 0) return;
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'hotfix-carries-migration',
        message: `This hotfix changes \`${rest[0] ?? ''}\`${rest.length > 1 ? ` and ${rest.length - 1} more` : ''} and also carries ${first.where}, which ${first.does}${migrations.size > 1 ? ` (${migrations.size} migrations in all)` : ''}: the code can be rolled back with one command, the schema cannot.`,
        remedy: `Ship the code without ${first.where}, in a form that works on the schema as it is, and the migration in a pull request of its own.`,
        evidence: evidenceFor(carried),
      };
    },
  },
});

const MIGRATION: ReadonlySet<NeedKind> = new Set<NeedKind>(['lost', 'renamed', 'primary-key', 'rewritten', 'filled', 'stricter', 'migration-edited', 'unknown', 'additive']);

function evidenceFor(carried: readonly DiffNeed[]): readonly Evidence[] {
  return carried.slice(0, 6).map((need): Evidence => ({ kind: 'fact', text: `${need.where} ${need.does}`, source: need.path }));
}
