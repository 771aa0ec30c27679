import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/core/change-set.js';
import { EMPTY_PULL } from '../../src/core/change-set.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { patchedChange } from '../../src/core/patched-change.js';
import { NO_RELEASE_EVIDENCE } from '../../src/core/release-evidence.js';
import { judgePlan } from '../../src/review/judge-plan.js';
import { rules } from '../../src/rules/registry.generated.js';

const CHART = new Map([['charts/wallet/Chart.yaml', 'apiVersion: v2\nname: wallet\nversion: 1.2.3\n']]);
const VERSIONS = [{ name: 'v2.8.1', sha: 'abcdef0123456789abcdef0123456789abcdef01' }];

function added(path: string, text: string): Change {
  const lines = text.split('\n');
  return patchedChange({ path, status: 'added', patch: `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}` }, null);
}

async function judged(body: string, changes: readonly Change[], files: ReadonlyMap<string, string>, deployTime: { workflow: string; minutes: number; runs: number } | null = null) {
  const pull = { ...EMPTY_PULL, title: 'Hotfix: fees', headBranch: 'hotfix/fees', baseBranch: 'main', defaultBranch: 'main', body };
  return judgePlan({ pull, changes, config: defaultConfig(), rules, repository: { files, release: { ...NO_RELEASE_EVIDENCE, versions: VERSIONS, deployTime }, sha: 'b'.repeat(40) } });
}

/** What the finding about a missing plan offers to paste. */
async function offered(changes: readonly Change[], files: ReadonlyMap<string, string> = CHART, deployTime: { workflow: string; minutes: number; runs: number } | null = null): Promise<string> {
  const { verdict } = await judged('Fees are wrong.', changes, files, deployTime);
  const evidence = verdict.entries.flatMap(({ finding }) => (finding.ruleId === 'rollback/plan-missing' ? finding.evidence : []));
  return evidence.map((one) => (one.kind === 'fact' ? (one.paste ?? '') : '')).join('');
}

const CODE = added('src/fees.ts', 'export const fee = 3;');
const DROP = added('db/migrate/20261120090000_drop_plan.rb', 'class DropPlan < ActiveRecord::Migration[7.1]\n  def change\n    remove_column :users, :plan, :string\n  end\nend');
const ADD = added('alembic/versions/8c21_add.py', 'down_revision = "77ab02"\nfrom alembic import op\n\ndef upgrade():\n    op.create_unique_constraint("u", "users", ["email"])\n\ndef downgrade():\n    op.drop_constraint("u", "users")');

describe('the plan that is offered', () => {
  it.each([
    [CHART, '`helm rollback wallet`'],
    [new Map([['fly.toml', 'app = "wallet-api"\n']]), '`fly deploy -a wallet-api --image` [choose:'],
    [new Map([['k8s/api.yaml', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: svc\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    a: b\n  name: api\n  namespace: shop\nspec: {}\n']]), '`kubectl rollout undo deployment/api -n shop`'],
    [new Map([['Procfile', 'web: node server.js\n']]), '`heroku rollback`'],
    [new Map([['Dockerfile', 'FROM node\n']]), 'Deploy the image of `v2.8.1` again'],
    [new Map([['fly.toml', 'app = "x`; rm -rf /"\n']]), 'Deploy `v2.8.1` again: [choose: with which command]'],
  ])('names what the repository is deployed with (%#)', async (files, words) => {
    expect(await offered([CODE], files)).toContain(words);
  });

  it('has the last version, and a time only where deployments were timed', async () => {
    expect(await offered([CODE])).toContain('- Last good version: `v2.8.1` (abcdef012345)');
    expect(await offered([CODE])).not.toMatch(/minute/);
    expect(await offered([CODE], CHART, { workflow: 'deploy.yml', minutes: 3.6, runs: 9 })).toContain('Takes about 4 minutes: the median of the last 9 runs of `deploy.yml`');
  });

  it('takes migrations back in their order, and says what none brings back', async () => {
    const plan = await offered([CODE, DROP]);
    expect(plan).toContain('`bin/rails db:migrate:down VERSION=20261120090000` takes `20261120090000_drop_plan` back; it drops the column `users.plan`: [choose: where that comes back from]');
    expect(plan).toContain('- [ ] `users.plan` is saved before the migration runs');
    expect(await offered([ADD])).toContain('`alembic downgrade 77ab02`');
  });

  it('pasted as it is, is read as a plan and not as a complete one', async () => {
    for (const changes of [[CODE], [CODE, ADD]]) {
      const { plan, verdict } = await judged(await offered(changes, CHART, { workflow: 'deploy.yml', minutes: 4, runs: 9 }), changes, CHART);
      expect(plan.status).toBe('present');
      expect(verdict.entries.map(({ finding }) => finding.ruleId)).toContain('rollback/plan-weak');
    }
  });

  it('pasted as it is, does not bring back what is dropped', async () => {
    const { validForDiff, verdict } = await judged(await offered([CODE, DROP]), [CODE, DROP], CHART);
    expect(validForDiff).toBe(false);
    expect(verdict.blocking).toBeGreaterThan(0);
  });

  it('is not complete while a trigger or a person is still to be chosen', async () => {
    const body = '## Rollback plan\n\n1. `helm rollback wallet`\n\n- When: [choose: which number, above what, for how long]\n- Last good version: `v2.8.1`\n- Takes about 4 minutes\n- No migration, no data';
    const { verdict } = await judged(body, [CODE], CHART);
    expect(verdict.entries.map(({ finding }) => finding.ruleId)).toContain('rollback/plan-weak');
  });
});
