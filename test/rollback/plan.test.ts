import { describe, expect, it } from '@jest/globals';
import { readPlan, type RollbackPlan } from '../../src/rollback/plan.js';

const TEMPLATE = '## Rollback plan\nHow do we undo this?\n- [ ] feature flag\n- [ ] revert';
const context = { templates: [TEMPLATE], changesData: false };

const CASES: readonly (readonly [RollbackPlan['status'], string, string])[] = [
  ['missing', 'no word of it', 'Fixes the NaN.'],
  ['missing', 'a transaction that rolls back', 'Fix bug where the transaction is rolled back on error.'],
  ['missing', 'only in a quote', '> ## Rollback\n> helm rollback x 1'],
  ['missing', 'only in an HTML comment', '<!-- Rollback: helm rollback x 1 -->\nSmall fix.'],
  ['missing', 'an empty description', ''],
  ['missing', 'the end of a wrapped sentence', 'The lock is kept while the row is read, which is safer than\nreverting.'],
  ['placeholder', 'a comment under the heading', '## Rollback plan\n<!-- how -->\n'],
  ['placeholder', 'TBD', '## Rollback plan\nTBD'],
  ['placeholder', 'N/A', '## Rollback plan\nN/A'],
  ['placeholder', 'the untouched template', TEMPLATE],
  ['placeholder', 'the literal of a template command', '## Rollback\n`git revert MERGE_SHA`'],
  ['vague', 'an intention', '## Rollback plan\nWe will roll back if needed.'],
  ['vague', 'revert this PR', 'If it breaks, revert this PR.'],
  ['vague', 'the runbook, somewhere', '## Rollback\nSee the runbook.'],
  ['present', 'a command under a heading', '## Rollback\n`helm rollback checkout 41`'],
  ['present', 'a setext heading', 'Rollback plan\n-------------\nRevert the merge commit with `git revert -m 1 1a2b3c4`; code only.'],
  ['present', 'a bold label with a flag and its value', '**Rollback plan:** set `CHECKOUT_V2=false` in the config map and redeploy v1.42.3'],
  ['present', 'a key and a value', 'Risk: low\nRollback: fly deploy --image registry.fly.io/api:v41'],
  ['present', 'a table row', '| Item | Value |\n|---|---|\n| Rollback | kubectl rollout undo deployment/api |'],
  ['present', 'details and summary', '<details><summary>Rollback plan</summary>\n\n1. `argocd app rollback checkout 12`\n2. page @sre\n\n</details>'],
  ['present', 'the author’s word that a plain revert is enough', 'Rollback: a plain revert is enough, no migrations and no data changes.'],
  ['placeholder', 'nothing yet, in Chinese', '## 回滚方案\n待定。'],
  ['placeholder', 'nothing yet, in French', '## Plan de retour arrière\nÀ définir'],
  ['placeholder', 'not needed', '## Rollback\nNot needed.'],
  ['placeholder', 'the literals of a template command, in brackets', '## Rollback\n`helm rollback <release> <revision>`'],
  ['vague', 'git revert, of nothing', '## Rollback\nJust git revert.'],
  ['present', 'git revert of what will be merged', '## Rollback\n`git revert` the merge commit of this PR; redeploy.'],
  ['present', 'a sentence with a colon', '## Rollback\nA plain revert of this PR is enough: code only, nothing else needs undoing.'],
  ['present', 'a command with a colon behind it', '## Rückfallplan\n`helm rollback shop 12`, zuständig: @jan.'],
  ['present', 'a plain revert, in German', '## Rollback-Plan\nRevert des Merge-Commits reicht, keine Migration, keine Datenänderung.'],
  ['present', 'a plain revert, in French', '## Retour arrière\nUn simple revert de cette PR suffit : pas de migration.'],
  ['present', 'a cloud command', '## Undo\n`aws ssm put-parameter --name /shop/pricing --value off --overwrite` switches it off.'],
  ['present', 'a script of the repository', '## Rollback\nRun `./ops/rollback.sh` to restore the old image.'],
  ['present', 'another language', '### ロールバック\n`git revert 1a2b3c4d` を実行する'],
];

describe('reading a rollback plan', () => {
  it.each(CASES)('%s: %s', (status, _what, body) => {
    expect(readPlan(body, context).status).toBe(status);
  });

  it('shows the author’s words behind every point', () => {
    const plan = readPlan('## Rollback\n`helm rollback checkout 41`, takes 2 minutes, owner @oncall. If 5xx > 2% for 5 minutes.', context);
    expect(plan.elements).toEqual(
      expect.arrayContaining([
        { name: 'specific', points: 20, quote: 'helm rollback checkout 41' },
        { name: 'owner', points: 5, quote: 'owner @oncall' },
        { name: 'time', points: 5, quote: 'takes 2 minutes' },
      ]),
    );
    expect(plan.score).toBe(plan.elements.reduce((sum, element) => sum + element.points, 0));
  });

  it('gives no points for data where the change rewrites some and the plan says nothing of it', () => {
    const body = '## Rollback\n`helm rollback checkout 41`';
    const data = (changesData: boolean): boolean => readPlan(body, { templates: [], changesData }).elements.some(({ name }) => name === 'data');
    expect([data(false), data(true)]).toEqual([true, false]);
  });

  it('is not fooled by characters that show nothing', () => {
    expect(readPlan('## Roll\u200bback plan\nTB\u2060D', context).status).toBe('placeholder');
  });

  it.each([
    ['nested lists', '- '.repeat(30_000)],
    ['nested quotes', '> '.repeat(30_000)],
    ['headings', '# x\n'.repeat(16_000)],
    ['unclosed comments', '<!--'.repeat(16_000)],
    ['open links', '[a]('.repeat(16_000)],
  ])('reads a hostile description to its end: %s', (_what, body) => {
    expect(['missing', 'placeholder', 'vague']).toContain(readPlan(body, context).status);
  });
});
