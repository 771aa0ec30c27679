import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** A git command that ended with a status other than 0. */
export class GitFailure extends Error {
  constructor(
    readonly args: readonly string[],
    readonly status: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args.join(' ')} ended with ${String(status)}: ${stderr.trim()}`);
    this.name = 'GitFailure';
  }
}

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Starts git in a bare repository; for streaming an archive. */
export function spawnGit(directory: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
  return spawn('git', ['--git-dir', directory, '-c', 'core.quotePath=false', '-c', 'protocol.file.allow=always', ...args], {
    env: { ...ENVIRONMENT, ...environment },
  });
}

/** Runs git in a bare repository and gives its standard output. Throws GitFailure. */
export async function git(
  directory: string,
  args: readonly string[],
  options: { readonly input?: string | Buffer; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Buffer> {
  const child = spawnGit(directory, args, options.environment);
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (status !== 0) throw new GitFailure(args, status, Buffer.concat(errors).toString());
  return Buffer.concat(out);
}

export async function gitText(directory: string, args: readonly string[], input?: string | Buffer): Promise<string> {
  return (await git(directory, args, input === undefined ? {} : { input })).toString('utf8').trimEnd();
}

/** Like gitText, and null when git refuses: a name that is not there. */
export async function gitTextOrNull(directory: string, args: readonly string[]): Promise<string | null> {
  try {
    return await gitText(directory, args);
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

/** The commit a branch, tag, full ref or (abbreviated) sha names; null when there is none. */
export async function resolveCommit(directory: string, name: string): Promise<string | null> {
  if (name === '' || name.startsWith('-')) return null;
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
    const sha = await gitTextOrNull(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${candidate}^{commit}`]);
    if (sha !== null && sha !== '') return sha;
  }
  return null;
}

/** The best common ancestor of two commits (full shas); null when they share no history. */
export function mergeBase(directory: string, one: string, other: string): Promise<string | null> {
  if (one === other) return Promise.resolve(one);
  return remembered(`merge-base ${directory} ${one} ${other}`, () => gitTextOrNull(directory, ['merge-base', one, other]));
}

const memory = new Map<string, Promise<unknown>>();

/** Answers about immutable objects are asked of git once. */
export function remembered<T>(key: string, read: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known !== undefined) return known as Promise<T>;
  if (memory.size >= 512) memory.delete([...memory.keys()][0] ?? '');
  const reading = read();
  memory.set(key, reading);
  reading.catch(() => memory.delete(key));
  return reading;
}

/** One line of `git ls-tree`. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number | null;
  readonly path: string;
}

export async function listTree(directory: string, tree: string, options: { readonly recursive?: boolean } = {}): Promise<readonly TreeEntry[]> {
  const text = (await git(directory, ['ls-tree', '-l', '-z', ...(options.recursive === true ? ['-r', '-t'] : []), tree])).toString('utf8');
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return { mode, type: type as TreeEntry['type'], sha, size: size === '-' ? null : Number(size), path: line.slice(tab + 1) };
    });
}

/** A commit as git stores it. */
export interface CommitObject {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC. */
  readonly date: string;
}

const COMMIT_FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'].join('%x00');

/** Commits by `git log` arguments, for example `['-1', sha]` or `['base..head']`, newest first unless told otherwise. */
export async function readCommits(directory: string, args: readonly string[]): Promise<readonly CommitObject[]> {
  const text = (await git(directory, ['log', '--no-show-signature', `--format=%x01${COMMIT_FORMAT}`, ...args])).toString('utf8');
  return text
    .split('\u0001')
    .filter((record) => record.trim() !== '')
    .map((record) => {
      const [sha = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', message = ''] = record.split('\0');
      return {
        sha,
        tree,
        parents: parents === '' ? [] : parents.split(' '),
        author: { name: an, email: ae, date: isoSeconds(Number(at) * 1000) },
        committer: { name: cn, email: ce, date: isoSeconds(Number(ct) * 1000) },
        message: message.trimEnd(),
      };
    });
}

/** One commit by its full sha. */
export function readCommit(directory: string, sha: string): Promise<CommitObject> {
  return remembered(`commit ${directory} ${sha}`, async () => {
    const [commit] = await readCommits(directory, ['-1', sha]);
    if (commit === undefined) throw new Error(`no commit ${sha}`);
    return commit;
  });
}

/** GitHub's form of a time: ISO 8601, UTC, whole seconds. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
