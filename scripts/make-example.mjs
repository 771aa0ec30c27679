// Makes the pull request of an example in a repository of its own: `base/` becomes the base branch, `head/` on top of it
// the branch of the pull request. Dates and names are fixed, so the commits are the same everywhere.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Example',
  GIT_AUTHOR_EMAIL: 'example@example.com',
  GIT_COMMITTER_NAME: 'Example',
  GIT_COMMITTER_EMAIL: 'example@example.com',
  GIT_AUTHOR_DATE: '2025-01-01T12:00:00Z',
  GIT_COMMITTER_DATE: '2025-01-01T12:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

/** Makes the repository of one example in a folder; gives its pull request. */
export function makeExample(name, directory) {
  const example = join(EXAMPLES, name);
  const file = join(example, 'pull.json');
  const pull = JSON.parse(readFileSync(file, 'utf8'));
  const git = (...args) => execFileSync('git', args, { cwd: directory, env: { ...process.env, ...IDENTITY }, stdio: ['ignore', 'pipe', 'inherit'] });
  mkdirSync(directory, { recursive: true });
  git('init', '--quiet', `--initial-branch=${pull.base}`);
  cpSync(join(example, 'base'), directory, { recursive: true });
  git('add', '--all');
  git('commit', '--quiet', '-m', 'Before');
  if (pull.base !== 'main') git('branch', 'main');
  git('checkout', '--quiet', '-b', pull.head);
  cpSync(join(example, 'head'), directory, { recursive: true });
  git('add', '--all');
  git('commit', '--quiet', '-m', pull.title);
  return { file, pull };
}
