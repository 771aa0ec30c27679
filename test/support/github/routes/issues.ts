import { covers } from '../auth.js';
import { commentPayload } from '../payloads.js';
import { Problem, invalid, notFound, notPermitted } from '../problem.js';
import { created, noContent, ok, paginate, route, text, under, type Answer, type Call, type Need, type Route } from '../route.js';
import { addReaction, appUser, inBackground, stamp } from '../doing.js';
import type { Issue, IssueComment, Pull } from '../world.js';
import { commentView, issueView, reactionView } from '../views/pulls.js';
import { userView } from '../views/people.js';
import { labelView } from '../views/repository.js';

/** On a pull request the issue endpoints are governed by either permission; on a plain issue by `issues` alone. */
const READ: Need = [['issues', 'read'], ['pull_requests', 'read']];
const WRITE: Need = [['issues', 'write'], ['pull_requests', 'write']];

const BODY_CHARACTERS = 65_536;

function issueOf(call: Call): Issue | Pull {
  const number = Number(call.params['issue_number']);
  const issue = call.repository.pulls.get(number) ?? call.repository.issues.get(number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** Of all that happened to a pull request, the changes of its base. */
function listTimeline(call: Call): Answer {
  const { number, user } = issueOf(call);
  const changes = call.repository.pulls.get(number)?.baseChanges ?? [];
  const events = changes.map((at, index) => ({ id: number * 1000 + index, node_id: 'x', url: under(call, `/issues/events/${String(index)}`), actor: userView(call.world, user), event: 'base_ref_changed', commit_id: null, commit_url: null, created_at: at, performed_via_github_app: null }));
  return paginate(call, under(call, `/issues/${String(number)}/timeline`), events);
}

function mayWrite(call: Call, number: number): void {
  if (call.repository.pulls.has(number) || call.caller.kind !== 'installation') return;
  if (!covers(call.caller.token.permissions, 'issues', 'write')) throw notPermitted();
}

function checkBody(call: Call): string {
  const body = text(call.body, 'body') ?? '';
  if (body.trim() === '') throw invalid('IssueComment', 'body', 'missing_field', "body can't be blank");
  if (body.length > BODY_CHARACTERS) throw invalid('IssueComment', 'body', 'custom', `body is too long (maximum is ${String(BODY_CHARACTERS)} characters)`);
  return body;
}

function createComment(call: Call): Answer {
  const { world, repository } = call;
  const issue = issueOf(call);
  mayWrite(call, issue.number);
  const comment: IssueComment = {
    id: world.nextId(),
    number: issue.number,
    user: appUser(world),
    body: checkBody(call),
    createdAt: stamp(world),
    updatedAt: stamp(world),
    byApp: true,
    reactions: [],
    minimized: null,
  };
  repository.comments.set(comment.id, comment);
  inBackground(world, () => world.emit('issue_comment', 'created', commentPayload(world, repository, comment, comment.user, 'created'), repository));
  return created(commentView(world, repository, comment));
}

function commentOf(call: Call): IssueComment {
  const comment = call.repository.comments.get(Number(call.params['comment_id']));
  if (comment === undefined) throw notFound();
  return comment;
}

function ownComment(call: Call): IssueComment {
  const comment = commentOf(call);
  if (comment.user.id !== appUser(call.world).id) throw new Problem(403, 'Resource not accessible by integration');
  mayWrite(call, comment.number);
  return comment;
}

function editComment(call: Call): Answer {
  const { world, repository } = call;
  const comment = ownComment(call);
  const before = comment.body;
  comment.body = checkBody(call);
  comment.updatedAt = stamp(world);
  const payload = commentPayload(world, repository, comment, comment.user, 'edited', { changes: { body: { from: before } } });
  inBackground(world, () => world.emit('issue_comment', 'edited', payload, repository));
  return ok(commentView(world, repository, comment));
}

function listComments(call: Call): Answer {
  const { number } = issueOf(call);
  const since = call.query.get('since');
  const comments = [...call.repository.comments.values()].filter((comment) => comment.number === number && (since === null || Date.parse(comment.updatedAt) >= Date.parse(since)));
  return paginate(call, under(call, `/issues/${String(number)}/comments`), comments.map((comment) => commentView(call.world, call.repository, comment)));
}

function removeReaction(call: Call): Answer {
  const comment = commentOf(call);
  const index = comment.reactions.findIndex((reaction) => reaction.id === Number(call.params['reaction_id']));
  if (index === -1) throw notFound();
  if (comment.reactions[index]?.user.id !== appUser(call.world).id) throw notPermitted();
  comment.reactions.splice(index, 1);
  return noContent();
}

function addLabels(call: Call): Answer {
  const issue = issueOf(call);
  mayWrite(call, issue.number);
  const asked = Array.isArray(call.body['labels']) ? call.body['labels'] : [];
  for (const label of asked) if (typeof label === 'string') issue.labels.add(label);
  return ok([...issue.labels].map((name) => labelView(call.world, call.repository, name)));
}

const ISSUES = '/repos/{owner}/{repo}/issues';

function listIssues(call: Call): Answer {
  const { repository } = call;
  const creator = call.query.get('creator')?.toLowerCase() ?? null;
  const state = call.query.get('state') ?? 'open';
  const all = [...repository.issues.values(), ...repository.pulls.values()].filter((issue) => (creator === null || issue.user.login.toLowerCase() === creator) && (state === 'all' || issue.state === state)).sort((one, other) => other.number - one.number);
  return paginate(call, under(call, '/issues'), all.map((issue) => issueView(call.world, repository, issue.number)));
}

function openIssue(call: Call): Answer {
  const { world, repository } = call;
  const now = stamp(world);
  const number = repository.nextNumber++;
  repository.issues.set(number, { id: world.nextId(), number, user: appUser(world), title: text(call.body, 'title') ?? '', body: text(call.body, 'body') ?? null, state: 'open', labels: new Set(), createdAt: now, updatedAt: now, closedAt: null });
  return created({ ...issueView(world, repository, number), closed_by: null });
}

function editIssue(call: Call): Answer {
  const issue = issueOf(call);
  mayWrite(call, issue.number);
  issue.title = text(call.body, 'title') ?? issue.title;
  issue.body = text(call.body, 'body') ?? issue.body;
  issue.updatedAt = stamp(call.world);
  return ok({ ...issueView(call.world, call.repository, issue.number), closed_by: null });
}

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

/** Endpoints of issues, which pull requests are too: comments, labels and reactions. */
export const issueRoutes: readonly Route[] = [
  route('GET', COMMENT, READ, (call) => ok(commentView(call.world, call.repository, commentOf(call)))),
  route('PATCH', COMMENT, WRITE, editComment),
  route('DELETE', COMMENT, WRITE, (call) => {
    call.repository.comments.delete(ownComment(call).id);
    return noContent();
  }),
  route('GET', `${COMMENT}/reactions`, READ, (call) =>
    paginate(call, under(call, `/issues/comments/${String(commentOf(call).id)}/reactions`), commentOf(call).reactions.map((reaction) => reactionView(call.world, reaction))),
  ),
  route('POST', `${COMMENT}/reactions`, WRITE, (call) => {
    mayWrite(call, commentOf(call).number);
    return addReaction(call, commentOf(call).reactions);
  }),
  route('DELETE', `${COMMENT}/reactions/{reaction_id}`, WRITE, removeReaction),
  route('GET', `${ISSUE}/timeline`, READ, listTimeline),
  route('GET', ISSUES, READ, listIssues),
  route('POST', ISSUES, [['issues', 'write']], openIssue),
  route('PATCH', ISSUE, WRITE, editIssue),
  route('GET', ISSUE, READ, (call) => ok({ ...issueView(call.world, call.repository, issueOf(call).number), closed_by: null })),
  route('GET', `${ISSUE}/comments`, READ, listComments),
  route('POST', `${ISSUE}/comments`, WRITE, createComment),
  route('GET', `${ISSUE}/labels`, READ, (call) => {
    const issue = issueOf(call);
    return paginate(call, under(call, `/issues/${String(issue.number)}/labels`), [...issue.labels].map((name) => labelView(call.world, call.repository, name)));
  }),
  route('POST', `${ISSUE}/labels`, WRITE, addLabels),
];
