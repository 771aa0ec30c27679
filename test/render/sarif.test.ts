import { describe, expect, it } from '@jest/globals';
import { renderSarif, sarifLog } from '../../src/render/sarif.js';
import { finding, FULL, report } from './reports.js';

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: Record<string, number> } }[];
  readonly partialFingerprints: Record<string, string>;
  readonly suppressions?: readonly Record<string, string>[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly id: string; readonly locations: readonly { readonly executionOrder: number }[] }[] }[];
  readonly fixes?: readonly unknown[];
}
interface Log {
  readonly version: string;
  readonly $schema: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly name: string; readonly semanticVersion: string; readonly rules: readonly { readonly id: string; readonly helpUri: string; readonly help?: { readonly markdown: string }; readonly defaultConfiguration?: { readonly level: string } }[] } };
      readonly results: readonly Result[];
      readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[] }[];
    },
  ];
}

const logOf = (input: Parameters<typeof renderSarif>[0]) => JSON.parse(renderSarif(input)) as Log;
const [run] = logOf(FULL).runs;

describe('the SARIF log', () => {
  it('is SARIF 2.1.0 by Belay', () => {
    expect(logOf(FULL)).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    expect(run.tool.driver).toMatchObject({ name: 'Belay', semanticVersion: '0.1.0' });
  });

  it('has each rule once, with its help, and results that point at it', () => {
    const ids = run.tool.driver.rules.map((rule) => rule.id);
    expect(ids).toEqual(['concurrency/lost-update', 'migrations/rename', 'model/edge-case']);
    for (const result of run.results) expect(ids[result.ruleIndex]).toBe(result.ruleId);
    expect(run.tool.driver.rules[0]).toMatchObject({ helpUri: 'https://example.com/belay/docs/rules/concurrency/lost-update.md', defaultConfiguration: { level: 'warning' } });
    expect(run.tool.driver.rules[0]?.help?.markdown).toContain('**Instead:** Let the database compute it.');
  });

  it('maps levels', () => {
    expect(run.results.map((result) => result.level)).toEqual(['error', 'warning', 'note', 'warning', 'error']);
  });

  it('puts each result somewhere, the pull request as a whole on its first file', () => {
    for (const result of run.results) expect(result.locations).toHaveLength(1);
    expect(run.results[0]?.locations[0]?.physicalLocation).toMatchObject({ artifactLocation: { uri: 'db/002.sql' }, region: { startLine: 1, startColumn: 1, endLine: 2, endColumn: 20 } });
    expect(run.results[2]?.locations[0]?.physicalLocation).toMatchObject({ artifactLocation: { uri: 'db/002.sql' }, region: { startLine: 1 } });
  });

  it('recognises a result by its fingerprint', () => {
    expect(run.results[0]?.partialFingerprints).toEqual({ primaryLocationLineHash: 'f'.repeat(32), 'belayFingerprint/v1': 'f'.repeat(32) });
  });

  it('suppresses what was waived, and nothing else', () => {
    expect(run.results.map((result) => result.suppressions?.[0])).toEqual([
      undefined,
      undefined,
      undefined,
      { kind: 'inSource', status: 'accepted', justification: 'one writer only (src/wallet.ts:3)' },
      { kind: 'external', status: 'accepted', justification: 'agreed (mara)' },
    ]);
  });

  it('shows a schedule as two threads in the order they run', () => {
    expect(run.results[1]?.codeFlows?.[0]?.threadFlows.map((thread) => [thread.id, thread.locations.map((step) => step.executionOrder)])).toEqual([['A', [1, 3]], ['B', [2, 4]]]);
  });

  it('offers a suggestion as a fix', () => {
    expect(run.results[0]?.fixes).toEqual([
      {
        description: { text: 'Write `balance = balance - amount` in one statement.' },
        artifactChanges: [{ artifactLocation: { uri: 'db/002.sql', uriBaseId: '%SRCROOT%' }, replacements: [{ deletedRegion: { startLine: 1, endLine: 2 }, insertedContent: { text: 'ALTER TABLE users\n  ADD COLUMN full_name text;' } }] }],
      },
    ]);
  });

  it('says what failed and what was not read', () => {
    expect(run.invocations[0]?.executionSuccessful).toBe(false);
    expect(run.invocations[0]?.toolExecutionNotifications.map((note) => note.message.text)).toEqual([
      'rule concurrency/full-save: it threw',
      'not read: logo.png: binary',
      '`database.target` is not set: Postgres 14 was assumed.',
    ]);
    expect(logOf(report({})).runs[0].invocations[0]?.executionSuccessful).toBe(true);
  });

  it('keeps strange paths and empty spans valid', () => {
    const span = { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 };
    const [result] = logOf(report({ entries: [{ level: 'warn', finding: finding({ path: 'a b/[id]#%é.ts', span }) }] })).runs[0].results;
    expect(result?.locations[0]?.physicalLocation).toEqual({ artifactLocation: { uri: 'a%20b/%5Bid%5D%23%25%C3%A9.ts', uriBaseId: '%SRCROOT%' }, region: { startLine: 3, startColumn: 1 } });
  });

  it('is the same each time', () => {
    expect(sarifLog({ ...FULL, stats: { milliseconds: 1 } })).toEqual(sarifLog({ ...FULL, stats: { milliseconds: 2 } }));
  });
});
