import { commitDate, installationFor, newRepository } from './create-world.js';
import { stamp } from './doing.js';
import { gitText } from './git.js';
import { commitTree, copyBare, mergeCommits, setRef, shareCommit, type FileMap } from './git-writing.js';
import { checkRunPayload, checkSuitePayload, commentPayload, installationPayload, mergeGroupPayload, deploymentStatusPayload, pullPayload, reviewCommentPayload, reviewPayload } from './payloads.js';
import { branchTip, moveBranch, refreshMerge, writeCommitAs, type CommitOptions } from './pushing.js';
import { labelView } from './views/repository.js';
import type { Account, CheckRun, IssueComment, JsonObject, Pull, Reaction, Repository, Review, ReviewComment, World } from './world.js';

/** A pull request and the repository it is in. */
export interface OpenedPull {
  readonly repository: Repository;
  readonly pull: Pull;
}

/** A merge queue's attempt to merge a pull request. */
export interface MergeGroup extends OpenedPull {
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  readonly baseSha: string;
}

export interface PushOptions extends CommitOptions {
  /** Where a new branch starts; the default branch unless told. */
  readonly from?: string;
  /** Throws the branch's commits away and starts from `from` again. */
  readonly force?: boolean;
}

export interface PullOptions {
  readonly title?: string;
  readonly body?: string | null;
  readonly base?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  /** The repository the branch is in, when it is a fork. */
  readonly from?: Repository;
}

/** Somebody at GitHub's web page or at a terminal. Each action changes the state and sends the webhooks GitHub would send. */
export type User = ReturnType<typeof actAs>;

export function actAs(world: World, account: Account) {
  return {
    account,
    login: account.login,
    ...gitActions(world, account),
    ...pullActions(world, account),
    ...talkActions(world, account),
    ...checkActions(world, account),
    ...queueActions(world, account),
  };
}

function gitActions(world: World, account: Account) {
  return {
    /** Pushes one commit with these files to a branch, which is made when it is not there. Gives the new tip. */
    async push(repository: Repository, branch: string, files: FileMap, options: PushOptions = {}): Promise<string> {
      const tip = options.force === true ? null : await branchTip(repository, branch);
      const parent = tip ?? (await gitText(repository.directory, ['rev-parse', '--verify', `${options.from ?? repository.defaultBranch}^{commit}`]));
      const sha = await writeCommitAs(world, account, repository, files, [parent], options);
      await moveBranch(world, account, repository, branch, sha);
      return sha;
    },
    /** Points a branch at a commit that exists. */
    pushTo: (repository: Repository, branch: string, sha: string) => moveBranch(world, account, repository, branch, sha),
    deleteBranch: (repository: Repository, branch: string) => moveBranch(world, account, repository, branch, null),
    /** Merges one branch into another, as `git merge && git push` would. */
    async mergeBranch(repository: Repository, into: string, from: string): Promise<string> {
      const [base, head] = [await branchTip(repository, into), await branchTip(repository, from)];
      if (base === null || head === null) throw new Error(`no branch ${into} or ${from}`);
      const sha = await mergeCommits(repository.directory, base, head, `Merge branch '${from}' into ${into}`, signedBy(repository, account));
      if (sha === null) throw new Error(`${from} does not merge into ${into}`);
      await moveBranch(world, account, repository, into, sha);
      return sha;
    },
    async tag(repository: Repository, name: string, sha: string): Promise<void> {
      await setRef(repository.directory, `refs/tags/${name}`, sha);
    },
    /** Gives a repository to the App, or takes it away. */
    async install(repository: Repository, installed = true): Promise<void> {
      repository.installed = installed;
      const installation = installationFor(world, repository.owner);
      const action = installed ? 'added' : 'removed';
      await world.emit('installation_repositories', action, installationPayload(world, installation, [repository], account, action), null);
    },
    /** A copy of a repository under the user's name. The App is not installed there. */
    async fork(parent: Repository): Promise<Repository> {
      const fork = newRepository(world, account, parent.name, { private: parent.private, installed: false, defaultBranch: parent.defaultBranch, parent });
      await copyBare(parent.directory, fork.directory, parent.defaultBranch);
      return fork;
    },
    /** Deploys as a workflow does, which the App is told of. */
    async deployTo(repository: Repository, environment: string, sha: string, state = 'success'): Promise<void> {
      const id = world.nextId();
      const createdAt = stamp(world);
      const status = { id: world.nextId(), state, createdAt };
      const deployment = { id, sha, ref: sha, environment, creator: account, createdAt, statuses: [status] };
      repository.deployments.set(id, deployment);
      await world.emit('deployment_status', 'created', deploymentStatusPayload(world, repository, deployment, status, account), repository);
    },
    deploy(repository: Repository, environment: string, sha: string, state = 'success'): void {
      const id = world.nextId();
      const createdAt = stamp(world);
      repository.deployments.set(id, { id, sha, ref: sha, environment, creator: account, createdAt, statuses: [{ id: world.nextId(), state, createdAt }] });
    },
  };
}

function signedBy(repository: Repository, account: Account): Parameters<typeof mergeCommits>[4] {
  return { author: { name: account.name, email: account.email, date: commitDate(repository) } };
}

function pullActions(world: World, account: Account) {
  const send = async ({ repository, pull }: OpenedPull, action: string, extra: JsonObject = {}): Promise<void> => {
    pull.updatedAt = stamp(world);
    await world.emit('pull_request', action, await pullPayload(world, repository, pull, account, action, extra), repository);
  };
  const close = async (opened: OpenedPull): Promise<void> => {
    opened.pull.state = 'closed';
    opened.pull.closedAt = stamp(world);
    await send(opened, 'closed');
  };
  return {
    /** Opens a pull request from a branch that has been pushed. */
    async openPull(repository: Repository, branch: string, options: PullOptions = {}): Promise<OpenedPull> {
      const pull = await newPull(world, account, repository, branch, options);
      const opened = { repository, pull };
      await send(opened, 'opened');
      for (const label of options.labels ?? []) await send(opened, 'labeled', { label: labelView(world, repository, label) });
      return opened;
    },
    /** Changes title, body or base. */
    async edit(opened: OpenedPull, change: { readonly title?: string; readonly body?: string; readonly base?: string }): Promise<void> {
      const { pull, repository } = opened;
      const changes: Record<string, JsonObject> = {};
      if (change.title !== undefined) changes['title'] = { from: pull.title };
      if (change.body !== undefined) changes['body'] = { from: pull.body ?? '' };
      if (change.base !== undefined) changes['base'] = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
      pull.title = change.title ?? pull.title;
      pull.body = change.body ?? pull.body;
      if (change.base !== undefined) {
        pull.baseRef = change.base;
        pull.baseChanges.push(stamp(world));
        await refreshMerge(world, repository, pull);
      }
      await send(opened, 'edited', { changes });
    },
    async label(opened: OpenedPull, name: string): Promise<void> {
      ensureLabel(world, opened.repository, name);
      opened.pull.labels.add(name);
      await send(opened, 'labeled', { label: labelView(world, opened.repository, name) });
    },
    async unlabel(opened: OpenedPull, name: string): Promise<void> {
      opened.pull.labels.delete(name);
      await send(opened, 'unlabeled', { label: labelView(world, opened.repository, name) });
    },
    async convertToDraft(opened: OpenedPull): Promise<void> {
      opened.pull.draft = true;
      await send(opened, 'converted_to_draft');
    },
    async readyForReview(opened: OpenedPull): Promise<void> {
      opened.pull.draft = false;
      await send(opened, 'ready_for_review');
    },
    close,
    async reopen(opened: OpenedPull): Promise<void> {
      opened.pull.state = 'open';
      opened.pull.closedAt = null;
      await send(opened, 'reopened');
    },
    /** Merges a pull request with a merge commit, or as one squashed commit. */
    async merge(opened: OpenedPull, method: 'merge' | 'squash' = 'merge'): Promise<string> {
      const { repository, pull } = opened;
      const tip = await branchTip(repository, pull.baseRef);
      if (tip === null) throw new Error(`no branch ${pull.baseRef}`);
      const message = method === 'merge' ? `Merge pull request #${String(pull.number)} from ${pull.headRepository.owner.login}/${pull.headRef}` : `${pull.title} (#${String(pull.number)})`;
      const merged = await mergeCommits(repository.directory, tip, pull.headSha, message, signedBy(repository, account));
      if (merged === null) throw new Error(`#${String(pull.number)} does not merge`);
      const tree = await gitText(repository.directory, ['rev-parse', `${merged}^{tree}`]);
      const sha = method === 'merge' ? merged : await commitTree(repository.directory, tree, [tip], message, signedBy(repository, account));
      await finishMerge(world, account, opened, tip, sha, 'pr_merge');
      return sha;
    },
  };
}

async function newPull(world: World, account: Account, repository: Repository, branch: string, options: PullOptions): Promise<Pull> {
  const from = options.from ?? repository;
  const headSha = await branchTip(from, branch);
  if (headSha === null) throw new Error(`no branch ${branch}`);
  const number = repository.nextNumber++;
  await shareCommit(from.directory, repository.directory, headSha, `refs/pull/${String(number)}/head`);
  const now = stamp(world);
  for (const label of options.labels ?? []) ensureLabel(world, repository, label);
  const pull: Pull = {
    id: world.nextId(),
    number,
    user: account,
    title: options.title ?? 'A change',
    body: options.body === undefined ? 'What it does.' : options.body,
    state: 'open',
    labels: new Set(options.labels ?? []),
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    draft: options.draft ?? false,
    merged: false,
    mergedAt: null,
    mergedBy: null,
    mergeCommitSha: null,
    headRepository: from,
    headRepositoryDeleted: false,
    headRef: branch,
    headSha,
    baseRef: options.base ?? repository.defaultBranch,
    baseSha: headSha,
    baseChanges: [],
    heads: [headSha],
    assignees: [],
  };
  await refreshMerge(world, repository, pull);
  repository.pulls.set(number, pull);
  return pull;
}

function ensureLabel(world: World, repository: Repository, name: string): void {
  if (!repository.labels.has(name.toLowerCase())) repository.labels.set(name.toLowerCase(), { id: world.nextId(), name, color: 'ededed', description: null });
}

async function finishMerge(world: World, account: Account, { repository, pull }: OpenedPull, tip: string, sha: string, type: 'pr_merge' | 'merge_queue_merge'): Promise<void> {
  const now = stamp(world);
  Object.assign(pull, { state: 'closed', merged: true, mergedAt: now, closedAt: now, mergedBy: account, mergeCommitSha: sha, baseSha: tip });
  await moveBranch(world, account, repository, pull.baseRef, sha, type);
  await world.emit('pull_request', 'closed', await pullPayload(world, repository, pull, account, 'closed'), repository);
}

function talkActions(world: World, account: Account) {
  const sendReview = (opened: OpenedPull, review: Review): Promise<void> =>
    world.emit('pull_request_review', 'submitted', reviewPayload(world, opened.repository, opened.pull, review, account, 'submitted'), opened.repository);
  const newReview = ({ repository, pull }: OpenedPull, state: Review['state'], body: string): Review => {
    const review: Review = { id: world.nextId(), number: pull.number, user: account, body, state, commitId: pull.headSha, submittedAt: stamp(world) };
    repository.reviews.set(review.id, review);
    return review;
  };
  return {
    /** Writes a comment below a pull request. */
    async comment({ repository, pull }: OpenedPull, body: string): Promise<IssueComment> {
      const now = stamp(world);
      const comment: IssueComment = { id: world.nextId(), number: pull.number, user: account, body, createdAt: now, updatedAt: now, byApp: false, reactions: [], minimized: null };
      repository.comments.set(comment.id, comment);
      await world.emit('issue_comment', 'created', commentPayload(world, repository, comment, account, 'created'), repository);
      return comment;
    },
    async editComment({ repository }: OpenedPull, comment: IssueComment, body: string): Promise<void> {
      const from = comment.body;
      comment.body = body;
      comment.updatedAt = stamp(world);
      await world.emit('issue_comment', 'edited', commentPayload(world, repository, comment, account, 'edited', { changes: { body: { from } } }), repository);
    },
    async review(opened: OpenedPull, state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED', body = ''): Promise<Review> {
      const review = newReview(opened, state, body);
      await sendReview(opened, review);
      return review;
    },
    /** Dismisses somebody's review. */
    async dismissReview(opened: OpenedPull, review: Review): Promise<void> {
      review.state = 'DISMISSED';
      await world.emit('pull_request_review', 'dismissed', reviewPayload(world, opened.repository, opened.pull, review, account, 'dismissed'), opened.repository);
    },
    /** Answers a review comment in its thread. */
    async reply(opened: OpenedPull, parent: ReviewComment, body: string): Promise<ReviewComment> {
      const { repository, pull } = opened;
      const review = newReview(opened, 'COMMENTED', '');
      const now = stamp(world);
      const comment: ReviewComment = { ...parent, id: world.nextId(), reviewId: review.id, inReplyTo: parent.inReplyTo ?? parent.id, user: account, body, createdAt: now, updatedAt: now, reactions: [], minimized: null };
      repository.reviewComments.set(comment.id, comment);
      await sendReview(opened, review);
      await world.emit('pull_request_review_comment', 'created', await reviewCommentPayload(world, repository, pull, comment, account, 'created'), repository);
      return comment;
    },
    /** Reacts to a comment. GitHub sends no webhook for it. */
    react(comment: IssueComment | ReviewComment, content: Reaction['content']): void {
      comment.reactions.push({ id: world.nextId(), user: account, content, createdAt: stamp(world) });
    },
  };
}

function checkActions(world: World, account: Account) {
  return {
    /** Presses "Re-run" on a check. */
    async rerequestCheck(repository: Repository, run: CheckRun): Promise<void> {
      await world.emit('check_run', 'rerequested', await checkRunPayload(world, repository, run, account, 'rerequested'), repository);
    },
    /** Presses "Re-run all checks". */
    async rerequestSuite(repository: Repository, run: CheckRun): Promise<void> {
      await world.emit('check_suite', 'rerequested', await checkSuitePayload(world, repository, run.suite.id, account, 'rerequested'), repository);
    },
    /** Presses one of the buttons a check run offers. */
    async requestAction(repository: Repository, run: CheckRun, identifier: string): Promise<void> {
      if (!run.actions.some((action) => action.identifier === identifier)) throw new Error(`the check run offers no ${identifier}`);
      await world.emit('check_run', 'requested_action', await checkRunPayload(world, repository, run, account, 'requested_action', { requested_action: { identifier } }), repository);
    },
  };
}

function queueActions(world: World, account: Account) {
  const send = (group: MergeGroup, action: string, extra: JsonObject = {}): Promise<void> =>
    mergeGroupPayload(world, group.repository, { ...group, headRef: `refs/heads/${group.headRef}`, baseRef: `refs/heads/${group.baseRef}` }, account, action, extra).then((payload) =>
      world.emit('merge_group', action, payload, group.repository),
    );
  return {
    /** Puts a pull request into the merge queue, which makes the merged commit and asks for its checks. */
    async enqueue(opened: OpenedPull): Promise<MergeGroup> {
      const { repository, pull } = opened;
      const baseSha = await branchTip(repository, pull.baseRef);
      if (baseSha === null) throw new Error(`no branch ${pull.baseRef}`);
      const headSha = await mergeCommits(repository.directory, baseSha, pull.headSha, `Merge pull request #${String(pull.number)}`, signedBy(repository, account));
      if (headSha === null) throw new Error(`#${String(pull.number)} does not merge`);
      const headRef = `gh-readonly-queue/${pull.baseRef}/pr-${String(pull.number)}-${baseSha}`;
      const group: MergeGroup = { ...opened, headRef, headSha, baseRef: pull.baseRef, baseSha };
      await moveBranch(world, account, repository, headRef, headSha);
      await send(group, 'checks_requested');
      return group;
    },
    /** Merges what is in the queue. */
    async mergeGroup(group: MergeGroup): Promise<void> {
      await finishMerge(world, account, group, group.baseSha, group.headSha, 'merge_queue_merge');
      await moveBranch(world, account, group.repository, group.headRef, null);
      await send(group, 'destroyed', { reason: 'merged' });
    },
    /** Takes a pull request out of the queue. */
    async dequeue(group: MergeGroup, reason: 'invalidated' | 'dequeued' = 'dequeued'): Promise<void> {
      await moveBranch(world, account, group.repository, group.headRef, null);
      await send(group, 'destroyed', { reason });
    },
  };
}
