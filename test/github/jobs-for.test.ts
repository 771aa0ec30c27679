import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { jobsFor, type Translation } from '../../src/github/jobs-for.js';

const OURSELVES = { botLogin: 'belay[bot]', appId: 7 };
const SHA = 'a'.repeat(40);
const OTHER_SHA = 'b'.repeat(40);
const BASE = { repository: { name: 'wallet', owner: { login: 'acme' } }, sender: { login: 'mira' }, installation: { id: 99 } };
const repo = { owner: 'acme', name: 'wallet' };
const pullRequest = { number: 12, head: { sha: SHA } };

function ask(event: string, payload: object): Translation {
  return jobsFor(event, { ...BASE, ...payload }, 'd-1', OURSELVES);
}
const review = (over: object = {}) => ({ kind: 'review', request: { repo, pull: 12, headSha: SHA, trigger: 'pushed', delivery: 'd-1', ...over } });

interface Example {
  readonly name: string;
  readonly examples: readonly unknown[];
}
const path = createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json').replace('package.json', 'api.github.com/index.json');
const examples = JSON.parse(readFileSync(path, 'utf8')) as readonly Example[];

describe('jobsFor', () => {
  it.each(examples.map((example) => [example.name, example.examples] as const))('reads every example payload of %s', (name, payloads) => {
    for (const payload of payloads) {
      const { asked, reason } = jobsFor(name, payload, 'd-1', OURSELVES);
      expect((asked.length === 0) === (reason !== null)).toBe(true);
      expect(reason ?? '').not.toContain('malformed');
      for (const one of asked) if (one.kind === 'review') expect(one.request.headSha).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  it('asks for a review of GitHub\'s own example of a new pull request, and keeps its installation', () => {
    const opened = examples.find((example) => example.name === 'pull_request')?.examples.find((payload) => (payload as { action: string }).action === 'opened');
    expect(jobsFor('pull_request', opened, 'd-1', OURSELVES).asked).toMatchObject([{ kind: 'review', request: { repo: { owner: 'Codertocat', name: 'Hello-World' }, trigger: 'pushed' } }]);
    expect(ask('pull_request', { action: 'opened', pull_request: pullRequest }).installationId).toBe(99);
  });

  it.each([
    ['opened', 'pushed'], ['reopened', 'pushed'], ['ready_for_review', 'pushed'], ['converted_to_draft', 'edited'], ['labeled', 'edited'], ['unlabeled', 'edited'], ['edited', 'edited'],
  ])('reviews a pull request that was %s', (action, trigger) => {
    expect(ask('pull_request', { action, pull_request: pullRequest }).asked).toEqual([review({ trigger })]);
  });

  it('knows a changed base, a pusher, and that a closed pull request frees others with its head', () => {
    expect(ask('pull_request', { action: 'edited', changes: { base: { ref: { from: 'lax' } } }, pull_request: pullRequest }).asked).toEqual([review({ trigger: 'base-changed' })]);
    expect(ask('pull_request', { action: 'synchronize', sender: { login: 'Mira' }, pull_request: pullRequest }).asked).toEqual([{ kind: 'pusher', repo, pull: 12, headSha: SHA, login: 'mira' }, review()]);
    expect(ask('pull_request', { action: 'closed', pull_request: pullRequest }).asked).toEqual([{ kind: 'head', repo, headSha: SHA, trigger: 'edited', delivery: 'd-1' }]);
    expect(ask('pull_request', { action: 'assigned', pull_request: pullRequest }).asked).toEqual([]);
  });

  it('takes commands from new comments on pull requests only', () => {
    const comment = { id: 5, body: '/ai-review help', user: { login: 'mira', type: 'User' } };
    const issue = { number: 12, pull_request: {} };
    expect(ask('issue_comment', { action: 'created', issue, comment }).asked).toEqual([
      { kind: 'command', request: { repo, pull: 12, commentId: 5, author: 'mira', authorIsBot: false, body: '/ai-review help', headSha: null, delivery: 'd-1' } },
    ]);
    expect(ask('issue_comment', { action: 'edited', issue, comment }).reason).toMatch(/only new/);
    expect(ask('issue_comment', { action: 'created', issue: { number: 12 }, comment }).reason).toMatch(/not on a pull request/);
    expect(ask('issue_comment', { action: 'created', issue, comment: { ...comment, body: 'thanks' } }).reason).toBe('no command');
  });

  it('ignores what we sent ourselves', () => {
    expect(ask('issue_comment', { action: 'created', sender: { login: 'belay[bot]' }, issue: { number: 12, pull_request: {} }, comment: { id: 1, body: '/ai-review', user: { login: 'belay[bot]' } } })).toMatchObject({ asked: [], reason: 'we sent it ourselves' });
  });

  it('runs our own check runs again, by external id, by named pull request, or by head for forks', () => {
    const run = { name: 'Belay', head_sha: SHA, app: { id: 7 }, pull_requests: [] as unknown[], external_id: '' };
    const asked = (over: object, action = 'rerequested') => ask('check_run', { action, check_run: { ...run, ...over } });
    expect(asked({ external_id: 'belay/1/pull/12' }).asked).toEqual([review({ trigger: 'rerun' })]);
    expect(asked({ pull_requests: [{ number: 12, head: { sha: SHA } }] }).asked).toEqual([review({ trigger: 'rerun' })]);
    expect(asked({ pull_requests: [{ number: 12, head: { sha: OTHER_SHA } }] }).asked).toEqual([{ kind: 'head', repo, headSha: SHA, trigger: 'rerun', delivery: 'd-1' }]);
    expect(asked({}).asked).toEqual([{ kind: 'head', repo, headSha: SHA, trigger: 'rerun', delivery: 'd-1' }]);
    expect(asked({ external_id: 'belay/1/pull/12' }, 'requested_action').asked).toEqual([review({ trigger: 'requested' })]);
    expect(asked({ app: { id: 8 } }).reason).toMatch(/another app/);
    expect(asked({ name: 'Other' }).asked).toEqual([]);
    expect(asked({}, 'completed').asked).toEqual([]);
  });

  it('runs a suite again, also a merge group\'s', () => {
    const suite = { head_sha: SHA, app: { id: 7 }, pull_requests: [], head_branch: 'feature' };
    expect(ask('check_suite', { action: 'rerequested', check_suite: suite }).asked).toEqual([{ kind: 'head', repo, headSha: SHA, trigger: 'rerun', delivery: 'd-1' }]);
    const branch = `gh-readonly-queue/release/1.x/pr-12-${OTHER_SHA}`;
    expect(ask('check_suite', { action: 'rerequested', check_suite: { ...suite, head_branch: branch } }).asked).toEqual([review({ pull: null, trigger: 'rerun', baseBranch: 'release/1.x' })]);
    expect(ask('check_suite', { action: 'requested', check_suite: suite }).asked).toEqual([]);
  });

  it('answers for merge groups, also those that our own merge started', () => {
    const group = { head_sha: SHA, base_sha: OTHER_SHA, base_ref: 'refs/heads/main' };
    expect(ask('merge_group', { action: 'checks_requested', merge_group: group, sender: { login: 'belay[bot]' } }).asked).toEqual([review({ pull: null, trigger: 'merge-group', baseSha: OTHER_SHA, baseBranch: 'main' })]);
    expect(ask('merge_group', { action: 'destroyed', merge_group: group }).asked).toEqual([{ kind: 'group-gone', repo, headSha: SHA }]);
  });

  it('looks again after an approval, not after mere comments', () => {
    expect(ask('pull_request_review', { action: 'submitted', review: { state: 'approved' }, pull_request: pullRequest }).asked).toEqual([review({ trigger: 'edited' })]);
    expect(ask('pull_request_review', { action: 'submitted', review: { state: 'commented' }, pull_request: pullRequest }).asked).toEqual([]);
  });

  it('looks again at a head when its deployment to staging has ended', () => {
    const told = (environment: string, state: string) => ask('deployment_status', { action: 'created', deployment: { sha: SHA, environment }, deployment_status: { state } }).asked;
    expect(told('staging', 'success')).toEqual([{ kind: 'head', repo, headSha: SHA, trigger: 'edited', delivery: 'd-1' }]);
    expect(told('UAT', 'failure')).toHaveLength(1);
    expect(told('staging', 'in_progress')).toEqual([]);
    expect(told('preview-12', 'success')).toEqual([]);
  });

  it('is alerted by a deployment that failed where users are served, and by no other', () => {
    const told = (deployment: object, state: string) => ask('deployment_status', { action: 'created', deployment: { sha: SHA, environment: 'production', ...deployment }, deployment_status: { state } }).asked;
    const alert = [{ kind: 'alert', repo, headSha: SHA, delivery: 'd-1' }];
    expect(told({}, 'failure')).toEqual(alert);
    expect(told({ environment: 'Production – web' }, 'error')).toEqual(alert);
    expect(told({ environment: 'eu-west', production_environment: true }, 'failure')).toEqual(alert);
    for (const state of ['success', 'in_progress', 'inactive', 'pending']) expect(told({}, state)).toEqual([]);
    expect(told({ environment: 'eu-west' }, 'failure')).toEqual([]);
    expect(told({ environment: 'production-pr-12' }, 'failure')).toEqual([]);
    expect(told({ environment: 'Preview – web', production_environment: true }, 'failure')).toEqual([]);
    expect(told({ transient_environment: true }, 'failure')).toEqual([]);
    expect(told({ environment: 'pre-production' }, 'failure')).toMatchObject([{ kind: 'head' }]);
  });

  it('judges a base\'s pull requests anew when its configuration changed, or might have', () => {
    const push = (over: object) => ask('push', { ref: 'refs/heads/main', commits: [{ added: [], modified: ['.github/belay.yml'], removed: [] }], ...over }).asked;
    expect(push({})).toEqual([{ kind: 'base-push', repo, branch: 'main', delivery: 'd-1' }]);
    expect(push({ commits: [{ added: ['a.ts'], modified: [], removed: [] }] })).toEqual([]);
    expect(push({ commits: [] })).toHaveLength(1);
    expect(push({ commits: [], created: true })).toEqual([]);
    expect(push({ deleted: true })).toEqual([]);
    expect(push({ ref: 'refs/tags/v1' })).toEqual([]);
  });

  it('sweeps repositories that were added', () => {
    expect(ask('installation_repositories', { action: 'added', repositories_added: [{ full_name: 'acme/bank' }, { full_name: 'bad' }] }).asked).toEqual([{ kind: 'installation', added: [{ owner: 'acme', name: 'bank' }] }]);
    expect(ask('installation', { action: 'created', repositories: [{ full_name: 'acme/bank' }] }).asked).toEqual([{ kind: 'installation', added: [{ owner: 'acme', name: 'bank' }] }]);
  });

  const hostile: readonly unknown[] = [null, undefined, 1, 'x', [], {}, { ...BASE }, { ...BASE, repository: { name: '..', owner: { login: 'acme' } } }, { ...BASE, repository: { name: 'a/b', owner: { login: 'acme' } } }];
  const events = ['pull_request', 'issue_comment', 'check_run', 'check_suite', 'merge_group', 'pull_request_review', 'deployment_status', 'push', 'unknown', '__proto__', 'constructor', 'toString'];
  it.each(events)('answers malformed payloads of %s with a reason and never throws', (event) => {
    const pieces = [{ pull_request: 3 }, { pull_request: { number: '12', head: { sha: SHA } } }, { pull_request: { number: 12, head: { sha: 'HEAD; rm' } } }, { issue: [], comment: {} }, { check_run: { head_sha: 4 } }, { merge_group: { head_sha: SHA } }, { deployment: { sha: 'x' }, deployment_status: 1 }, { ref: 7 }];
    for (const payload of [...hostile, ...pieces.map((piece) => ({ ...BASE, action: 'opened', ...piece }))]) {
      const { asked, reason } = jobsFor(event, payload, 'd-1', OURSELVES);
      expect(asked).toEqual([]);
      expect(reason).toEqual(expect.any(String));
    }
  });
});
