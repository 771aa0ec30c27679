import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A git repository in a temporary folder, made by a test. */
export interface TestRepository {
  readonly directory: string;
  git(...args: readonly string[]): string;
  /** Writes files (null removes one) and commits everything. Returns the commit. */
  commit(message: string, files: Readonly<Record<string, string | Uint8Array | null>>): string;
  remove(): void;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Makes an empty repository whose first branch is `main`. */
export function makeRepository(): TestRepository {
  const directory = mkdtempSync(join(tmpdir(), 'belay-test-'));
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: directory, env: { ...process.env, ...IDENTITY }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  git('init', '--quiet', '--initial-branch=main');
  return {
    directory,
    git,
    commit: (message, files) => {
      for (const [path, content] of Object.entries(files)) {
        const full = join(directory, path);
        if (content === null) rmSync(full);
        else {
          mkdirSync(dirname(full), { recursive: true });
          writeFileSync(full, content);
        }
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
