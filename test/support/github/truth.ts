import { latestRuns } from './views/checks.js';
import { fullName, type CheckConclusion, type CheckRun, type Pull, type Repository, type ReviewComment, type World } from './world.js';

/** What people see in the end, without anything that differs between two tellings of the same story: ids, times, addresses. */
export interface Truth {
  readonly pulls: readonly PullTruth[];
  /** Of every commit that has one: the newest run of each name. */
  readonly checks: readonly CheckTruth[];
}

export interface PullTruth {
  readonly pull: string;
  readonly state: string;
  readonly comments: readonly string[];
  readonly reviews: readonly string[];
  readonly reviewComments: readonly string[];
}

export interface CheckTruth {
  readonly commit: string;
  readonly name: string;
  /** How many runs of this name the commit has. */
  readonly runs: number;
  readonly status: string;
  readonly conclusion: CheckConclusion | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly annotations: readonly string[];
}

/** The verdict a branch protection sees for one required check of a commit: only the newest run of the name counts. */
export type RequiredState = 'missing' | 'pending' | 'passed' | 'failed';

/** The newest run of a name on a commit. */
export function newestRun(repository: Repository, headSha: string, name: string): CheckRun | null {
  return [...repository.checkRuns.values()].filter((run) => run.headSha === headSha && run.name === name).at(-1) ?? null;
}

/** Only success, neutral and skipped let a required check pass; a check that never came blocks like a pending one. */
export function requiredState(repository: Repository, headSha: string, name: string): RequiredState {
  const run = newestRun(repository, headSha, name);
  if (run === null) return 'missing';
  if (run.status !== 'completed') return 'pending';
  return run.conclusion === 'success' || run.conclusion === 'neutral' || run.conclusion === 'skipped' ? 'passed' : 'failed';
}

/** The final visible state in a normal form, of everything or of one repository, whose name is then left out too. */
export async function snapshotOfTruth(world: World, only: Repository | null = null): Promise<Truth> {
  while (world.background.size > 0) await Promise.all([...world.background]);
  const repositories = only === null ? [...world.repositories.values()] : [only];
  const truth = truthOf(world, repositories);
  return only === null ? truth : (JSON.parse(JSON.stringify(truth).replaceAll(fullName(only), '<repository>')) as Truth);
}

function truthOf(world: World, repositories: readonly Repository[]): Truth {
  return {
    pulls: repositories.flatMap((repository) => [...repository.pulls.values()].map((pull) => pullTruth(world, repository, pull))),
    checks: repositories.flatMap((repository) => checkTruths(world, repository)),
  };
}

function pullTruth(world: World, repository: Repository, pull: Pull): PullTruth {
  const own = <T extends { readonly number: number }>(things: Map<number, T>): readonly T[] => [...things.values()].filter((thing) => thing.number === pull.number);
  const say = (login: string, text: string, minimized: string | null = null): string => `${login}${minimized === null ? '' : ` (${minimized})`}: ${plain(world, text)}`;
  const comments = own(repository.comments).map((comment) => {
    const reactions = [...new Set(comment.reactions.map((reaction) => `${reaction.user.login} ${reaction.content}`))].sort();
    return [say(comment.user.login, comment.body, comment.minimized), ...reactions].join('\n');
  });
  // A comment outside a review has a review of its own that nobody sees.
  const reviews = own(repository.reviews).filter((review) => review.body !== '' || review.state !== 'COMMENTED');
  return {
    pull: `${fullName(repository)}#${String(pull.number)}`,
    state: pull.merged ? 'merged' : pull.draft ? 'draft' : pull.state,
    comments: comments.sort(),
    reviews: reviews.map((review) => `${review.state} at ${review.commitId} ${say(review.user.login, review.body)}`).sort(),
    reviewComments: own(repository.reviewComments).map((comment) => `${placeOf(comment)} ${say(comment.user.login, comment.body, comment.minimized)}`).sort(),
  };
}

function placeOf(comment: ReviewComment): string {
  const start = comment.originalStartLine === null ? '' : `${String(comment.originalStartLine)}-`;
  const line = comment.originalLine === null ? 'file' : `${start}${String(comment.originalLine)}`;
  return `${comment.originalCommitId} ${comment.path}:${line}:${comment.side}${comment.inReplyTo === null ? '' : ' (reply)'}`;
}

function checkTruths(world: World, repository: Repository): readonly CheckTruth[] {
  const runs = [...repository.checkSuites.values()].flatMap((suite) => latestRuns(repository, suite));
  return runs
    .map((run) => ({
      commit: `${fullName(repository)}@${run.headSha}`,
      name: run.name,
      runs: [...repository.checkRuns.values()].filter((other) => other.suite === run.suite && other.name === run.name).length,
      status: run.status,
      conclusion: run.conclusion,
      title: run.title === null ? null : plain(world, run.title),
      summary: run.summary === null ? null : plain(world, run.summary),
      annotations: run.annotations.map((one) => plain(world, `${one.annotation_level} ${one.path}:${String(one.start_line)}-${String(one.end_line)} ${one.message}`)).sort(),
    }))
    .sort((one, other) => `${one.commit} ${one.name}`.localeCompare(`${other.commit} ${other.name}`));
}

/** Text without addresses, ids, times and hidden markers. */
function plain(world: World, text: string): string {
  return text
    .replaceAll(world.url, '<github>')
    .replaceAll(/<!--[\s\S]*?-->/g, '<!-- marker -->')
    .replaceAll(/\b3\d{10}\b/g, '<id>')
    .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g, '<time>')
    .replaceAll(/\b\d+(\.\d+)? ?(ms|seconds?|s)\b/g, '<duration>')
    .trimEnd();
}
