import { describe, expect, it } from '@jest/globals';
import { findCall, resolve } from '../support/openapi/description.js';
import { judgeReply, judgeRequest, KNOWN_DEFECTS } from '../support/openapi/judge.js';

/** Every operation Belay uses. */
const USED = [
  'GET /app', 'GET /app/installations', 'GET /app/hook/deliveries', 'POST /app/installations/1/access_tokens', 'GET /installation/repositories',
  'GET /repos/o/r/installation', 'GET /repos/o/r/pulls', 'GET /repos/o/r/pulls/1', 'GET /repos/o/r/pulls/1/files', 'GET /repos/o/r/pulls/1/commits',
  'GET /repos/o/r/compare/a...b', 'GET /repos/o/r/contents/a/b', 'GET /repos/o/r/git/blobs/abc', 'GET /repos/o/r/commits/abc', 'GET /repos/o/r/commits/abc/pulls',
  'GET /repos/o/r/commits/abc/check-runs', 'GET /repos/o/r/collaborators/x/permission', 'GET /orgs/o/teams/t/memberships/x', 'POST /repos/o/r/check-runs',
  'PATCH /repos/o/r/check-runs/1', 'GET /repos/o/r/check-runs/1/annotations', 'GET /repos/o/r/pulls/1/comments', 'POST /repos/o/r/pulls/1/comments',
  'PATCH /repos/o/r/pulls/comments/1', 'POST /repos/o/r/pulls/1/reviews', 'GET /repos/o/r/issues/1/comments', 'POST /repos/o/r/issues/1/comments',
  'POST /repos/o/r/issues/comments/1/reactions', 'GET /repos/o/r/branches/main',
].map((line) => line.split(' ') as [string, string]);

type Content = { readonly content?: Readonly<Record<string, { readonly examples?: Readonly<Record<string, unknown>> }>> };

function examples(holder: unknown): readonly unknown[] {
  const content = resolve<Content>(holder as Content)?.content?.['application/json'];
  return Object.values(content?.examples ?? {}).map((example) => resolve<{ value: unknown }>(example as { value: unknown }).value);
}

const SHA = 'a'.repeat(40);

describe('the judge', () => {
  it.each(USED)('accepts GitHub\'s own examples of %s %s', (method, path) => {
    const call = findCall(method, path);
    expect(call).not.toBeNull();
    const replies = Object.entries(call?.operation.responses ?? {}).flatMap(([status, reply]) => examples(reply).map((body) => judgeReply(method, path, Number(status), body)));
    expect(replies.flat()).toEqual([]);
    const requests = examples(call?.operation.requestBody).flatMap((body) => judgeRequest(method, path, body));
    // The documentation's examples shorten shas, and some set a conclusion alone.
    expect(requests.filter((violation) => !/full commit sha/.test(violation))).toEqual([]);
  });

  it('excuses nothing beyond the listed defects', () => {
    expect(Object.keys(KNOWN_DEFECTS).sort()).toEqual([
      'apps/list-installations', 'pulls/get', 'pulls/list', 'repos/get-collaborator-permission-level', 'repos/get-commit', 'repos/list-pull-requests-associated-with-commit',
    ]);
  });

  it.each<[string, string, string, unknown, RegExp]>([
    ['an unknown path', 'GET', '/repos/o/r/nonsense', undefined, /no such operation/],
    ['an unknown query parameter', 'GET', '/repos/o/r/pulls/1/files?size=3', undefined, /unknown query parameter size/],
    ['more than a hundred a page', 'GET', '/repos/o/r/pulls/1/files?per_page=101', undefined, /over 100/],
    ['a number that is none', 'GET', '/repos/o/r/pulls/x', undefined, /must be an integer/],
    ['an unknown field', 'POST', '/repos/o/r/check-runs', { name: 'Belay', head_sha: SHA, colour: 'red' }, /additional properties: colour/],
    ['an unknown field deep down', 'POST', '/repos/o/r/pulls/1/reviews', { event: 'COMMENT', body: 'x', comments: [{ path: 'a', line: 1, body: 'x', subject_type: 'file' }] }, /additional properties: subject_type/],
    ['completed without a conclusion', 'POST', '/repos/o/r/check-runs', { name: 'Belay', head_sha: SHA, status: 'completed' }, /conclusion is missing/],
    ['a conclusion before completion', 'PATCH', '/repos/o/r/check-runs/1', { status: 'in_progress', conclusion: 'success' }, /not completed/],
    ['51 annotations', 'PATCH', '/repos/o/r/check-runs/1', { output: { summary: 's', annotations: Array.from({ length: 51 }, () => ({ path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' })) } }, /50/],
    ['an output without a title', 'POST', '/repos/o/r/check-runs', { name: 'Belay', head_sha: SHA, output: { summary: 's' } }, /required property 'title'/],
    ['an action with too long a label', 'PATCH', '/repos/o/r/check-runs/1', { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] }, /label/],
    ['a range of one line', 'POST', '/repos/o/r/pulls/1/reviews', { event: 'COMMENT', body: 'x', comments: [{ path: 'a', line: 3, start_line: 3, body: 'x' }] }, /start_line must be before/],
    ['an empty review body', 'POST', '/repos/o/r/pulls/1/reviews', { event: 'COMMENT', comments: [] }, /body is empty/],
    ['a file comment with a line', 'POST', '/repos/o/r/pulls/1/comments', { body: 'x', commit_id: SHA, path: 'a', subject_type: 'file', line: 2 }, /line is not allowed/],
    ['a short sha', 'POST', '/repos/o/r/check-runs', { name: 'Belay', head_sha: 'abc' }, /full commit sha/],
    ['a body where none belongs', 'POST', '/app/hook/deliveries/1/attempts', { x: 1 }, /takes no body/],
  ])('objects to %s', (_, method, path, body, expected) => {
    expect(judgeRequest(method, path, body).join('\n')).toMatch(expected);
  });

  it('knows the same operations under an enterprise server\'s prefix', () => {
    expect(judgeRequest('GET', '/api/v3/repos/o/r/pulls/1/files?per_page=100&page=2')).toEqual([]);
  });

  it.each<[string, string, string, number, unknown, RegExp]>([
    ['a status nobody documented', 'POST', '/repos/o/r/check-runs', 200, {}, /not among the documented/],
    ['a reply with fields missing', 'GET', '/repos/o/r/git/blobs/abc', 200, { sha: SHA }, /required property/],
    ['an error without a message', 'GET', '/repos/o/r/pulls/1/files', 403, {}, /message/],
  ])('objects to %s', (_, method, path, status, body, expected) => {
    expect(judgeReply(method, path, status, body).join('\n')).toMatch(expected);
  });
});
