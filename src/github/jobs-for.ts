import { isStagingName, servesUsers } from '../core/environment-name.js';
import { readExternalId } from '../core/external-id.js';
import type { RepositoryName, Trigger } from '../core/job.js';
import { CHECK_NAME } from '../core/publication.js';
import type { CommandRequest, ReviewRequest } from '../core/records.js';
import { listIn, numberIn, objectIn, repositoryIn, shaIn, textIn, type Fields } from './payload.js';

/** One thing a delivery asks for, without an id of ours. */
export type Asked =
  | { readonly kind: 'review'; readonly request: Omit<ReviewRequest, 'id'> }
  | { readonly kind: 'command'; readonly request: Omit<CommandRequest, 'id'> }
  /** Somebody pushed to a pull request: kept for the two-person rule. */
  | { readonly kind: 'pusher'; readonly repo: RepositoryName; readonly pull: number; readonly headSha: string; readonly login: string }
  /** A review of every open pull request with this head: the host does not name those of forks, and one that is closed no longer shares its verdict. */
  | { readonly kind: 'head'; readonly repo: RepositoryName; readonly headSha: string; readonly trigger: Trigger; readonly delivery: string }
  /** A deployment of this commit failed where users are served: whether undoing what was merged still applies. */
  | { readonly kind: 'alert'; readonly repo: RepositoryName; readonly headSha: string; readonly delivery: string }
  /** A branch's own configuration changed: its open pull requests are judged anew. */
  | { readonly kind: 'base-push'; readonly repo: RepositoryName; readonly branch: string; readonly delivery: string }
  /** A merge group is gone: its job, where one waits, need not run. */
  | { readonly kind: 'group-gone'; readonly repo: RepositoryName; readonly headSha: string }
  /** An installation changed; `added` repositories want a sweep. */
  | { readonly kind: 'installation'; readonly added: readonly RepositoryName[] };

/** What a delivery asks for; when nothing, why. */
export interface Translation {
  /** The account's installation; null where the payload does not say. */
  readonly installationId: number | null;
  readonly asked: readonly Asked[];
  readonly reason: string | null;
}

export interface Ourselves {
  /** `<slug>[bot]`: events of ours are ignored. */
  readonly botLogin: string;
  readonly appId: number;
}

const CONFIGURATION_PATH = '.github/belay.yml';

/** An event's own reading: what it asks for, or in plain words why nothing. */
type Reading = readonly Asked[] | string;
type Reader = (payload: Fields, repo: RepositoryName, delivery: string, ourselves: Ourselves) => Reading;

const READERS: Readonly<Record<string, Reader>> = {
  pull_request: readPullRequest,
  issue_comment: readIssueComment,
  check_run: readCheckRun,
  check_suite: readCheckSuite,
  merge_group: readMergeGroup,
  pull_request_review: readReview,
  deployment_status: readDeploymentStatus,
  push: readPush,
};

/**
 * What a webhook asks for, in our own words. Pure; whatever the payload is, it answers and never throws. Everything is
 * named, nothing believed: whoever works on it reads the newest state from the host.
 */
export function jobsFor(event: string, payload: unknown, delivery: string, ourselves: Ourselves): Translation {
  const fields = objectIn(payload);
  if (fields === null) return { installationId: null, asked: [], reason: 'the payload is no object' };
  const installationId = numberIn(objectIn(fields['installation'])?.['id']);
  const nothing = (reason: string): Translation => ({ installationId, asked: [], reason });
  if (event === 'installation' || event === 'installation_repositories') return { installationId, asked: [readInstallation(fields)], reason: null };
  const reader = Object.hasOwn(READERS, event) ? READERS[event] : undefined;
  if (reader === undefined) return nothing(`the event ${event.slice(0, 50)} means nothing to us`);
  if (textIn(objectIn(fields['sender'])?.['login']) === ourselves.botLogin && event !== 'merge_group') return nothing('we sent it ourselves');
  const repo = repositoryIn(fields['repository']);
  if (repo === null) return nothing('malformed: no repository');
  const reading = reader(fields, repo, delivery, ourselves);
  return typeof reading === 'string' ? nothing(reading) : { installationId, asked: reading, reason: null };
}

const PULL_TRIGGERS: Readonly<Record<string, Trigger>> = {
  opened: 'pushed',
  reopened: 'pushed',
  synchronize: 'pushed',
  ready_for_review: 'pushed',
  converted_to_draft: 'edited',
  edited: 'edited',
  labeled: 'edited',
  unlabeled: 'edited',
};

function readPullRequest(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const pull = objectIn(payload['pull_request']);
  const number = numberIn(pull?.['number']);
  const headSha = shaIn(objectIn(pull?.['head'])?.['sha']);
  if (pull === null || number === null || headSha === null) return 'malformed: no pull request';
  const action = textIn(payload['action']) ?? '';
  // Another pull request with the same head no longer shares its verdict.
  if (action === 'closed') {
    const others: Asked = { kind: 'head', repo, headSha, trigger: 'edited', delivery };
    return pull['merged'] === true ? [others, { kind: 'review', request: { repo, pull: number, headSha, trigger: 'merged', delivery } }] : [others];
  }
  const trigger = Object.hasOwn(PULL_TRIGGERS, action) ? PULL_TRIGGERS[action] : undefined;
  if (trigger === undefined) return `the action ${action.slice(0, 50)} of a pull request changes nothing`;
  const baseChanged = action === 'edited' && objectIn(objectIn(payload['changes'])?.['base']) !== null;
  const asked: Asked[] = [{ kind: 'review', request: { repo, pull: number, headSha, trigger: baseChanged ? 'base-changed' : trigger, delivery } }];
  const login = textIn(objectIn(payload['sender'])?.['login']);
  if (action === 'synchronize' && login !== null) asked.unshift({ kind: 'pusher', repo, pull: number, headSha, login: login.toLowerCase() });
  return asked;
}

function readIssueComment(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const issue = objectIn(payload['issue']);
  const comment = objectIn(payload['comment']);
  const pull = numberIn(issue?.['number']);
  const commentId = numberIn(comment?.['id']);
  const author = objectIn(comment?.['user']);
  const login = textIn(author?.['login']);
  const body = textIn(comment?.['body']);
  if (payload['action'] !== 'created') return 'only new comments are read';
  if (issue === null || comment === null || pull === null || commentId === null || login === null || body === null) return 'malformed: no comment';
  if (objectIn(issue['pull_request']) === null) return 'a comment on an issue, not on a pull request';
  if (!/\/ai-review/i.test(body)) return 'no command';
  return [{ kind: 'command', request: { repo, pull, commentId, author: login, authorIsBot: author?.['type'] === 'Bot', body, headSha: null, delivery } }];
}

function readCheckRun(payload: Fields, repo: RepositoryName, delivery: string, ourselves: Ourselves): Reading {
  const run = objectIn(payload['check_run']);
  const headSha = shaIn(run?.['head_sha']);
  if (run === null || headSha === null) return 'malformed: no check run';
  if (payload['action'] !== 'rerequested' && payload['action'] !== 'requested_action') return 'a check run that asks for nothing';
  if (numberIn(objectIn(run['app'])?.['id']) !== ourselves.appId) return 'a check run of another app';
  if (run['name'] !== CHECK_NAME) return 'not a check run of ours';
  const trigger: Trigger = payload['action'] === 'rerequested' ? 'rerun' : 'requested';
  const known = readExternalId(textIn(run['external_id']));
  if (known !== null && known.pull !== null) return [{ kind: 'review', request: { repo, pull: known.pull, headSha, trigger, delivery } }];
  return reviewsOf(run, repo, headSha, trigger, delivery);
}

function readCheckSuite(payload: Fields, repo: RepositoryName, delivery: string, ourselves: Ourselves): Reading {
  const suite = objectIn(payload['check_suite']);
  const headSha = shaIn(suite?.['head_sha']);
  if (suite === null || headSha === null) return 'malformed: no check suite';
  if (payload['action'] !== 'rerequested') return 'a check suite that asks for nothing';
  if (numberIn(objectIn(suite['app'])?.['id']) !== ourselves.appId) return 'a check suite of another app';
  return reviewsOf(suite, repo, headSha, 'rerun', delivery);
}

/** A merge group's own run and those of forks name no pull request: then the head leads to them. */
function reviewsOf(holder: Fields, repo: RepositoryName, headSha: string, trigger: Trigger, delivery: string): readonly Asked[] {
  const group = groupIn(textIn(holder['head_branch']) ?? textIn(objectIn(holder['check_suite'])?.['head_branch']) ?? '');
  if (group !== null) return [{ kind: 'review', request: { repo, pull: null, headSha, trigger, delivery, baseBranch: group.baseBranch } }];
  const numbers = listIn(holder['pull_requests']).flatMap((one) => numberIn(one['number']) ?? []);
  const own = listIn(holder['pull_requests']).filter((one) => shaIn(objectIn(one['head'])?.['sha']) === headSha);
  if (numbers.length === 0 || own.length === 0) return [{ kind: 'head', repo, headSha, trigger, delivery }];
  return own.flatMap((one) => {
    const pull = numberIn(one['number']);
    return pull === null ? [] : [{ kind: 'review', request: { repo, pull, headSha, trigger, delivery } } as const];
  });
}

/** `gh-readonly-queue/<base>/pr-<n>-<sha>`, with or without `refs/heads/`. */
function groupIn(ref: string): { readonly baseBranch: string } | null {
  const match = /^(?:refs\/heads\/)?gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]{40}$/.exec(ref);
  return match?.[1] === undefined ? null : { baseBranch: match[1] };
}

function readMergeGroup(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const group = objectIn(payload['merge_group']);
  const headSha = shaIn(group?.['head_sha']);
  const baseSha = shaIn(group?.['base_sha']);
  const baseRef = textIn(group?.['base_ref']);
  if (group === null || headSha === null || baseSha === null || baseRef === null) return 'malformed: no merge group';
  if (payload['action'] === 'destroyed') return [{ kind: 'group-gone', repo, headSha }];
  if (payload['action'] !== 'checks_requested') return 'a merge group that asks for nothing';
  const baseBranch = baseRef.replace(/^refs\/heads\//, '');
  return [{ kind: 'review', request: { repo, pull: null, headSha, trigger: 'merge-group', delivery, baseSha, baseBranch } }];
}

/** Approvals can matter to rules, so a submitted or dismissed review has the verdict looked at again. */
function readReview(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const pull = objectIn(payload['pull_request']);
  const number = numberIn(pull?.['number']);
  const headSha = shaIn(objectIn(pull?.['head'])?.['sha']);
  if (number === null || headSha === null) return 'malformed: no pull request';
  if (payload['action'] !== 'submitted' && payload['action'] !== 'dismissed') return 'only submitted and dismissed reviews are read';
  if (payload['action'] === 'submitted' && textIn(objectIn(payload['review'])?.['state'])?.toLowerCase() === 'commented') return 'a review that only comments';
  return [{ kind: 'review', request: { repo, pull: number, headSha, trigger: 'edited', delivery } }];
}

const FAILED = new Set(['failure', 'error']);

/**
 * Whether a commit was tried on staging may be what a hotfix claims; one that failed where users are served is an alert. Other
 * environments, and states on the way, mean nothing.
 */
function readDeploymentStatus(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const deployment = objectIn(payload['deployment']);
  const status = objectIn(payload['deployment_status']);
  const headSha = shaIn(deployment?.['sha']);
  if (deployment === null || status === null || headSha === null) return 'malformed: no deployment';
  const environment = textIn(deployment['environment']) ?? '';
  const state = textIn(status['state']) ?? '';
  if (servesUsers(environment, { production: deployment['production_environment'] === true, transient: deployment['transient_environment'] === true })) {
    return FAILED.has(state) ? [{ kind: 'alert', repo, headSha, delivery }] : 'a deployment to production that has not failed';
  }
  if (!isStagingName(environment)) return 'a deployment to an environment that no claim is about';
  if (!FAILED.has(state) && state !== 'success') return 'a deployment that has not ended';
  return [{ kind: 'head', repo, headSha, trigger: 'edited', delivery }];
}

function readPush(payload: Fields, repo: RepositoryName, delivery: string): Reading {
  const ref = textIn(payload['ref']);
  if (ref === null) return 'malformed: no ref';
  if (!ref.startsWith('refs/heads/') || payload['deleted'] === true) return 'not a push to a branch';
  const commits = listIn(payload['commits']);
  const paths = commits.flatMap((commit) => ['added', 'modified', 'removed'].flatMap((key) => (Array.isArray(commit[key]) ? (commit[key] as unknown[]) : [])));
  // The host lists 2,048 commits at most, and none after a force-push that only removes: then nobody knows.
  const unknown = commits.length === 0 || commits.length >= 2048;
  if (groupIn(ref) !== null || (payload['created'] === true && unknown)) return 'a branch that is no base yet';
  if (!unknown && !paths.includes(CONFIGURATION_PATH)) return 'a push that does not touch the configuration';
  return [{ kind: 'base-push', repo, branch: ref.slice('refs/heads/'.length), delivery }];
}

function readInstallation(payload: Fields): Asked {
  const action = textIn(payload['action']);
  const named = action === 'created' || action === 'unsuspend' ? payload['repositories'] : payload['repositories_added'];
  const added = listIn(named).flatMap((one) => {
    const [owner, name, ...rest] = (textIn(one['full_name']) ?? '').split('/');
    return owner && name && rest.length === 0 ? [{ owner, name }] : [];
  });
  return { kind: 'installation', added };
}
