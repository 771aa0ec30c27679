import type { Change, Pull, Unread } from '../core/change-set.js';
import type { ReadLimits } from '../core/host.js';
import type { Snapshot } from '../core/snapshot.js';
import { readChange, type Sources } from './read-change.js';
import type { ListedFile } from './read-comparison.js';

export interface ReadFiles {
  readonly changes: readonly Change[];
  readonly unread: readonly Unread[];
}

/** Reads all listed files within the limits. `missing` is how many changed files the host did not even list. */
export async function readFiles(files: readonly ListedFile[], missing: number, sources: Sources, limits: ReadLimits, signal: AbortSignal): Promise<ReadFiles> {
  const changes: Change[] = [];
  const unread: Unread[] = [];
  let total = 0;
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    if (index >= limits.files || total > limits.totalBytes) {
      const detail = index >= limits.files ? `only the first ${limits.files} files of a change are read` : `the change is above ${limits.totalBytes / 1_000_000} MB in all`;
      unread.push({ path: file.path, reason: 'over-file-limit', detail });
      continue;
    }
    const read = await readChange(file, sources, limits);
    if ('unread' in read) unread.push(read.unread);
    else {
      changes.push(read.change);
      total += (read.change.before?.length ?? 0) + (read.change.after?.length ?? 0);
    }
  }
  if (missing > 0) unread.push({ path: '(more files)', reason: 'over-file-limit', detail: `${missing === Infinity ? 'some' : missing} changed files are not listed by the host: the change is too large` });
  return { changes, unread };
}

const TEMPLATE_GLOBS = ['*', '.github/**', 'docs/*', 'docs/*/*'];
const TEMPLATE = /^(?:\.github\/|docs\/)?pull_request_template(?:\.(?:md|markdown|txt))?$/i;
const TEMPLATE_IN_FOLDER = /^(?:\.github\/|docs\/)?pull_request_template\/[^/]+\.(?:md|markdown|txt)$/i;
const MAX_TEMPLATES = 10;

/** The repository's own pull request templates at the merge base; read from the head where the change leaves them alone. */
export async function readTemplates(files: readonly ListedFile[], head: Snapshot, mergeBase: Snapshot): Promise<Pull['templates']> {
  const touched = files.some((file) => isTemplate(file.path) || isTemplate(file.previousPath ?? ''));
  const tree = touched ? mergeBase : head;
  const paths = (await tree.list(TEMPLATE_GLOBS)).filter(isTemplate).slice(0, MAX_TEMPLATES);
  const texts = await Promise.all(paths.map((path) => tree.read(path)));
  return texts.filter((text) => text !== null);
}

function isTemplate(path: string): boolean {
  return TEMPLATE.test(path) || TEMPLATE_IN_FOLDER.test(path);
}
