import type { Finding } from '../../src/core/finding.js';
import type { Fixture, Want } from './fixture.js';

/**
 * What differs between a fixture's expectations and the findings, as text that shows the line, what was expected and what
 * came. Empty when all is as it should be.
 *
 * In a `bad` fixture only the folder's own rule, and rules that an expectation names, are looked at; in a `good` one
 * every rule has to be silent, because each good fixture is everyone's test for false positives.
 */
export function compare(fixture: Fixture, findings: readonly Finding[]): string {
  const named = new Set([fixture.ruleId, ...fixture.wants.map(({ ruleId }) => ruleId)]);
  const judged = fixture.kind === 'good' ? findings : findings.filter(({ ruleId }) => named.has(ruleId));
  const met = new Set<Finding>();
  const problems = fixture.wants.flatMap((want) => {
    const matching = judged.filter((finding) => matches(want, finding));
    if (want.todo) return matching.length > 0 ? [problem(fixture, want.path, want.line, `todo-want works now: make it want`, `got ${matching.map(say).join('; ')}`)] : [];
    for (const finding of matching) met.add(finding);
    if (matching.length > 0) return [];
    const here = judged.filter((finding) => finding.path === want.path && lineOf(finding) === want.line);
    return [problem(fixture, want.path, want.line, `expected ${want.ruleId} \`${want.pattern.source}\``, here.length === 0 ? 'got nothing' : `got ${here.map(say).join('; ')}`)];
  });
  for (const finding of judged) {
    if (!met.has(finding) && !fixture.wants.some((want) => want.todo && matches(want, finding))) {
      problems.push(problem(fixture, finding.path, lineOf(finding), 'expected silence', `got ${say(finding)}`));
    }
  }
  return problems.join('\n');
}

function matches(want: Want, finding: Finding): boolean {
  const there = want.path === null || (finding.path === want.path && lineOf(finding) === want.line);
  return there && finding.ruleId === want.ruleId && want.pattern.test(finding.message);
}

function lineOf(finding: Finding): number | null {
  return finding.path === null ? null : (finding.span?.startLine ?? null);
}

function say(finding: Finding): string {
  return `${finding.ruleId}: ${finding.message}`;
}

function problem(fixture: Fixture, path: string | null, line: number | null, expected: string, got: string): string {
  const place = path === null ? 'the pull request as a whole' : placeOf(fixture, path, line);
  return `${place}\n    ${expected}\n    ${got}`;
}

function placeOf(fixture: Fixture, path: string, line: number | null): string {
  const text = fixture.files.find((file) => file.path === path)?.after?.split('\n')[(line ?? 0) - 1]?.trim() ?? '';
  const offset = fixture.offsets.get(path);
  const inFixture = offset === undefined || line === null ? fixture.name : `${fixture.name}:${offset + line}`;
  return `test/rules/${inFixture} (${path}:${line ?? '?'})  ${text}`;
}
