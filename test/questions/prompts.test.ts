import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fillPrompt, parsePrompt, PROMPT_IDS } from '../../src/questions/prompt.js';

const folder = new URL('../../prompts/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const versions = JSON.parse(read('versions.json')) as Record<string, Record<string, string>>;

/** What is wrong with a prompt's text against the recorded versions; null when nothing is. */
function versionProblem(id: string, text: string): string | null {
  const { version } = parsePrompt(text);
  const hash = createHash('sha256').update(text).digest('hex');
  const known = versions[id]?.[version];
  if (known === undefined) return `prompts/versions.json does not know version ${version} of ${id}: add "${version}": "${hash}"`;
  return known === hash ? null : `prompts/${id}.md has changed: raise its version and add its hash to prompts/versions.json`;
}

describe.each([...PROMPT_IDS])('%s', (id) => {
  it('has the words its version says, under its own name', () => {
    expect(versionProblem(id, read(`${id}.md`))).toBeNull();
    expect(parsePrompt(read(`${id}.md`)).id).toBe(id);
  });

  it('may not change without a new version', () => {
    expect(versionProblem(id, `${read(`${id}.md`)}One more sentence.\n`)).toContain('raise its version');
    expect(versionProblem(id, read(`${id}.md`).replace('version: 1', 'version: 99'))).toContain('does not know version 99');
  });

  it('has every version up to the present one on record', () => {
    const { version } = parsePrompt(read(`${id}.md`));
    expect(Object.keys(versions[id] ?? {})).toEqual(Array.from({ length: version }, (_, index) => String(index + 1)));
    for (const hash of Object.values(versions[id] ?? {})) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes data in the user part only', () => {
    const { system, user } = parsePrompt(read(`${id}.md`));
    expect(system).not.toContain('{{');
    expect(user).toContain('{{excerpts}}');
  });
});

it('there is a file for each question and a question for each file', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => name.replace('.md', ''));
  expect(files.sort()).toEqual([...PROMPT_IDS].sort());
  expect(Object.keys(versions).sort()).toEqual([...PROMPT_IDS].sort());
});

describe('parsePrompt', () => {
  it.each([
    ['no front matter', '# System\na\n# User\nb'],
    ['no user part', '---\nid: a\nversion: 1\nmodel: m\n---\n\n# System\na\n'],
    ['no version', '---\nid: a\nmodel: m\n---\n\n# System\na\n# User\nb'],
    ['version 0', '---\nid: a\nversion: 0\nmodel: m\n---\n\n# System\na\n# User\nb'],
    ['a line that is no field', '---\nid: a\nversion: 1\nmodel: m\nhello\n---\n\n# System\na\n# User\nb'],
  ])('refuses a file with %s', (_, text) => {
    expect(() => parsePrompt(text)).toThrow();
  });

  it('reads one with any line ends', () => {
    expect(parsePrompt('---\r\nid: a\r\nversion: 2\r\nmodel: m\r\n---\r\n\r\n# System\r\nBe.\r\n\r\n# User\r\nDo {{x}}.\r\n')).toEqual({ id: 'a', version: 2, model: 'm', system: 'Be.', user: 'Do {{x}}.' });
  });
});

describe('fillPrompt', () => {
  it('never looks into what it filled in', () => {
    expect(fillPrompt('{{a}} and {{b}}', { a: '{{b}} $& $1', b: 'B' })).toBe('{{b}} $& $1 and B');
  });

  it('refuses a name without data', () => {
    expect(() => fillPrompt('{{constructor}}', {})).toThrow('{{constructor}}');
  });
});
