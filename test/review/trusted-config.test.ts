import { describe, expect, it } from '@jest/globals';
import { trustedConfig } from '../../src/review/trusted-config.js';
import { rules } from '../../src/rules/registry.generated.js';
import { HEAD_PULL, pretendHost, pretendRecords } from '../support/pretend-host.js';

const PATH = '.github/belay.yml';
const ON_MAIN = `${HEAD_PULL.baseSha}:${PATH}`;
const on = (branch: string): string => `refs/heads/${branch}:${PATH}`;

describe('the configuration that counts', () => {
  it('is that of the default branch for a base that it does not name', async () => {
    const host = pretendHost({ files: { [ON_MAIN]: 'version: 1\nmode: enforce\n', [on('mine')]: 'version: 1\nmode: observe\n' } });
    const { config } = await trustedConfig({ host, records: pretendRecords(), rules }, 'mine');
    expect(config.mode).toBe('enforce');
  });

  it('is the base’s own where the default branch names the base', async () => {
    const host = pretendHost({ files: { [ON_MAIN]: 'version: 1\nbranches: ["release/**"]\n', [on('release/2')]: 'version: 1\nmode: observe\n' } });
    const { config } = await trustedConfig({ host, records: pretendRecords(), rules }, 'release/2');
    expect(config.mode).toBe('observe');
  });

  it('is the default levels without a file', async () => {
    const { config, notices } = await trustedConfig({ host: pretendHost({}), records: pretendRecords(), rules }, 'main');
    expect(config.mode).toBe('enforce');
    expect(notices).toEqual([]);
  });

  it('stays the last valid one when the file is broken, and says what to correct', async () => {
    const records = pretendRecords();
    await trustedConfig({ host: pretendHost({ files: { [ON_MAIN]: 'version: 1\nmode: observe\n' } }), records, rules }, 'main');
    const { config, notices } = await trustedConfig({ host: pretendHost({ files: { [ON_MAIN]: 'version: 1\nmoode: enforce\n' } }), records, rules }, 'main');
    expect(config.mode).toBe('observe');
    expect(notices.join('\n')).toMatch(/last valid one is used.*\.github\/belay\.yml:2:1.*mode/s);
  });

  it('may tighten what the organisation says, and not loosen it', async () => {
    const organisation = 'version: 1\non-outage: block\n';
    const host = pretendHost({ organisation, files: { [ON_MAIN]: 'version: 1\non-outage: pass\nreview: { inline: 3 }\n' } });
    const { config, notices } = await trustedConfig({ host, records: pretendRecords(), rules }, 'main');
    expect(config.onOutage).toBe('block');
    expect(notices.join('\n')).toContain('on-outage');
  });
});
