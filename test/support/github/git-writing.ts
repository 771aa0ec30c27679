import { mkdir } from 'node:fs/promises';
import { git, gitTextOrNull, type Signature } from './git.js';

/**
 * A file to write: its text or bytes, or a symbolic link, a submodule or an executable. `null` deletes the path (a folder with
 * everything in it).
 */
export type FileContent = string | Buffer | { readonly symlink: string } | { readonly submodule: string } | { readonly executable: string } | null;

export type FileMap = Readonly<Record<string, FileContent>>;

export interface Authorship {
  readonly author: Signature;
  readonly committer?: Signature;
}

/** An empty bare repository at the directory. */
export async function initBare(directory: string, defaultBranch: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await git(directory, ['init', '--quiet', '--bare', '--initial-branch', defaultBranch]);
  await git(directory, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
}

/** A full copy with the same branches: a fork. */
export async function copyBare(from: string, to: string, defaultBranch: string): Promise<void> {
  await initBare(to, defaultBranch);
  await git(to, ['fetch', '--quiet', '--no-tags', from, '+refs/heads/*:refs/heads/*']);
}

/**
 * Writes one commit with the changed files on top of its parents (the first one's tree is the starting point) and gives its sha.
 * No branch moves.
 */
export async function writeCommit(
  directory: string,
  options: { readonly files: FileMap; readonly message: string; readonly parents: readonly string[] } & Authorship,
): Promise<string> {
  const [first, ...others] = options.parents;
  // Never deleted: nobody collects garbage here, and only heads and tags are ever listed.
  const ref = `refs/stand-in/written/${String(process.hrtime.bigint())}`;
  const parts: Buffer[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (content: Buffer): void => {
    line(`data ${String(content.length)}`);
    parts.push(content, Buffer.from('\n'));
  };
  line(`commit ${ref}`);
  line('mark :1');
  line(`author ${stamp(options.author)}`);
  line(`committer ${stamp(options.committer ?? options.author)}`);
  data(Buffer.from(options.message));
  if (first !== undefined) line(`from ${first}`);
  for (const other of others) line(`merge ${other}`);
  for (const [path, content] of Object.entries(options.files)) writeFileCommand(path, content, line, data);
  line('');
  line('get-mark :1');
  line('done');
  const out = await git(directory, ['fast-import', '--quiet', '--done', '--force', '--cat-blob-fd=1'], { input: Buffer.concat(parts) });
  return out.toString().trim();
}

function writeFileCommand(path: string, content: FileContent, line: (text: string) => void, data: (content: Buffer) => void): void {
  const name = quotePath(path);
  if (content === null) return line(`D ${name}`);
  if (typeof content === 'string' || Buffer.isBuffer(content)) {
    line(`M 100644 inline ${name}`);
    return data(Buffer.from(content));
  }
  if ('submodule' in content) return line(`M 160000 ${content.submodule} ${name}`);
  const [mode, text] = 'symlink' in content ? ['120000', content.symlink] : ['100755', content.executable];
  line(`M ${mode} inline ${name}`);
  data(Buffer.from(text));
}

function quotePath(path: string): string {
  return /[\n"\\]/.test(path) || path.startsWith(' ') ? `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"` : path;
}

function stamp(signature: Signature): string {
  return `${signature.name} <${signature.email}> ${String(Math.floor(Date.parse(signature.date) / 1000))} +0000`;
}

/** Points a ref at a commit; null deletes it. */
export async function setRef(directory: string, ref: string, sha: string | null): Promise<void> {
  await git(directory, sha === null ? ['update-ref', '-d', ref] : ['update-ref', ref, sha]);
}

/** The test merge of two commits as a new commit; null when they conflict. */
export async function mergeCommits(directory: string, base: string, head: string, message: string, authorship: Authorship): Promise<string | null> {
  const tree = await gitTextOrNull(directory, ['merge-tree', '--write-tree', base, head]);
  if (tree === null) return null;
  return commitTree(directory, tree.split('\n')[0] ?? '', [base, head], message, authorship);
}

/** A commit with a given tree. */
export async function commitTree(directory: string, tree: string, parents: readonly string[], message: string, authorship: Authorship): Promise<string> {
  const { author, committer = author } = authorship;
  const out = await git(directory, ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], {
    input: message,
    environment: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: committer.date,
    },
  });
  return out.toString().trim();
}

/** Copies a commit and its history from one repository to another under a ref, as GitHub shares objects within a network of forks. */
export async function shareCommit(from: string, to: string, sha: string, ref: string): Promise<void> {
  if (from === to) return setRef(to, ref, sha);
  await git(to, ['fetch', '--quiet', '--no-tags', from, `+${sha}:${ref}`]);
}
