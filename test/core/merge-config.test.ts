import { describe, expect, it } from '@jest/globals';
import type { ConfigFile } from '../../src/core/config-schema.js';
import { defaultConfig, fillConfig } from '../../src/core/default-config.js';
import { mergeConfig } from '../../src/core/merge-config.js';
import { readConfig } from '../../src/core/read-config.js';
import { RULES } from './rules.js';

function file(text: string): ConfigFile {
  const read = readConfig(text, 'belay.yml', { rules: RULES });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.file;
}

const merge = (organisation: string | null, repository: string | null) => mergeConfig(organisation === null ? null : file(organisation), repository === null ? null : file(repository), RULES);

describe('without an organisation', () => {
  it('everything counts', () => {
    const text = 'mode: observe\nrules: { migrations/rename: off }\nexclude: ["**"]';
    expect(merge(null, text)).toEqual({ config: fillConfig(file(text)), notices: [] });
    expect(merge(null, null)).toEqual({ config: defaultConfig(), notices: [] });
  });

  it('`loosen` means nothing, and says so', () => {
    expect(merge(null, 'loosen: true').notices).toEqual(["`loosen` counts only in the organisation's file and was ignored."]);
  });
});

describe('the organisation gives defaults', () => {
  it('for what the repository does not say', () => {
    const merged = merge('mode: observe\nrules: { migrations/drop-column: block }\nllm: { enabled: false }', null);
    expect(merged.config).toEqual(fillConfig(file('mode: observe\nrules: { migrations/drop-column: block }\nllm: { enabled: false }')));
    expect(merged.notices).toEqual([]);
  });

  const TIGHTER: readonly [repository: string, expected: object][] = [
    ['mode: enforce', { mode: 'enforce' }],
    ['on-outage: block', { onOutage: 'block' }],
    ['review: { bots: true }', { review: { bots: true } }],
    ['override: { permission: admin, teams: [] }', { override: { permission: 'admin', teams: [] } }],
    ['rollback: { block-below: 60 }', { rollback: { blockBelow: 60, warnBelow: 70 } }],
    ['llm: { enabled: false, exclude: [x] }', { llm: { enabled: false, exclude: ['secrets/**', 'x'] } }],
    ['llm: { budget: { month: 10 } }', { llm: { budget: { month: 10 } } }],
    ['hotfix: { labels: [urgent] }', { hotfix: { labels: ['hotfix', 'urgent'] } }],
    ['waivers: { second-person: true }', { waivers: { secondPerson: true } }],
  ];
  it.each(TIGHTER)('a repository may tighten: %s', (repository, expected) => {
    const merged = merge('mode: observe\noverride: { teams: [on-call] }\nllm: { exclude: ["secrets/**"] }\nwaivers: { second-person: false }', repository);
    expect(merged.config).toMatchObject(expected);
    expect(merged.notices).toEqual([]);
  });

  const FACTS: readonly [repository: string, expected: object][] = [
    ['database: { target: mysql@8.4 }', { database: { target: 'mysql@8.4', deployOrder: 'migrate-first' } }],
    ['branches: ["release/**"]', { branches: ['release/**'] }],
    ['locks: { wrappers: [own] }', { locks: { wrappers: ['withLock', 'own'] } }],
    ['tables: { users: { rows: 3 } }', { tables: new Map([['users', { hot: true, rows: 3 }]]) }],
    ['review: { inline: 2 }', { review: { inline: 2 } }],
  ];
  it.each(FACTS)('a repository states facts of its own: %s', (repository, expected) => {
    const merged = merge('database: { target: postgres@16, deploy-order: migrate-first }\nlocks: { wrappers: [withLock] }\ntables: { users: { hot: true } }', repository);
    expect(merged.config).toMatchObject(expected);
    expect(merged.notices).toEqual([]);
  });
});

describe('looser settings', () => {
  const BASE = 'mode: enforce\non-outage: block\nexclude: ["vendor/**"]\nrules: { migrations/drop-column: block, failures/http-without-timeout: { exclude: ["a/**"] } }';
  const LOOSER: readonly [repository: string, key: string, allow: string, kept: object, loosened: object][] = [
    ['mode: observe', 'mode: observe', 'mode', { mode: 'enforce' }, { mode: 'observe' }],
    ['on-outage: pass', 'on-outage: pass', 'on-outage', { onOutage: 'block' }, { onOutage: 'pass' }],
    ['exclude: ["src/**"]', 'exclude: [src/**]', 'exclude', { exclude: ['vendor/**'] }, { exclude: ['vendor/**', 'src/**'] }],
    ['review: { drafts: false }', 'review.drafts: false', 'review', { review: { drafts: true } }, { review: { drafts: false } }],
    ['waivers: { second-person: false }', 'waivers.second-person: false', 'waivers', { waivers: { secondPerson: true } }, { waivers: { secondPerson: false } }],
    ['override: { permission: write }', 'override.permission: write', 'override', { override: { permission: 'maintain' } }, { override: { permission: 'write' } }],
    ['override: { teams: [friends] }', 'override.teams: [friends]', 'override', { override: { teams: [] } }, { override: { teams: ['friends'] } }],
    ['rollback: { block-below: 0 }', 'rollback.block-below: 0', 'rollback', { rollback: { blockBelow: 40 } }, { rollback: { blockBelow: 0 } }],
    ['llm: { budget: { month: 900 } }', 'llm.budget.month: 900', 'llm', { llm: { budget: { month: 200 } } }, { llm: { budget: { month: 900 } } }],
  ];

  it.each(LOOSER)('%s is ignored, said, and allowed by `loosen`', (repository, key, allow, kept, loosened) => {
    const refused = merge(BASE, repository);
    expect(refused.config).toMatchObject(kept);
    expect(refused.notices).toHaveLength(1);
    expect(refused.notices[0]).toContain(`\`${key}\` was ignored: it is looser than the organisation's`);
    expect(refused.notices[0]).toContain(`\`loosen: [${allow}]\``);
    for (const loosen of [`[${allow}]`, 'true']) {
      const allowed = merge(`${BASE}\nloosen: ${loosen}`, repository);
      expect(allowed.config).toMatchObject(loosened);
      expect(allowed.notices).toEqual([]);
    }
    expect(merge(`${BASE}\nloosen: [locks]`, repository).config).toMatchObject(kept);
  });

  it('what says the same as the organisation needs no notice', () => {
    expect(merge(BASE, `${BASE}\nreview: { drafts: true }\nrollback: { block-below: 40 }`)).toEqual({ config: fillConfig(file(BASE)), notices: [] });
  });

  const rule = (id: string, organisation: string, repository: string) => {
    const merged = merge(organisation, repository);
    return { setting: merged.config.rules.get(id), notices: merged.notices.length };
  };

  it('a level may be raised and not lowered', () => {
    expect(rule('migrations/drop-column', BASE, 'rules: { migrations/drop-column: warn }')).toEqual({ setting: { level: 'block' }, notices: 1 });
    expect(rule('failures/http-without-timeout', BASE, 'rules: { failures/http-without-timeout: block }')).toEqual({ setting: { level: 'block', exclude: ['a/**'] }, notices: 0 });
  });

  it('a level the organisation does not name starts from the default of the rule', () => {
    expect(rule('migrations/rename', 'version: 1', 'rules: { migrations/rename: off }')).toEqual({ setting: { level: 'block' }, notices: 1 });
    expect(rule('migrations/style', 'version: 1', 'rules: { migrations/style: note }')).toEqual({ setting: { level: 'note' }, notices: 0 });
  });

  it('a rule may be loosened alone, or with all others', () => {
    expect(rule('migrations/rename', 'loosen: [migrations/rename]', 'rules: { migrations/rename: off }')).toEqual({ setting: { level: 'off' }, notices: 0 });
    expect(rule('migrations/rename', 'loosen: [rules]', 'rules: { migrations/rename: off }')).toEqual({ setting: { level: 'off' }, notices: 0 });
    expect(rule('migrations/rename', 'loosen: [migrations/drop-column]', 'rules: { migrations/rename: off }')).toEqual({ setting: { level: 'block' }, notices: 1 });
  });

  it('paths may not be taken from a rule', () => {
    expect(rule('failures/http-without-timeout', BASE, 'rules: { failures/http-without-timeout: { exclude: ["b/**"] } }')).toEqual({ setting: { exclude: ['a/**'] }, notices: 1 });
    expect(rule('migrations/rename', BASE, 'rules: { migrations/rename: { include: ["b/**"] } }')).toEqual({ setting: {}, notices: 1 });
  });

  it('`loosen` itself must name what exists', () => {
    expect(readConfig('loosen: [migrations/none]', 'x', { rules: RULES })).toHaveProperty('problems.0.line', 1);
  });
});
