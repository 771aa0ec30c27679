import type { Evidence, Sighting } from '../../core/finding.js';
import { defineRule, type Facts } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/plan-contradicts-diff',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Rollback plan that does not undo this change',
    why: 'A revert brings back code, and nothing else. Where the same change drops a column, renames a table or rewrites rows, the old code comes back to a database that it does not know: the rollback fails at the very moment it is needed, and what was dropped is gone. The same holds for formats in queues and caches, for contracts with clients that do not go back, and for deployments that run migrations by themselves.',
    remedy:
      'Say in the plan where dropped or rewritten data comes back from (a saved copy, a backup and the command that restores it, an inverse statement), in which order schema and code go back, or which earlier release already stopped using what is dropped. Or take the migration out of the hotfix.',
    limits:
      'Speaks only of hotfixes and production bases that have a plan, and only of what the diff shows: SQL and changelogs through the migration readers, migrations written as programs (Rails, Django, Alembic, Laravel, Knex, TypeORM, Sequelize, Ecto, Entity Framework) by their calls, a migration without text by its name. New nullable columns, new tables and indexes that are not unique need nothing. The author’s words are believed: whether the backup exists is not checked.',
    references: [
      { title: 'Martin Fowler, Parallel Change (expand and contract)', url: 'https://martinfowler.com/bliki/ParallelChange.html' },
      { title: 'Google SRE book, Release Engineering', url: 'https://sre.google/sre-book/release-engineering/' },
    ],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      const { hotfix, exactRevert, validity } = facts;
      const [first] = validity.gaps;
      if (!hotfix.hotfix || !facts.described || exactRevert !== null || validity.valid !== false || first === undefined) return;
      const remedies = [...new Set(validity.gaps.map((gap) => gap.remedy))];
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'rollback-plan-against-diff',
        message: first.sentence,
        remedy: remedies.slice(0, 3).join(' '),
        evidence: evidenceFor(facts),
      };
    },
  },
});

/** How many gaps are told; the rest are counted. */
const TOLD = 8;

function evidenceFor({ plan, validity }: Facts): readonly Evidence[] {
  const { gaps, denied } = validity;
  const words = denied ?? plan.quote.split('\n')[0] ?? '';
  const rest = gaps.length - TOLD;
  return [
    { kind: 'quote', text: words.length > 160 ? `${words.slice(0, 159)}…` : words, path: null, line: null },
    ...gaps.slice(0, TOLD).map(({ need }): Evidence => ({ kind: 'fact', text: `${need.where.charAt(0).toUpperCase()}${need.where.slice(1)} ${need.does}`, source: need.path })),
    ...(rest > 0 ? [{ kind: 'fact', text: `${rest} more of the kind`, source: 'the diff' } as const] : []),
  ];
}
