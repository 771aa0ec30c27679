import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_READ_LIMITS, type Host } from '../../src/core/host.js';
import { announce } from '../../src/core/reconcile-check-run.js';
import { reconcile } from '../../src/core/reconcile.js';
import type { Verdict } from '../../src/core/verdict.js';
import { connect, type GitHubApp } from '../../src/github/connect.js';
import { REVIEWING, wordsFor } from '../../src/render/check-run.js';
import { startGitHub, type GitHub } from '../support/github/start-github.js';

const REPO = { owner: 'acme', name: 'shop' };
const { signal } = new AbortController();
const lines = (count: number, word: string): string => Array.from({ length: count }, (_, index) => `${word} ${index}`).join('\n') + '\n';

let github: GitHub;
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'belay-stand-in-'));
  github = await startGitHub({
    repositories: [{ name: 'acme/shop', collaborators: { mira: 'admin' }, files: { 'a.ts': lines(40, 'a'), 'big.sql': lines(9000, 'old'), 'gone.ts': 'farewell\n', 'old-name.ts': lines(20, 'r'), 'crlf.txt': 'one\r\ntwo\r\n', 'open.txt': 'no end', '.github/pull_request_template.md': '## Why' } }],
    users: ['stranger'],
  });
});
afterEach(async () => {
  const violations = github.state.violations;
  await github.close();
  rmSync(directory, { recursive: true, force: true });
  expect(violations).toEqual([]);
});

function app(): GitHubApp {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return connect({ appId: github.appId, privateKey: github.privateKey, host: github.host, protocol: 'http', userAgent: 'belay-test', log, observe: () => undefined, cacheDirectory: directory, markerKeys: ['key'], writeSpacing: 0, sleep: () => Promise.resolve(), timeout: 60_000 });
}

async function review(host: Host, number: number, level: 'block' | 'warn'): Promise<void> {
  const pull = await host.pull(number);
  const subject = { published: await host.published(pull, pull.headSha), headSha: pull.headSha, pull: number, rerun: null };
  await host.carryOut(announce(subject, REVIEWING), signal);
  const { changes } = await host.changeSet(pull, DEFAULT_READ_LIMITS, signal);
  const at = (path: string, line: number, name: string) => ({
    level,
    finding: { ruleId: 'failures/swallowed-error', title: 'T', path, span: { startLine: line, startColumn: 1, endLine: line, endColumn: 2 }, symbol: null, message: 'm', remedy: 'r', evidence: [], suggestion: null, source: 'rule' as const, fingerprint: name.repeat(32) },
  });
  const entries = [at('a.ts', 10, 'a'), at('a.ts', 30, 'b')];
  const verdict: Verdict = { conclusion: level === 'block' ? 'failure' : 'success', blocking: level === 'block' ? 2 : 0, reasons: ['Because.'], entries, waived: [], mishaps: [], unread: [], notices: [] };
  const config = { review: { drafts: true, bots: false, inline: 6 }, llm: { enabled: true, model: 'm', exclude: [], inline: 4, budget: { pullRequest: 1, month: 1 } } };
  await host.carryOut(reconcile({ ...subject, verdict, changes, dismissed: new Set(), config, words: wordsFor({ homepage: 'https://x.test', headers: [] }), sign: (marker) => host.sign(marker, number) }), signal);
}

describe('against the stand-in', () => {
  it('reads a fork\'s change of every kind from real git data', async () => {
    const shop = github.repository('acme/shop');
    const stranger = github.user('stranger');
    const fork = await stranger.fork(shop);
    const before = lines(40, 'a');
    const after = before.replace('a 9\n', 'a nine\n');
    const files = {
      'a.ts': after, 'big.sql': lines(9000, 'new'), 'gone.ts': null, 'old-name.ts': null, 'new-name.ts': lines(20, 'r'), 'crlf.txt': 'one\r\nTWO\r\n', 'open.txt': 'no end still',
      '.gitattributes': 'hidden.sql export-ignore\n', 'hidden.sql': 'drop table users;\n', link: { symlink: '/etc/passwd' }, module: { submodule: 'd'.repeat(40) }, 'image.png': Buffer.from([137, 0, 1]), 'bad.txt': Buffer.from([0x61, 0xff, 0x0a]), 'späß.ts': 'x\n', 'empty.ts': '',
    };
    await stranger.push(fork, 'feature/x', files);
    const { pull } = await stranger.openPull(shop, 'feature/x', { from: fork });
    const host = app().host(REPO, { purpose: 'review' });
    const changeSet = await host.changeSet(await host.pull(pull.number), DEFAULT_READ_LIMITS, signal);
    const text = Object.fromEntries(changeSet.changes.map((change) => [change.path, [change.before, change.after]]));
    expect(text).toEqual({
      'a.ts': [before, after], 'big.sql': [lines(9000, 'old'), lines(9000, 'new')], 'gone.ts': ['farewell\n', null], 'new-name.ts': [lines(20, 'r'), lines(20, 'r')], 'crlf.txt': ['one\r\ntwo\r\n', 'one\r\nTWO\r\n'], 'open.txt': ['no end', 'no end still'],
      '.gitattributes': [null, 'hidden.sql export-ignore\n'], 'hidden.sql': [null, 'drop table users;\n'], 'bad.txt': [null, 'a\ufffd\n'], 'späß.ts': [null, 'x\n'], 'empty.ts': [null, ''],
    });
    expect(changeSet.unread.map((one) => [one.path, one.reason]).sort()).toEqual([['image.png', 'binary'], ['link', 'symlink'], ['module', 'submodule']]);
    expect(changeSet.pull).toMatchObject({ fromFork: true, author: 'stranger', templates: ['## Why'] });
    expect(changeSet.changes.find((change) => change.path === 'a.ts')?.touched).toEqual([{ start: 10, end: 10 }]);
  });

  it.each(['lost', 'truncated', 'status'] as const)('ends in the same state whichever answer is %s', async (kind) => {
    const shop = github.repository('acme/shop');
    const mira = github.user('mira');
    await mira.push(shop, 'feature', { 'a.ts': lines(40, 'a').replace('a 9\n', 'a nine\n') });
    const { pull } = await mira.openPull(shop, 'feature', {});
    for (const [method, path] of [['GET', /./], ['POST', /check-runs/], ['POST', /reviews/], ['POST', /\/comments/], ['PATCH', /check-runs/], ['POST', /access_tokens/]] as const) {
      github.addFault({ on: { method, path }, fault: kind === 'status' ? { kind, status: 502, performed: true } : { kind } });
    }
    const client = app();
    await review(client.host(REPO, { purpose: 'review' }), pull.number, 'block');
    await review(client.host(REPO, { purpose: 'review' }), pull.number, 'block');
    expect([...shop.checkRuns.values()].map((run) => [run.status, run.conclusion])).toEqual([['completed', 'failure']]);
    expect([...shop.reviewComments.values()].map((comment) => comment.path)).toEqual(['a.ts', 'a.ts']);
  });
});
