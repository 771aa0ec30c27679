import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Pull } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';

/** Largest `--pr` file: more than any description with a list of 3,000 files. */
const FILE_LIMIT = 50_000_000;

const text = z.string().nullish().transform((value) => value ?? '');
/** A branch: its name, or the object the host's API gives. */
const branch = z.union([text, z.object({ ref: z.string() }).transform((value) => value.ref)]);
const login = z.union([text, z.object({ login: z.string() }).transform((value) => value.login)]);

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
});

/** What a pull request says of itself, read from a file. Throws `UsageError` naming the key that is wrong. */
export async function readPullFile(path: string, defaultBranch: string): Promise<Pull> {
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
  const file = read.data;
  return {
    number: file.number ?? null,
    title: file.title,
    body: file.body,
    author: file.author || 'unknown',
    authorIsBot: file.author.endsWith('[bot]'),
    draft: file.draft ?? false,
    headBranch: branchName(file.head),
    baseBranch: branchName(file.base) || defaultBranch,
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
}

function branchName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '').replace(/^origin\//, '');
}
