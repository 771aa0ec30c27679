import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import type { ConfigProblem } from '../../src/core/config.js';
import { configJsonSchema } from '../../src/core/config-schema.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { describeProblem, readConfig } from '../../src/core/read-config.js';
import { RULES } from './rules.js';

const PATH = '.github/belay.yml';

const FULL = `version: 1
rules:                       # level, or level with options
  migrations/index-not-concurrent: warn
  failures/http-without-timeout: { level: note, exclude: ["scripts/**"] }
exclude: ["vendor/**", "**/*.generated.ts"]
on-outage: pass
mode: enforce
branches: ["release/**"]
review: { drafts: true, bots: false, inline: 6 }
waivers: { second-person: true }
override: { permission: maintain, teams: [on-call] }
database: { target: postgres@16, deploy-order: migrate-first }
tables: { users: { rows: 50000000, qps: 2000 }, settings: { small: true }, orders: { hot: true } }
hotfix: { branches: ["hotfix/**"], titles: [], labels: [hotfix], bases: [production, "release/**"] }
rollback: { block-below: 40, warn-below: 70 }
llm: { enabled: true, model: claude-sonnet-5-5, exclude: ["secrets/**"], inline: 4, budget: { pull-request: 1.00, month: 200 } }
locks: { wrappers: ["withLock", "Customers::LockService.call"] }
`;

function problems(text: string): readonly ConfigProblem[] {
  const read = readConfig(text, PATH, { rules: RULES });
  return 'problems' in read ? read.problems : [];
}

function config(text: string) {
  const read = readConfig(text, PATH, { rules: RULES });
  if ('problems' in read) throw new Error(read.problems.map(describeProblem).join('\n'));
  return read.config;
}

describe('a valid file', () => {
  it('is read whole', () => {
    expect(config(FULL)).toEqual({
      rules: new Map([
        ['migrations/index-not-concurrent', { level: 'warn' }],
        ['failures/http-without-timeout', { level: 'note', exclude: ['scripts/**'] }],
      ]),
      exclude: ['vendor/**', '**/*.generated.ts'],
      onOutage: 'pass',
      mode: 'enforce',
      branches: ['release/**'],
      review: { drafts: true, bots: false, inline: 6 },
      waivers: { secondPerson: true },
      override: { permission: 'maintain', teams: ['on-call'] },
      database: { target: 'postgres@16', deployOrder: 'migrate-first' },
      tables: new Map([['users', { rows: 50000000, qps: 2000 }], ['settings', { small: true }], ['orders', { hot: true }]]),
      hotfix: { branches: ['hotfix/**'], titles: [], labels: ['hotfix'], bases: ['production', 'release/**'] },
      rollback: { blockBelow: 40, warnBelow: 70 },
      llm: { enabled: true, model: 'claude-sonnet-5-5', exclude: ['secrets/**'], inline: 4, budget: { pullRequest: 1, month: 200 } },
      locks: { wrappers: ['withLock', 'Customers::LockService.call'] },
    });
  });

  it.each([['nothing', ''], ['a comment', '# nothing yet\n'], ['an empty map', '{}'], ['its version only', 'version: 1'], ['a byte order mark', '\ufeffversion: 1\n'], ['line ends of Windows', 'version: 1\r\nmode: enforce\r\n']])('that holds %s gives the defaults', (_name, text) => {
    expect(config(text)).toEqual(defaultConfig());
  });

  it('keeps the defaults of what a group leaves out', () => {
    expect(config('review: { inline: 0 }\nllm: { budget: { month: 5 } }')).toMatchObject({ review: { drafts: true, bots: false, inline: 0 }, llm: { enabled: true, budget: { pullRequest: 1, month: 5 } } });
  });

  it('reads `off` as a level, not as a boolean', () => {
    expect(config('rules:\n  migrations/rename: off').rules.get('migrations/rename')).toEqual({ level: 'off' });
  });

  it('may set a rule that is announced and not there yet', () => {
    expect(config('rules: { failures/n-plus-one: { level: note, exclude: ["scripts/**"] } }').rules.get('failures/n-plus-one')).toEqual({ level: 'note', exclude: ['scripts/**'] });
  });

  it('may repeat a part by its name', () => {
    expect(config('exclude: &paths ["a/**"]\nllm: { exclude: *paths }').llm.exclude).toEqual(['a/**']);
  });
});

describe('what is wrong', () => {
  const CASES: readonly [name: string, text: string, line: number, column: number, message: RegExp][] = [
    ['a misspelt key', 'version: 1\nexlude: []', 2, 1, /`exlude` is no known key: did you mean `exclude`\?/],
    ['a key in camel case', 'onOutage: pass', 1, 1, /did you mean `on-outage`\?/],
    ['a key that is like none', 'colour: blue', 1, 1, /`colour` is no known key: known are version, rules, exclude/],
    ['a misspelt key in a group', 'review:\n  draft: true', 2, 3, /`draft` is no known key of `review`: did you mean `drafts`\?/],
    ['a misspelt key two groups down', 'llm:\n  budget:\n    monthly: 3', 3, 5, /`monthly` is no known key of `llm\.budget`: did you mean `month`\?/],
    ['a misspelt key of a table', 'tables:\n  users: { row: 5 }', 2, 12, /`row` is no known key of `tables\.users`: did you mean `rows`\?/],
    ['an unknown rule', 'rules:\n  migrations/renames: warn', 2, 3, /`migrations\/renames` is no known rule: did you mean `migrations\/rename`\?/],
    ['a misspelt announced rule', 'rules:\n  failures/n-plus-on: warn', 2, 3, /is no known rule: did you mean `failures\/n-plus-one`\?/],
    ['a rule without its family', 'rules:\n  drop-column: warn', 2, 3, /did you mean `migrations\/drop-column`\?/],
    ['a rule like none', 'rules:\n  everything: off', 2, 3, /`belay rules` lists them/],
    ['an unknown option of a rule', 'rules:\n  migrations/rename: { level: warn, excludes: [] }', 2, 37, /`excludes` is no known key of `rules\.migrations\/rename`: did you mean `exclude`\?/],
    ['a wrong level', 'rules:\n  migrations/rename: wran', 2, 22, /must be block, warn, note or off.*it is `wran`; did you mean `warn`\?/],
    ['a wrong level in options', 'rules:\n  migrations/rename: { level: error }', 2, 31, /`rules\.migrations\/rename\.level` must be block, warn, note or off, and it is `error`/],
    ['a level of the wrong type', 'rules:\n  migrations/rename: 3', 2, 22, /must be block, warn, note or off/],
    ['a rule without a level', 'rules:\n  migrations/rename:', 2, 3, /must be block, warn, note or off.*it is empty/],
    ['text for a list', 'exclude: vendor/**', 1, 10, /`exclude` must be a list of globs, and it is `vendor\/\*\*`/],
    ['a number in a list', 'exclude:\n  - a\n  - 3', 3, 5, /`exclude\[1\]` must be a glob/],
    ['a glob of another kind', 'exclude: ["!a/**"]', 1, 11, /must be a plain glob/],
    ['text for a switch', 'review: { drafts: yes }', 1, 19, /`review\.drafts` must be true or false, and it is `yes`/],
    ['a number out of bounds', 'rollback: { block-below: 140 }', 1, 26, /must be a whole number from 0 to 100, and it is `140`/],
    ['a fraction of a comment', 'review: { inline: 1.5 }', 1, 19, /must be a whole number from 0 to 25/],
    ['no number at all', 'llm: { budget: { month: .nan } }', 1, 25, /must be a number from 0/],
    ['a choice that is none', 'mode: observed', 1, 7, /`mode` must be enforce or observe, and it is `observed`; did you mean `observe`\?/],
    ['a newer version', 'version: 2', 1, 10, /must be 1/],
    ['a target that is none', 'database: { target: oracle@19 }', 1, 21, /must be an engine and a version, such as postgres@16/],
    ['a team with its organisation', 'override: { teams: ["@acme/on-call"] }', 1, 21, /short name of a team/],
    ['a permission that is too low', 'override: { permission: read }', 1, 25, /must be admin, maintain or write/],
    ['a list for the file', '- a\n- b', 1, 1, /the file must be a group of settings/],
    ['a text for the file', 'hello', 1, 1, /the file must be a group of settings/],
    ['a key twice', 'mode: enforce\nmode: observe', 2, 1, /second time/],
    ['a tab for indentation', 'review:\n\tdrafts: true', 2, 1, /tab/],
    ['broken YAML', 'exclude: ["a"', 1, 14, /not valid YAML/],
    ['a pattern that is none', 'hotfix:\n  titles:\n    - "ok"\n    - "(unclosed"', 4, 7, /`hotfix\.titles\[1\]` is not a valid RE2 pattern/],
    ['a pattern that looks ahead', 'hotfix: { titles: ["(?=a)b"] }', 1, 20, /not a valid RE2 pattern/],
  ];

  it.each(CASES)('%s is named with its place', (_name, text, line, column, message) => {
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ path: PATH, line, column });
    expect(found[0]?.message).toMatch(message);
  });

  it('several times is told in the order of the file', () => {
    expect(problems('modes: x\nreview: { draft: 1 }\nrules: { migrations/rename: x }').map((problem) => problem.line)).toEqual([1, 2, 3]);
  });

  it('can be printed as one line', () => {
    expect(problems('exlude: []').map(describeProblem)).toEqual([`${PATH}:1:1 \`exlude\` is no known key: did you mean \`exclude\`?`]);
  });
});

describe('hostile files', () => {
  const BOMB = ['a: &a [x, x]', ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index] ?? ''}, `.repeat(9)}]`)].join('\n');
  const CASES: readonly [name: string, text: string, message: RegExp][] = [
    ['an alias bomb', BOMB, /more than 50 aliases/],
    ['an alias of itself', 'exclude: &a [*a]', /stands inside what it repeats/],
    ['ten megabytes', `exclude:\n${'  - aaaaaaa\n'.repeat(900_000)}`, /at most 64000 are read/],
    ['a hundred thousand brackets', '['.repeat(60_000), /nested more than 20 levels deep/],
    ['brackets that are closed', `exclude: ${'['.repeat(5000)}${']'.repeat(5000)}`, /nested more than 20 levels deep/],
    ['deep indentation', Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /nested more than 20 levels deep/],
    ['a list of lists on one line', `${'- '.repeat(30_000)}a`, /nested more than 20 levels deep/],
    ['questions without an end', `${'? '.repeat(30_000)}a`, /nested more than 20 levels deep/],
    ['what is not UTF-8', 'mode: enf\ufffdrce', /not UTF-8 text/],
    ['a null byte', 'mode: \u0000', /not UTF-8 text/],
    ['a prototype', '__proto__: { mode: observe }', /`__proto__` is no known key/],
    ['a prototype among rules', 'rules: { __proto__: warn }', /`__proto__` is no known key/],
    ['a constructor among rules', 'rules: { constructor: warn }', /`constructor` is no known rule/],
    ['a tag of another language', 'mode: !!js/function "enforce"', /the tag|Unresolved tag/],
    ['a binary', 'mode: !!binary ZW5mb3JjZQ==', /the tag/],
    ['two documents', 'mode: enforce\n---\nmode: observe', /second document/],
    ['a key that is a list', '? [a, b]\n: c', /a key must be text/],
    ['colours in a key', '"\\e[31mmode": enforce', /`mode` is no known key/],
  ];

  it.each(CASES)('%s is refused in words', (_name, text, message) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(20);
    expect(found.map((problem) => problem.message).join('\n')).toMatch(message);
    for (const problem of found) expect(problem.message).not.toMatch(/[\u0000-\u001f]/);
  });

  it('a prototype among tables changes no object', () => {
    expect(problems('tables: { __proto__: { rows: 3 } }').map((problem) => problem.message)).toEqual(['`__proto__` is no known key: remove it']);
    expect(({} as Record<string, unknown>)['rows']).toBeUndefined();
  });

  it('an evil pattern is accepted as RE2 and stays harmless', () => {
    expect(config('hotfix: { titles: ["(x+x+)+y"] }').hotfix.titles).toEqual(['(x+x+)+y']);
  });

  it('a thousand mistakes are cut to twenty', () => {
    expect(problems(Array.from({ length: 1000 }, (_, index) => `key${String(index)}: 1`).join('\n'))).toHaveLength(20);
  });
});

describe('the JSON schema for editors', () => {
  const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(configJsonSchema(RULES, 'https://example.com/config.schema.json'));

  it('accepts what is accepted', () => {
    expect(validate(parse(FULL))).toBe(true);
    expect(validate({})).toBe(true);
  });

  it.each([[{ exlude: [] }], [{ rules: { 'migrations/none': 'warn' } }], [{ rules: { 'migrations/rename': 'x' } }], [{ mode: 'x' }], [{ version: 2 }]])('refuses %j', (file) => {
    expect(validate(file)).toBe(false);
  });

  it('knows the rules by name', () => {
    expect(JSON.stringify(configJsonSchema(RULES, 'https://example.com/x'))).toContain('migrations/index-not-concurrent');
  });
});
