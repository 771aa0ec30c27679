import type { Evidence, Finding } from '../../src/core/finding.js';
import type { RuleHeader } from '../../src/core/rule.js';
import type { Entry, Verdict } from '../../src/core/verdict.js';
import type { Report } from '../../src/render/report.js';

/** Two requests that lose an update: what a race's timeline is made of. */
export const SCHEDULE: Evidence = {
  kind: 'schedule',
  text: 'Both requests read 100 and both write.',
  steps: [
    { actor: 'A', line: 2, text: 'const wallet = await read(id)' },
    { actor: 'B', line: 2, text: 'const wallet = await read(id)' },
    { actor: 'A', line: 4, text: 'await save(wallet)' },
    { actor: 'B', line: 4, text: 'await save(wallet)' },
  ],
};

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    ruleId: 'concurrency/lost-update',
    title: 'Two requests can overwrite each other',
    path: 'src/wallet.ts',
    span: { startLine: 4, startColumn: 9, endLine: 4, endColumn: 21 },
    symbol: 'withdraw',
    message: '`save(wallet)` writes what was computed on line 3 from a value read on line 2.',
    remedy: 'Write `balance = balance - amount` in one statement.',
    evidence: [SCHEDULE],
    suggestion: null,
    source: 'rule',
    fingerprint: '0123456789abcdef0123456789abcdef',
    ...more,
  };
}

export const WALLET = 'async function withdraw(id, amount) {\n  const wallet = await read(id);\n  wallet.balance -= amount;\n  await save(wallet);\n}\n';

export const HEADERS: readonly RuleHeader[] = [
  {
    id: 'concurrency/lost-update',
    since: '0.1.0',
    level: 'warn',
    docs: { title: 'Two requests can overwrite each other', why: 'Money is lost.', remedy: 'Let the database compute it.', references: [{ title: 'Manual', url: 'https://example.com/m' }] },
  },
  { id: 'migrations/rename', since: '0.1.0', level: 'block', docs: { title: 'A rename breaks the running code', why: 'Old code fails.', remedy: 'Expand, then contract.', references: [] } },
];

export function report(verdict: Partial<Verdict> & { readonly entries?: readonly Entry[] }, texts: Readonly<Record<string, string>> = { 'src/wallet.ts': WALLET }): Report {
  return {
    verdict: { conclusion: 'success', blocking: 0, reasons: ['Nothing blocks this change.'], entries: [], waived: [], mishaps: [], unread: [], notices: [], ...verdict },
    texts: new Map(Object.entries(texts)),
    headers: HEADERS,
    homepage: 'https://example.com/belay',
    version: '0.1.0',
    stats: {},
  };
}

/** One of everything a verdict can hold. */
export const FULL: Report = report({
  conclusion: 'failure',
  blocking: 1,
  reasons: ['1 finding blocks this change: `migrations/rename`.', '1 finding to look at besides.'],
  entries: [
    {
      finding: finding({ ruleId: 'migrations/rename', title: 'A rename breaks the running code', path: 'db/002.sql', span: { startLine: 1, startColumn: 1, endLine: 2, endColumn: 20 }, evidence: [{ kind: 'observation', text: '`ACCESS EXCLUSIVE` on `users`.', server: 'Postgres 16' }, { kind: 'reader', text: '`name` is read here', path: 'src/user.ts', line: 7 }], fingerprint: 'f'.repeat(32), suggestion: { startLine: 1, endLine: 2, text: 'ALTER TABLE users\n  ADD COLUMN full_name text;' } }),
      level: 'block',
      unconfirmedWaiver: { reason: 'no reader left', line: 1 },
    },
    { finding: finding(), level: 'warn' },
    { finding: finding({ ruleId: 'model/edge-case', path: null, span: null, source: 'model', evidence: [{ kind: 'quote', text: 'wallet.balance', path: 'src/wallet.ts', line: 3 }, { kind: 'fact', text: 'Numbers are rounded', source: 'the manual' }], fingerprint: 'e'.repeat(32) }), level: 'note' },
  ],
  waived: [{ finding: finding({ fingerprint: 'd'.repeat(32) }), level: 'warn', reason: 'one writer only', by: 'src/wallet.ts:3' }, { finding: finding({ fingerprint: 'c'.repeat(32) }), level: 'block', reason: 'agreed', by: 'mara' }],
  mishaps: [{ during: 'rule', subject: 'concurrency/full-save', message: 'it threw' }],
  unread: [{ path: 'logo.png', reason: 'binary', detail: 'binary' }],
  notices: ['`database.target` is not set: Postgres 14 was assumed.'],
}, { 'src/wallet.ts': WALLET, 'db/002.sql': 'ALTER TABLE users\n  RENAME name TO full_name;\n' });
