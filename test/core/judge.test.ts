import { describe, expect, it } from '@jest/globals';
import { defaultConfig } from '../../src/core/default-config.js';
import type { Config } from '../../src/core/config.js';
import type { Finding } from '../../src/core/finding.js';
import { judge, levelOf } from '../../src/core/judge.js';
import type { JudgeInput } from '../../src/core/judge.js';
import type { Mishap } from '../../src/core/mishap.js';
import type { Acceptance, Waiver } from '../../src/core/waiver.js';
import { RULES } from './rules.js';

const HEAD = 'a'.repeat(40);
const BLOCK = 'migrations/rename';
const WARN = 'migrations/drop-column';
const PATH = 'db/001.sql';

let made = 0;
function finding(ruleId: string, more: Partial<Finding> = {}): Finding {
  made++;
  const span = { startLine: 3, startColumn: 1, endLine: 5, endColumn: 9 };
  return { ruleId, title: ruleId, path: PATH, span, symbol: null, message: 'm', remedy: 'r', evidence: [], suggestion: null, source: 'rule', fingerprint: made.toString(16).padStart(32, '0'), ...more };
}

const waiver = (ruleId: string, more: Partial<Waiver> = {}): Waiver => ({ ruleId, reason: 'because', path: PATH, line: 2, appliesTo: 3, addedHere: false, ...more });
const acceptance = (ruleId: string, more: Partial<Acceptance> = {}): Acceptance => ({ ruleId, headSha: HEAD, by: 'second', reason: 'agreed', ...more });
const mishap: Mishap = { during: 'rule', subject: BLOCK, message: 'it threw' };
const config = (more: Partial<Config> = {}): Config => ({ ...defaultConfig(), ...more });
const rules = (settings: Record<string, object>): Partial<Config> => ({ rules: new Map(Object.entries(settings)) });

const BASIS: JudgeInput = { findings: [], headers: RULES, config: defaultConfig(), waivers: [], acceptances: [], override: null, mishaps: [], unread: [], notices: [], headSha: HEAD };
const verdict = (more: Partial<JudgeInput>) => judge({ ...BASIS, ...more });
const conclusion = (more: Partial<JudgeInput>) => verdict(more).conclusion;
const levels = (more: Partial<JudgeInput>) => verdict(more).entries.map((entry) => [entry.finding.ruleId, entry.level]);

describe('the level of a finding', () => {
  it('is the default of its rule', () => {
    const findings = ['concurrency/full-save', WARN, BLOCK, 'migrations/style'].map((id) => finding(id));
    expect(levels({ findings })).toEqual([[BLOCK, 'block'], [WARN, 'warn'], ['concurrency/full-save', 'note']]);
  });

  it('is what the configuration says', () => {
    const findings = [finding(BLOCK), finding(WARN), finding('migrations/style')];
    expect(levels({ findings, config: config(rules({ [BLOCK]: { level: 'note' }, [WARN]: { level: 'block' }, 'migrations/style': { level: 'warn' } })) })).toEqual([[WARN, 'block'], ['migrations/style', 'warn'], [BLOCK, 'note']]);
  });

  it.each<[string, Partial<Config>, string | null, string]>([
    ['off', rules({ [BLOCK]: { level: 'off' } }), PATH, 'off'],
    ['included', rules({ [BLOCK]: { include: ['db/**'] } }), PATH, 'block'],
    ['not included', rules({ [BLOCK]: { include: ['src/**'] } }), PATH, 'off'],
    ['excluded', rules({ [BLOCK]: { exclude: ['db/*.sql'] } }), PATH, 'off'],
    ['not excluded', rules({ [BLOCK]: { exclude: ['src/**'] } }), PATH, 'block'],
    ['excluded with a level', rules({ [BLOCK]: { level: 'warn', exclude: ['db/**'] } }), PATH, 'off'],
    ['excluded for all rules', { exclude: ['db/**'] }, PATH, 'off'],
    ['without a path', { exclude: ['**'], ...rules({ [BLOCK]: { include: ['src/**'] } }) }, null, 'block'],
  ])('%s', (_name, more, path, expected) => {
    expect(levelOf({ id: BLOCK, level: 'block' }, path, config(more))).toBe(expected);
  });

  it('of the model is never block', () => {
    const byModel = finding('model/edge-case', { source: 'model' });
    expect(verdict({ findings: [byModel], config: config(rules({ 'model/edge-case': { level: 'block' } })) })).toMatchObject({ conclusion: 'success', blocking: 0, entries: [{ level: 'warn' }] });
  });

  it('in an exact revert is never block, and the verdict says so', () => {
    const result = verdict({ findings: [finding(BLOCK)], exactRevertOf: 'b'.repeat(40) });
    expect(result).toMatchObject({ conclusion: 'success', blocking: 0, entries: [{ level: 'warn' }] });
    expect(result.reasons[0]).toBe('This is the exact revert of bbbbbbbbbbbb: nothing blocks it.');
  });
});

describe('the conclusion', () => {
  const tooLarge = { path: 'src/a.ts', reason: 'too-large', detail: '3 MB' } as const;
  const CASES: readonly [string, Partial<JudgeInput>, string][] = [
    ['nothing found', {}, 'success'],
    ['only warnings', { findings: [finding(WARN)] }, 'success'],
    ['a blocking finding', { findings: [finding(BLOCK)] }, 'failure'],
    ['a mishap', { mishaps: [mishap] }, 'neutral'],
    ['a mishap where outages block', { mishaps: [mishap], config: config({ onOutage: 'block' }) }, 'action_required'],
    ['a blocking finding and a mishap', { findings: [finding(BLOCK)], mishaps: [mishap] }, 'failure'],
    ['a blocking finding and a mishap where outages block', { findings: [finding(BLOCK)], mishaps: [mishap], config: config({ onOutage: 'block' }) }, 'failure'],
    ['a warning and a mishap', { findings: [finding(WARN)], mishaps: [mishap] }, 'neutral'],
    ['an accepted finding and a mishap', { findings: [finding(BLOCK)], waivers: [waiver(BLOCK)], mishaps: [mishap] }, 'neutral'],
    ['a migration with a NUL byte', { unread: [{ path: 'db/migrations/2.sql', reason: 'binary', detail: '' }] }, 'neutral'],
    ['a picture', { unread: [{ path: 'a.png', reason: 'binary', detail: '' }] }, 'success'],
    ['vendored, generated and excluded files', { unread: (['vendored', 'generated', 'excluded', 'submodule', 'symlink'] as const).map((reason) => ({ path: 'a.ts', reason, detail: '' })) }, 'success'],
    ['an oversized lock file', { unread: [{ ...tooLarge, path: 'package-lock.json' }] }, 'success'],
    ['oversized code', { unread: [tooLarge] }, 'neutral'],
    ['oversized code, and its finding', { unread: [tooLarge], findings: [finding('review/incomplete', { path: null, span: null })] }, 'failure'],
    ['oversized code, and its finding turned off', { unread: [tooLarge], findings: [finding('review/incomplete', { path: null, span: null })], config: config(rules({ 'review/incomplete': { level: 'off' } })) }, 'neutral'],
    ['oversized code, accepted', { unread: [tooLarge], findings: [finding('review/incomplete', { path: null, span: null })], acceptances: [acceptance('review/incomplete')] }, 'success'],
    ['what could not be read', { unread: [{ path: 'a.ts', reason: 'unreadable', detail: '' }] }, 'neutral'],
    ['what could not be read, and an acceptance', { unread: [{ path: 'a.ts', reason: 'unreadable', detail: '' }], findings: [finding('review/incomplete', { path: null, span: null })], acceptances: [acceptance('review/incomplete')] }, 'neutral'],
    ['too many files', { unread: [{ path: 'a.md', reason: 'over-file-limit', detail: '' }] }, 'neutral'],
  ];
  it.each(CASES)('of %s', (_name, input, expected) => {
    expect(conclusion(input)).toBe(expected);
  });

  it.each(CASES)('observed, of %s, is neutral and says what it would have been', (_name, input, expected) => {
    const result = verdict({ ...input, config: { ...(input.config ?? defaultConfig()), mode: 'observe' } });
    expect(result).toMatchObject({ conclusion: 'neutral', wouldHaveBeen: expected });
    expect(result.reasons[0]).toBe(`Only observing: otherwise the conclusion would be ${expected}.`);
  });

  it.each(CASES)('overridden, of %s, is success and says by whom', (_name, input) => {
    const override = { headSha: HEAD, by: 'mara', reason: 'the site is down', at: '2026-01-01T00:00:00Z' };
    const result = verdict({ ...input, override });
    expect(result).toMatchObject({ conclusion: 'success', override });
    expect(result.reasons[0]).toBe('Overridden for aaaaaaa by mara: the site is down');
  });

  it('is not changed by the override of another head', () => {
    const result = verdict({ findings: [finding(BLOCK)], override: { headSha: 'b'.repeat(40), by: 'mara', reason: 'x', at: '' } });
    expect(result.conclusion).toBe('failure');
    expect(result).not.toHaveProperty('override');
  });

  it('always comes with reasons', () => {
    for (const [, input] of CASES) expect(verdict(input).reasons.length).toBeGreaterThan(0);
    expect(verdict({}).reasons).toEqual(['Nothing blocks this change; there are no open findings.']);
    expect(verdict({ findings: [finding(BLOCK), finding(BLOCK, { path: 'db/002.sql' }), finding(WARN)] }).reasons).toEqual(['2 findings block this change: `migrations/rename`.', '1 finding to look at besides.']);
    expect(verdict({ mishaps: [mishap] }).reasons).toEqual(["Belay itself failed, which is not this change's fault; the review is not complete: migrations/rename: it threw.", 'Nothing was found in what was reviewed.']);
    expect(verdict({ unread: [tooLarge] }).reasons[0]).toBe('1 changed file was not read: `src/a.ts`.');
  });
});

describe('waivers', () => {
  const accepted = (more: Partial<JudgeInput>) => verdict(more).waived.map(({ reason, by }) => [reason, by]);

  it('from the base apply to any level', () => {
    for (const id of [BLOCK, WARN]) {
      const input = { findings: [finding(id)], waivers: [waiver(id)] };
      expect(accepted(input)).toEqual([['because', 'db/001.sql:2']]);
      expect(verdict(input)).toMatchObject({ conclusion: 'success', blocking: 0, entries: [] });
    }
  });

  it('from this change apply at once to what does not block', () => {
    expect(accepted({ findings: [finding(WARN)], waivers: [waiver(WARN, { addedHere: true })] })).toEqual([['because', 'db/001.sql:2']]);
  });

  it('from this change wait for a second person where the rule blocks', () => {
    const result = verdict({ findings: [finding(BLOCK)], waivers: [waiver(BLOCK, { addedHere: true })] });
    expect(result).toMatchObject({ conclusion: 'failure', waived: [], entries: [{ level: 'block', unconfirmedWaiver: { reason: 'because', line: 2 } }] });
    expect(result.reasons[1]).toBe('1 waiver in this change must be confirmed by a second person with write access: `/ai-review accept migrations/rename <reason>`.');
  });

  it('from this change apply once somebody accepted the rule on this head', () => {
    const input = { findings: [finding(BLOCK)], waivers: [waiver(BLOCK, { addedHere: true })], acceptances: [acceptance(BLOCK)] };
    expect(accepted(input)).toEqual([['agreed', 'second']]);
    expect(conclusion(input)).toBe('success');
  });

  it.each<[string, Partial<Acceptance>]>([['another head', { headSha: 'b'.repeat(40) }], ['another rule', { ruleId: WARN }]])('are not confirmed by an acceptance of %s', (_name, more) => {
    expect(conclusion({ findings: [finding(BLOCK)], waivers: [waiver(BLOCK, { addedHere: true })], acceptances: [acceptance(BLOCK, more)] })).toBe('failure');
  });

  it('need nobody where one maintainer is alone', () => {
    expect(conclusion({ findings: [finding(BLOCK)], waivers: [waiver(BLOCK, { addedHere: true })], config: config({ waivers: { secondPerson: false } }) })).toBe('success');
  });

  it('from the base win over one from this change', () => {
    const waivers = [waiver(BLOCK, { addedHere: true, line: 1, reason: 'mine' }), waiver(BLOCK)];
    expect(accepted({ findings: [finding(BLOCK)], waivers })).toEqual([['because', 'db/001.sql:2']]);
  });

  it.each<[string, Partial<Waiver>]>([
    ['another rule', { ruleId: WARN }],
    ['another file', { path: 'db/002.sql' }],
    ['a line above', { appliesTo: 2 }],
    ['a line below', { appliesTo: 6 }],
  ])('do not apply to %s', (_name, more) => {
    expect(conclusion({ findings: [finding(BLOCK)], waivers: [waiver(BLOCK, more)] })).toBe('failure');
  });

  it('apply on any line of a statement', () => {
    for (const appliesTo of [3, 4, 5]) expect(conclusion({ findings: [finding(BLOCK)], waivers: [waiver(BLOCK, { appliesTo })] })).toBe('success');
  });

  it('never apply to the pull request as a whole; an acceptance does', () => {
    const whole = finding(BLOCK, { path: null, span: null });
    expect(conclusion({ findings: [whole], waivers: [waiver(BLOCK)] })).toBe('failure');
    expect(accepted({ findings: [whole], acceptances: [acceptance(BLOCK)] })).toEqual([['agreed', 'second']]);
  });

  it('an acceptance alone covers the blocking findings of its rule, and only them', () => {
    const input = { findings: [finding(BLOCK), finding(BLOCK, { path: 'db/002.sql' }), finding('migrations/index-not-concurrent'), finding(WARN)], acceptances: [acceptance(BLOCK), acceptance(WARN)] };
    expect(verdict(input).waived).toHaveLength(2);
    expect(levels(input)).toEqual([['migrations/index-not-concurrent', 'block'], [WARN, 'warn']]);
  });
});

describe('a verdict', () => {
  it('is sorted: most severe first, then path, line and rule, whatever the order of the input', () => {
    const at = (line: number) => ({ startLine: line, startColumn: 1, endLine: line, endColumn: 2 });
    const findings = [
      finding(BLOCK, { path: null, span: null }),
      finding(BLOCK, { path: 'a.sql', span: at(2) }),
      finding(BLOCK, { path: 'a.sql', span: at(10) }),
      finding('migrations/index-not-concurrent', { path: 'b.sql', span: at(1) }),
      finding(BLOCK, { path: 'b.sql', span: at(1) }),
      finding(WARN, { path: 'A.sql', span: at(1) }),
      finding('concurrency/full-save', { path: 'a.ts', span: at(1) }),
    ];
    const place = ({ ruleId, path, span }: Finding) => [ruleId, path, span?.startLine];
    // Both findings of a.sql are one kind of advice in one file.
    const expected = findings.filter((_, index) => index !== 2).map(place);
    const sorted = (input: readonly Finding[]) => verdict({ findings: input }).entries.map((entry) => place(entry.finding));
    expect(sorted(findings)).toEqual(expected);
    for (let turn = 1; turn < findings.length; turn++) expect(sorted([...findings.slice(turn), ...findings.slice(0, turn)].reverse())).toEqual(expected);
  });

  it('says everything once', () => {
    const twice = finding(BLOCK);
    expect(verdict({ findings: [twice, twice], notices: ['a', 'b', 'a'] })).toMatchObject({ blocking: 1, notices: ['a', 'b'] });
  });

  it('shows what was not read and what went wrong', () => {
    const unread = [{ path: 'b', reason: 'binary', detail: '' }, { path: 'a', reason: 'binary', detail: '' }] as const;
    expect(verdict({ unread, mishaps: [mishap] })).toMatchObject({ mishaps: [mishap], unread: [{ path: 'a' }, { path: 'b' }] });
  });
});

describe('whatever comes together', () => {
  /** Every combination of what can be handed in. */
  function* combinations(): Iterable<JudgeInput & { readonly blockers: boolean }> {
    const flags = [false, true];
    for (const blockers of flags) for (const broken of flags) for (const cut of flags) for (const outage of ['pass', 'block'] as const)
      for (const addedHere of [null, false, true]) for (const accepted of flags) for (const secondPerson of flags) for (const byModel of flags) {
        yield {
          ...BASIS,
          blockers,
          findings: [...(blockers ? [finding(BLOCK)] : []), ...(byModel ? [finding('model/edge-case', { source: 'model' })] : [])],
          mishaps: broken ? [mishap] : [],
          unread: cut ? [{ path: 'a.ts', reason: 'unreadable', detail: '' }] : [],
          waivers: addedHere === null ? [] : [waiver(BLOCK, { addedHere }), waiver('model/edge-case', { addedHere })],
          acceptances: accepted ? [acceptance(BLOCK)] : [],
          config: config({ onOutage: outage, waivers: { secondPerson } }),
        };
      }
  }
  const ALL = [...combinations()];

  it('no failure of ours is green', () => {
    for (const input of ALL) {
      if (input.mishaps.length + input.unread.length > 0) expect(judge(input).conclusion).not.toBe('success');
    }
  });

  it('no blocking finding is anything but a failure, and nothing else is one', () => {
    for (const input of ALL) {
      const result = judge(input);
      expect(result.conclusion === 'failure').toBe(result.blocking > 0);
      expect(result.blocking).toBe(result.entries.filter((entry) => entry.level === 'block').length);
    }
  });

  it('only a waiver of the base, a second person or a configuration for one alone accepts', () => {
    for (const input of ALL.filter(({ blockers }) => blockers)) {
      const [own] = input.waivers;
      const may = (own && !own.addedHere) || input.acceptances.length > 0 || (own !== undefined && !input.config.waivers.secondPerson);
      expect(judge(input).blocking === 0).toBe(may);
    }
  });

  it('what the model says changes no conclusion', () => {
    for (const input of ALL) {
      const without = { ...input, findings: input.findings.filter((one) => one.source === 'rule') };
      expect(judge(input).conclusion).toBe(judge(without).conclusion);
    }
  });

  it('no finding is lost: each is an entry or waived', () => {
    for (const input of ALL) {
      const result = judge(input);
      expect(result.entries.length + result.waived.length).toBe(input.findings.length);
    }
  });
});
