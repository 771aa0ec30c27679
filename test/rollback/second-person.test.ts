import { describe, expect, it } from '@jest/globals';
import { NO_RELEASE_EVIDENCE, type PullReview, type ReleaseEvidence } from '../../src/core/release-evidence.js';
import { secondPerson, type SecondPerson } from '../../src/rollback/second-person.js';

const HEAD = 'a'.repeat(40);
const OLD = 'b'.repeat(40);
const PUSHED = '2026-03-01T10:00:00Z';

function review(login: string, over: Partial<PullReview> = {}): PullReview {
  return { login, bot: false, state: 'approved', sha: HEAD, at: '2026-03-01T10:30:00Z', permission: 'write', ...over };
}

const QUIET: ReleaseEvidence = { ...NO_RELEASE_EVIDENCE, lastPush: { by: 'ada', at: PUSHED }, pushers: new Set(['ada']), authors: new Set(['ada']) };

function judged(reviews: readonly PullReview[], over: Partial<ReleaseEvidence> = {}, author = 'ada'): SecondPerson | null {
  return secondPerson({ ...QUIET, reviews, ...over }, { author, headSha: HEAD });
}

describe('a second person', () => {
  it.each<readonly [string, readonly PullReview[], Partial<ReleaseEvidence>]>([
    ['somebody else who may write', [review('bo')], {}],
    ['with maintain', [review('bo', { permission: 'maintain' })], {}],
    ['whose permission nobody asked for', [review('bo', { permission: null })], {}],
    ['after an approval of their own was dismissed', [review('bo', { state: 'dismissed', at: '2026-03-01T10:10:00Z' }), review('bo')], {}],
    ['after asking for changes', [review('bo', { state: 'changes-requested', at: '2026-03-01T10:10:00Z' }), review('bo')], {}],
    ['who comments afterwards', [review('bo'), review('bo', { state: 'commented', at: '2026-03-01T11:00:00Z' })], {}],
    ['beside approvals that do not count', [review('ada'), review('ci[bot]', { bot: true }), review('bo')], {}],
    ['though somebody else asks for changes', [review('bo'), review('eve', { state: 'changes-requested' })], {}],
    ['on what a bot wrote and pushed', [review('bo')], { authors: new Set(['renovate[bot]']), lastPush: { by: 'renovate[bot]', at: PUSHED }, pushers: new Set(['renovate[bot]']) }],
  ])('is %s', (_, reviews, over) => {
    expect(judged(reviews, over)).toEqual({ shown: true, by: 'bo' });
  });

  it('is not asked for where the host does not show reviews', () => {
    expect(secondPerson(NO_RELEASE_EVIDENCE, { author: 'ada', headSha: HEAD })).toBeNull();
  });
});

/** Ways to get round the rule: none may end in an approval that counts. */
const ATTEMPTS: readonly (readonly [string, readonly PullReview[], Partial<ReleaseEvidence>, string?])[] = [
  ['no review at all', [], {}],
  ['a comment that says LGTM', [review('bo', { state: 'commented' })], {}],
  ['the author approves', [review('ada')], {}],
  ['the author in other letters', [review('ADA')], {}],
  ['the author, named in other letters by the host', [review('ada')], {}, 'Ada'],
  ['a second account that pushed the head', [review('ada2')], { lastPush: { by: 'ada2', at: PUSHED }, pushers: new Set(['ada', 'ada2']) }],
  ['a second account that pushed the head, in other letters', [review('Ada2')], { lastPush: { by: 'aDA2', at: PUSHED } }],
  ['a second account that pushed earlier', [review('ada2')], { pushers: new Set(['ada', 'ada2']) }],
  ['a second account that wrote a commit', [review('ada2')], { authors: new Set(['ada', 'ada2']) }],
  ['a second account that wrote a commit, in other letters', [review('ada2')], { authors: new Set(['ada', 'ADA2']) }],
  ['a co-author', [review('bo')], { authors: new Set(['ada', 'bo']) }],
  ['a committer who applied somebody’s patch', [review('bo')], { authors: new Set(['carol', 'bo']) }],
  ['a bot of type Bot', [review('approver', { bot: true })], {}],
  ['an App by its name', [review('auto-approve[bot]')], {}],
  ['a machine user', [review('deploy-bot')], {}],
  ['another machine user', [review('bot-release')], {}],
  ['an assistant', [review('copilot')], {}],
  ['an assistant under its App', [review('claude[bot]')], {}],
  ['an account that was deleted', [review('')], {}],
  ['an approval of the commit before', [review('bo', { sha: OLD })], {}],
  ['an approval of a commit nobody names', [review('bo', { sha: null })], {}],
  ['a push after the approval', [review('bo', { at: '2026-03-01T09:00:00Z' })], {}],
  ['a push away and back to the approved commit', [review('bo', { at: '2026-03-01T09:59:59Z' })], {}],
  ['a push away and back within the second of the approval', [review('bo', { at: PUSHED })], {}],
  ['a time zone that makes the approval look later', [review('bo', { at: '2026-03-01T11:30:00+05:30' })], {}],
  ['an approval without a time', [review('bo', { at: '' })], {}],
  ['an approval that was dismissed', [review('bo', { state: 'dismissed' })], {}],
  ['an older approval behind one that was dismissed', [review('bo', { at: '2026-03-01T10:10:00Z' }), review('bo', { state: 'dismissed' })], {}],
  ['an approval taken back by a request for changes', [review('bo'), review('bo', { state: 'changes-requested', at: '2026-03-01T11:00:00Z' })], {}],
  ['the same, listed in another order', [review('bo', { state: 'changes-requested', at: '2026-03-01T11:00:00Z' }), review('bo')], {}],
  ['the same, in other letters', [review('bo'), review('BO', { state: 'changes-requested', at: '2026-03-01T11:00:00Z' })], {}],
  ['the same, and a comment after it', [review('bo'), review('bo', { state: 'changes-requested', at: '2026-03-01T11:00:00Z' }), review('bo', { state: 'commented', at: '2026-03-01T12:00:00Z' })], {}],
  ['a reader from outside', [review('bo', { permission: 'read' })], {}],
  ['somebody with triage', [review('bo', { permission: 'triage' })], {}],
  ['a stranger', [review('bo', { permission: 'none' })], {}],
  ['nobody knows who pushed', [review('bo')], { lastPush: { by: null, at: PUSHED }, pushers: new Set() }],
  ['nobody knows when it was pushed', [review('bo')], { lastPush: { by: 'ada', at: null } }],
  ['nobody knows who wrote it', [review('bo')], { authors: null }],
  ['a co-author without an account', [review('bo')], { unknownAuthors: true }],
  ['two approvals, neither of which counts', [review('ada'), review('bo', { sha: OLD })], {}],
];

describe('no way round it', () => {
  it.each(ATTEMPTS)('%s', (...[, reviews, over, author]) => {
    expect(judged(reviews, over, author)?.shown).toBe(false);
  });

  it('does not count an approval of the difference to another base', () => {
    expect(judged([review('bo')], { baseChangedAt: '2030-01-01T00:00:00Z' })).toEqual({ shown: false, reason: 'not-counted', why: ['bo approved before the base branch was changed'] });
    expect(judged([review('bo')], { baseChangedAt: '2020-01-01T00:00:00Z' })?.shown).toBe(true);
    expect(judged([review('bo')], { baseChangedAt: 'some day' })?.shown).toBe(false);
    expect(judged([review('bo')], { baseChangedAt: null })).toEqual({ shown: false, reason: 'unknown', why: ['whether the base branch was changed after the approval is not known'] });
  });

  it('says what keeps an approval from counting', () => {
    expect(judged([review('bo', { sha: OLD })])).toEqual({ shown: false, reason: 'not-counted', why: ['bo approved bbbbbbb, and the head is aaaaaaa'] });
    expect(judged([review('bo')], { lastPush: { by: null, at: null } })).toMatchObject({ reason: 'unknown', why: ['who pushed the last commit is not known', 'when the last commit was pushed is not known'] });
  });
});
