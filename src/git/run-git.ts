import { spawn } from 'node:child_process';
import { UsageError } from '../core/errors.js';

/** What one run may print before it is stopped: a listing of a very large tree fits. */
const OUTPUT_LIMIT = 256 * 1024 * 1024;

/**
 * Options before every command. Whatever a repository's own configuration asks git to run (pagers, hooks, file system
 * monitors, external diffs) is switched off: its content is never executed.
 */
export const SAFE_OPTIONS = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  '-c', 'core.fsmonitor=false',
  '-c', 'core.hooksPath=/dev/null',
  '-c', 'core.quotePath=false',
] as const;

/** The environment of every git process: no prompts, no editors, plain words, nothing that points it at another repository. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'SYSTEMROOT', 'TMPDIR', 'TEMP', 'GIT_CONFIG_COUNT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'];
  const environment: NodeJS.ProcessEnv = { LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true' };
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** A git run that ended with something else than 0. */
export class GitError extends Error {
  override readonly name = 'GitError';
  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`git ${args[0] ?? ''} failed: ${stderr.trim().split('\n')[0] ?? `exit code ${exitCode}`}`);
  }
}

/** Runs git in a folder and gives what it printed. Throws `GitError`, or `UsageError` where git itself is missing. */
export async function runGit(directory: string, args: readonly string[], options: { readonly signal?: AbortSignal; readonly input?: string } = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...SAFE_OPTIONS, ...args], {
      cwd: directory,
      env: gitEnvironment(),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const out: Buffer[] = [];
    let size = 0;
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > OUTPUT_LIMIT) child.kill();
      else out.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 10_000) stderr += chunk.toString('utf8');
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? new UsageError('git was not found: install git, or check that the folder given with --repo exists.') : error);
    });
    child.on('close', (code) => {
      if (size > OUTPUT_LIMIT) reject(new GitError(args, code, 'printed more than 256 MB'));
      else if (code === 0) resolve(Buffer.concat(out));
      else reject(new GitError(args, code, stderr));
    });
    if (options.input !== undefined) {
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input);
    }
  });
}

/** The same, as text without the trailing newline. */
export async function gitText(directory: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const out = await runGit(directory, args, signal ? { signal } : {});
  return out.toString('utf8').replace(/\n$/, '');
}
