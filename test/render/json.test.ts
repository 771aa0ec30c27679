import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { renderJson, reviewDocument } from '../../src/render/json.js';
import { finding, FULL, report } from './reports.js';

const SCHEMA = JSON.parse(readFileSync('docs/review.schema.json', 'utf8')) as object;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
formats.default.default(ajv);
const validate = ajv.compile(SCHEMA);

function problemsOf(document: unknown): string {
  return validate(document) ? '' : ajv.errorsText(validate.errors);
}

describe('the JSON document', () => {
  it('agrees with its schema, empty and full', () => {
    expect(problemsOf(JSON.parse(renderJson(report({}))))).toBe('');
    expect(problemsOf(JSON.parse(renderJson(FULL)))).toBe('');
  });

  it('says where a finding is', () => {
    expect(reviewDocument(FULL).findings[0]).toMatchObject({ rule: 'migrations/rename', level: 'block', path: 'db/002.sql', line: 1, endLine: 2, column: 1, docs: 'https://example.com/belay/docs/rules/migrations/rename.md', source: 'rule' });
  });

  it('has no lines for a finding about the pull request as a whole', () => {
    expect(reviewDocument(FULL).findings[2]).toMatchObject({ path: null, line: null, endLine: null, column: null, source: 'model' });
  });

  it('names what was waived, with its level, reason and by whom', () => {
    expect(reviewDocument(FULL).waived.map(({ finding: waived, reason, by }) => [waived.rule, waived.level, reason, by])).toEqual([
      ['concurrency/lost-update', 'warn', 'one writer only', 'src/wallet.ts:3'],
      ['concurrency/lost-update', 'block', 'agreed', 'mara'],
    ]);
  });

  it('is the same each time but for its stats', () => {
    expect(renderJson({ ...FULL, stats: { milliseconds: 1 } }).replace(/"stats": \{[^}]*\}/, '')).toBe(renderJson({ ...FULL, stats: { milliseconds: 2 } }).replace(/"stats": \{[^}]*\}/, ''));
  });

  it('holds hostile text as it is', () => {
    const message = '\u001b[31m"\\ </script> \ud800';
    const parsed = JSON.parse(renderJson(report({ entries: [{ finding: finding({ message }), level: 'warn' }] }))) as { findings: { message: string }[] };
    expect(parsed.findings[0]?.message).toBe(message);
  });
});

describe('the schema', () => {
  const full = () => JSON.parse(renderJson(FULL)) as { findings: Record<string, unknown>[]; verdict: Record<string, unknown>; extra?: number };

  it.each<[string, (document: ReturnType<typeof full>) => void]>([
    ['an unknown field', (document) => (document.extra = 1)],
    ['an unknown field of a finding', (document) => Object.assign(document.findings[0] ?? {}, { severity: 'high' })],
    ['a missing field', (document) => delete document.findings[0]?.['docs']],
    ['line 0', (document) => Object.assign(document.findings[0] ?? {}, { line: 0 })],
    ['a line without a path', (document) => Object.assign(document.findings[0] ?? {}, { path: null })],
    ['an unknown conclusion', (document) => (document.verdict['conclusion'] = 'skipped')],
    ['no reasons', (document) => (document.verdict['reasons'] = [])],
    ['evidence of no kind', (document) => Object.assign(document.findings[0] ?? {}, { evidence: [{ kind: 'rumour', text: 'x' }] })],
    ['a short fingerprint', (document) => Object.assign(document.findings[0] ?? {}, { fingerprint: 'abc' })],
  ])('refuses %s', (_name, spoil) => {
    const document = full();
    spoil(document);
    expect(problemsOf(document)).not.toBe('');
  });
});
