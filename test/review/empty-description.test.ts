import { describe, expect, it } from '@jest/globals';
import { rules } from '../../src/rules/registry.generated.js';
import { parseFixture } from '../rules/fixture.js';
import { runFixture } from '../rules/run-fixture.js';

async function found(body: string, template: string | null = null): Promise<readonly string[]> {
  const files = { 'base/src/fees.ts': 'export const fee = 1;\n', 'src/fees.ts': 'export const fee = 2;\n' };
  const { verdict } = await runFixture(parseFixture('rollback/plan-missing/bad.json', JSON.stringify({ title: 'Hotfix: fees', body, head: 'hotfix/fees', base: 'main', files, template })), rules);
  return verdict.entries.map(({ finding }) => finding.ruleId).sort();
}

describe('a hotfix whose author states nothing', () => {
  it('gets one finding about all that is missing, not three', async () => {
    for (const [body, template] of [['', null], ['   \n\n', null], ['<!-- say why -->\n', null], ['## Why\n\n## Rollback\n\n- [ ] tested\n', '## Why\n\n## Rollback\n\n- [ ] tested\n']] as const) expect(await found(body, template)).toEqual(['rollback/plan-missing']);
  });

  it('gets one for each as soon as something is stated', async () => {
    expect(await found('Rounds fees again.')).toEqual(['rollback/no-gradual-release', 'rollback/observability-missing', 'rollback/plan-missing']);
  });
});
