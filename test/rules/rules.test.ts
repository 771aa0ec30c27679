/** Every rule against its fixtures, and every rule against everyone's good ones. CONTRIBUTING.md says how to write one. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { rules } from '../../src/rules/registry.generated.js';
import { compare } from './compare.js';
import { findFixtures, readFixture } from './fixture.js';
import { runFixture } from './run-fixture.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** What the model says has a name and a level like a rule, and checks of its own in test/questions. */
const checking = rules.filter(({ checks }) => Object.keys(checks).length > 0);

describe.each(checking.map((rule) => [rule.id] as const))('%s', (id) => {
  const own = findFixtures(FOLDER).filter(({ ruleId }) => ruleId === id);

  it('has a bad fixture that must be found and a good one that must not', () => {
    const fixtures = own.map(({ name }) => readFixture(FOLDER, name));
    expect({
      bad: fixtures.some(({ kind, wants }) => kind === 'bad' && wants.some(({ ruleId, todo }) => ruleId === id && !todo)),
      good: fixtures.some(({ kind }) => kind === 'good'),
    }).toEqual({ bad: true, good: true });
  });

  for (const { name } of own) it(name, async () => {
    const fixture = readFixture(FOLDER, name);
    const { verdict, stats } = await runFixture(fixture, rules);
    const findings = [...verdict.entries.flatMap(({ finding, others = [] }) => [finding, ...others]), ...verdict.waived.map(({ finding }) => finding)];
    expect(verdict.mishaps).toEqual([]);
    if (!name.endsWith('.json')) expect(`${stats.functions + stats.migrations} functions and migrations were read`).not.toMatch(/^0 /);
    const problems = compare(fixture, findings);
    if (problems !== '') throw new Error(`${name} is not judged as it says:\n\n${problems}\n`);
  });
});

it('has no fixtures without a rule', () => {
  const known = new Set(rules.map(({ id }) => id as string));
  const folders = readdirSync(FOLDER, { withFileTypes: true })
    .filter((family) => family.isDirectory())
    .flatMap((family) => readdirSync(join(FOLDER, family.name)).map((rule) => `${family.name}/${rule}`));
  expect(folders.filter((id) => !known.has(id) || !existsSync(join(FOLDER, id)))).toEqual([]);
});
