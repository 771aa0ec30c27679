import { commitDate } from './create-world.js';
import { stamp } from './doing.js';
import { gitTextOrNull, readCommits, resolveCommit } from './git.js';
import { mergeCommits, setRef, shareCommit, writeCommit, type FileMap } from './git-writing.js';
import { checkSuitePayload, pullPayload, pushPayload } from './payloads.js';
import { suiteFor } from './routes/checks.js';
import { simpleCommitView } from './views/commits.js';
import { baseTip } from './views/pulls.js';
import { fullName, type Account, type Activity, type Pull, type Repository, type World } from './world.js';

const ZEROES = '0'.repeat(40);

export interface CommitOptions {
  readonly message?: string;
  /** Somebody else wrote it. */
  readonly author?: { readonly name: string; readonly email: string };
  readonly coAuthors?: readonly { readonly name: string; readonly email: string }[];
}

/** Writes a commit on top of parents in a user's name; nothing points at it yet. */
export async function writeCommitAs(world: World, user: Account, repository: Repository, files: FileMap, parents: readonly string[], options: CommitOptions = {}): Promise<string> {
  const trailers = (options.coAuthors ?? []).map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
  const message = [options.message ?? 'Change', ...(trailers.length === 0 ? [] : ['', ...trailers])].join('\n');
  const date = commitDate(repository);
  const author = { ...(options.author ?? { name: user.name, email: user.email }), date };
  return writeCommit(repository.directory, { files, message, parents, author, committer: { name: user.name, email: user.email, date } });
}

/** The commit a branch points at; null when there is no such branch. */
export async function branchTip(repository: Repository, branch: string): Promise<string | null> {
  return gitTextOrNull(repository.directory, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]);
}

/**
 * Moves a branch as `git push` would: writes the ref, records the activity, sends `push` and `check_suite`, and brings every open
 * pull request from that branch up to date, with its `synchronize`.
 */
export async function moveBranch(world: World, user: Account, repository: Repository, branch: string, after: string | null, type?: Activity['type']): Promise<void> {
  const before = await branchTip(repository, branch);
  if (before === after) return;
  await setRef(repository.directory, `refs/heads/${branch}`, after);
  repository.pushedAt = stamp(world);
  const forced = before !== null && after !== null && (await gitTextOrNull(repository.directory, ['merge-base', '--is-ancestor', before, after])) === null;
  const kind = type ?? (before === null ? 'branch_creation' : after === null ? 'branch_deletion' : forced ? 'force_push' : 'push');
  repository.activities.push({ id: world.nextId(), before: before ?? ZEROES, after: after ?? ZEROES, ref: `refs/heads/${branch}`, timestamp: stamp(world), type: kind, actor: user });
  await announcePush(world, user, repository, branch, before, after, forced);
  if (after !== null) await synchronise(world, user, repository, branch, after);
}

async function announcePush(world: World, user: Account, repository: Repository, branch: string, before: string | null, after: string | null, forced: boolean): Promise<void> {
  const base = before ?? (await resolveCommit(repository.directory, repository.defaultBranch));
  const range = after === null ? [] : await readCommits(repository.directory, ['--reverse', '--max-count=20', ...(base === null || base === after ? ['-1', after] : [`${base}..${after}`])]);
  const commits = range.map((commit) => ({ ...simpleCommitView(commit), distinct: true, url: `${world.url}/${fullName(repository)}/commit/${commit.sha}`, added: [], removed: [], modified: [] }));
  const payload = pushPayload(world, repository, { ref: `refs/heads/${branch}`, before: before ?? ZEROES, after: after ?? ZEROES, forced, commits }, user);
  await world.emit('push', null, payload, repository);
  if (after === null || !repository.installed) return;
  const suite = suiteFor(world, repository, after);
  await world.emit('check_suite', 'requested', await checkSuitePayload(world, repository, suite.id, user, 'requested'), repository);
}

async function synchronise(world: World, user: Account, repository: Repository, branch: string, after: string): Promise<void> {
  for (const base of world.repositories.values()) {
    for (const pull of base.pulls.values()) {
      if (pull.headRepository !== repository || pull.headRef !== branch || pull.state !== 'open' || pull.headSha === after) continue;
      const before = pull.headSha;
      await shareCommit(repository.directory, base.directory, after, `refs/pull/${String(pull.number)}/head`);
      pull.headSha = after;
      pull.heads.push(after);
      // GitHub keeps old heads reachable, so that comments on them still show their code.
      await setRef(base.directory, `refs/stand-in/heads/${String(pull.number)}/${after}`, after);
      await refreshMerge(world, base, pull);
      pull.updatedAt = stamp(world);
      await world.emit('pull_request', 'synchronize', await pullPayload(world, base, pull, user, 'synchronize', { before, after }), base);
    }
  }
}

/** Makes the test merge of a pull request anew, and takes the base's tip as its base. */
export async function refreshMerge(world: World, repository: Repository, pull: Pull): Promise<void> {
  pull.baseSha = await baseTip(repository, pull);
  const author = { name: 'GitHub', email: 'noreply@github.com', date: commitDate(repository) };
  const message = `Merge ${pull.headSha} into ${pull.baseSha}`;
  pull.mergeCommitSha = await mergeCommits(repository.directory, pull.baseSha, pull.headSha, message, { author });
  await setRef(repository.directory, `refs/pull/${String(pull.number)}/merge`, pull.mergeCommitSha).catch(() => undefined);
}

