import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChangeStatus, Pull } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';
import type { PatchedFile } from '../core/patched-change.js';

/** Largest `--pr` file: more than any description with a list of 3,000 files. */
const FILE_LIMIT = 50_000_000;

const text = z.string().nullish().transform((value) => value ?? '');
/** A branch: its name, or the object the host's API gives. */
const branch = z.union([text, z.object({ ref: z.string() }).transform((value) => value.ref)]);
const login = z.union([text, z.object({ login: z.string() }).transform((value) => value.login)]);

/** One changed file, in our own words or in those of the host's API. */
const changedFile = z
  .object({ path: z.string().optional(), filename: z.string().optional(), status: z.string().nullish(), patch: z.string().nullish(), previous_filename: z.string().nullish(), previousPath: z.string().nullish() })
  .transform((file, context): PatchedFile => {
    const path = file.path ?? file.filename;
    if (path === undefined || path === '') {
      context.addIssue({ code: 'custom', message: 'a file needs a `path`' });
      return z.NEVER;
    }
    const previousPath = file.previousPath ?? file.previous_filename;
    return { path: path.replace(/^\.?\/+/, ''), ...(previousPath ? { previousPath } : {}), status: statusOf(file.status, file.patch), patch: file.patch ?? null };
  });

/** `--pr FILE` of the command line. Unknown keys are ignored: the file may be what the host's own API gave. */
const pullFile = z.object({
  title: text,
  body: text,
  head: branch,
  base: branch,
  labels: z
    .array(z.union([z.string(), z.object({ name: z.string() }).transform((label) => label.name)]))
    .nullish()
    .transform((value) => value ?? []),
  author: login,
  number: z.number().int().positive().nullish(),
  draft: z.boolean().nullish(),
  template: z.union([z.string(), z.array(z.string())]).nullish(),
  commits: z.array(z.union([z.string(), z.object({ sha: z.string().optional(), message: z.string() })])).nullish(),
  files: z.array(changedFile).nullish(),
});

/** The host's words for it; without any, a patch that begins with an empty file is a new one. */
function statusOf(status: string | null | undefined, patch: string | null | undefined): ChangeStatus {
  switch (status?.toLowerCase()) {
    case 'added':
    case 'copied':
    case 'new':
    case 'a':
      return 'added';
    case 'removed':
    case 'deleted':
    case 'd':
      return 'removed';
    case 'renamed':
      return 'renamed';
    case undefined:
      return shownStatus(patch ?? '');
    default:
      return 'modified';
  }
}

function shownStatus(patch: string): ChangeStatus {
  if (/^@@ -\d+(?:,\d+)? \+0,0 @@/m.test(patch)) return 'removed';
  return /^@@ -0,0 \+/m.test(patch) || patch.split('\n').every((line) => line === '' || line.startsWith('+')) ? 'added' : 'modified';
}

/** A pull request as a file describes it. */
export interface PullFile {
  readonly pull: Pull;
  /** Its changed files; empty where the file lists none. */
  readonly files: readonly PatchedFile[];
}

/** What a pull request says of itself, read from a file. Throws `UsageError` naming the key that is wrong. */
export async function readPullFile(path: string, defaultBranch: string): Promise<Pull> {
  return (await readPullDocument(path, () => defaultBranch)).pull;
}

/** The same with the files it lists. `defaultBranchFor` says what the default branch is, given the base. */
export async function readPullDocument(path: string, defaultBranchFor: (base: string) => string): Promise<PullFile> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--pr ${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}.`);
  });
  if (content.length > FILE_LIMIT) throw new UsageError(`--pr ${path}: larger than ${FILE_LIMIT / 1_000_000} MB.`);
  let json: unknown;
  try {
    json = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`--pr ${path}: not valid JSON (${error instanceof Error ? error.message : 'unreadable'}).`);
  }
  const read = pullFile.safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new UsageError(`--pr ${path}: ${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not as expected'}. Expected { title, body, head, base, labels, author }.`);
  }
  return pullFrom(read.data, defaultBranchFor);
}

/** A pull request out of a document that was read already; null where it is not one. */
export function pullDocument(json: unknown, defaultBranchFor: (base: string) => string): PullFile | null {
  const read = pullFile.safeParse(json);
  return read.success ? pullFrom(read.data, defaultBranchFor) : null;
}

function pullFrom(file: z.infer<typeof pullFile>, defaultBranchFor: (base: string) => string): PullFile {
  const base = branchName(file.base);
  const defaultBranch = defaultBranchFor(base);
  const pull: Pull = {
    number: file.number ?? null,
    title: file.title,
    body: file.body,
    author: file.author || 'unknown',
    authorIsBot: file.author.endsWith('[bot]'),
    draft: file.draft ?? false,
    headBranch: branchName(file.head),
    baseBranch: base || defaultBranch,
    fromFork: false,
    labels: file.labels,
    defaultBranch,
    templates: file.template === null || file.template === undefined ? [] : [file.template].flat(),
    commits: (file.commits ?? []).map((commit, index) =>
      typeof commit === 'string'
        ? { sha: String(index + 1).padStart(7, '0'), message: commit, author: null, committer: null }
        : { sha: commit.sha ?? String(index + 1).padStart(7, '0'), message: commit.message, author: null, committer: null },
    ),
  };
  return { pull, files: file.files ?? [] };
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '').replace(/^origin\//, '');
}
