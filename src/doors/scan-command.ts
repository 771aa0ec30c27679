import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { EMPTY_PULL, type Change, type ChangeSet, type Unread } from '../core/change-set.js';
import { DEFAULT_READ_LIMITS } from '../core/host.js';
import { linesOf } from '../core/hunks.js';
import { EMPTY_SNAPSHOT, folderSnapshot, listFiles, readFileBelow } from '../git/folder-snapshot.js';
import { isMigrationInput } from '../migrations/read-migrations.js';
import { review } from '../review/review.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { exitCodeFor } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { packageInfo } from './package-info.js';
import { printOut, wantsColor } from './print.js';
import { openProgress } from './progress.js';
import { renderReview } from './render-review.js';
import { untilInterrupted } from './until-interrupted.js';

/** Flags of `belay scan`. */
export interface ScanOptions extends CommonOptions {
  readonly llm: 'auto' | 'off';
}

/** Rules about a pull request as a whole have nothing to say of files that lie on a disk. */
const FILE_RULES = rules.filter((rule) => rule.checks.pull === undefined || rule.id === 'review/incomplete');

/**
 * `belay scan PATH…`: sets the process's exit code. Paths in the output are relative to the current folder; where something
 * outside it is named, to the folder that holds everything named.
 */
export async function scanCommand(paths: readonly string[], options: ScanOptions): Promise<void> {
  const directory = await scanRoot(process.cwd(), paths);
  const config = await localConfig(options.config, async () => readFile(join(ancestorWith(directory, ['.git', CONFIG_PATH]) ?? directory, CONFIG_PATH), 'utf8').catch(() => null), rules);
  const progress = openProgress(process.stderr);
  const done = await untilInterrupted(async (signal) => {
    const named = paths.map((path) => resolve(process.cwd(), path));
    const roots = named.map((path) => relative(directory, path).split(sep).join('/'));
    const files = await listFiles(directory, named);
    const changeSet = await everythingNew(directory, files, progress.say);
    const head = folderSnapshot(directory, [...new Set([...files, ...(await historyBeside(directory, roots))])].sort());
    const reviewed = await review({
      changeSet,
      base: EMPTY_SNAPSHOT,
      head,
      config,
      rules: FILE_RULES,
      notices: changeSet.changes.length === 0 ? ['There was no file to read.'] : [],
      mishaps: [],
      acceptances: [],
      override: null,
      ask: null,
      whyNotAsked: null,
      prompts: new Map(),
      signal,
      scan: { judgedPath: (path) => belowRoot(path, roots), migrationPath: (path) => migrationPath(directory, path, roots) },
      progress: progress.say,
    });
    return { changeSet, reviewed };
  }).finally(() => progress.clear());
  const { version, homepage } = packageInfo();
  await printOut(await renderReview(options.format, done, { version, homepage, color: wantsColor(options.color), headers: rules, config }));
  const { code, warning } = exitCodeFor(done.reviewed.verdict, options.strict);
  if (warning !== null) process.stderr.write(`${warning}\n`);
  process.exitCode = code;
}

/** The folder that paths are relative to. */
async function scanRoot(current: string, paths: readonly string[]): Promise<string> {
  const full = paths.map((path) => resolve(current, path));
  if (current !== sep && full.every((path) => path === current || path.startsWith(current + sep))) return current;
  const folders = await Promise.all(full.map(async (path) => ((await stat(path).catch(() => null))?.isDirectory() === true ? path : dirname(path))));
  const [first = [], ...rest] = folders.map((folder) => folder.split(sep));
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  const shared = (differs < 0 ? first : first.slice(0, differs)).join(sep) || sep;
  return ancestorWith(shared, ['.git', CONFIG_PATH]) ?? shared;
}

/** The nearest folder at or above one that holds any of these; null when none does. */
function ancestorWith(folder: string, names: readonly string[]): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (names.some((name) => existsSync(join(at, name)))) return at;
    if (dirname(at) === at) return null;
  }
}

/** What decides whether a path is production code: the part below what the user named, so that naming a folder `test` scans it. */
function belowRoot(path: string, roots: readonly string[]): string {
  for (const root of roots) {
    if (path === root) return path.split('/').at(-1) ?? path;
    if (root !== '' && path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  }
  return path;
}

/** The other files in the folder of a migration that was named by itself: what ran before it. */
async function historyBeside(directory: string, roots: readonly string[]): Promise<readonly string[]> {
  const named = roots.filter((root) => root.endsWith('.sql'));
  const folders = new Set(named.map((root) => (/(?:^|\/)(?:migration|up|down)\.sql$/.test(root) ? dirname(dirname(root)) : dirname(root))));
  const beside = await Promise.all([...folders].map(async (folder) => listFiles(directory, [folder])));
  return beside.flat().filter((path) => path.endsWith('.sql') || isMigrationInput(path));
}

/**
 * The path by which a file is known as a migration: its whole path on the disk, where that says so; else, for SQL that was
 * named itself or lies numbered in a folder that was named, a migrations folder made up for it.
 */
function migrationPath(directory: string, path: string, roots: readonly string[]): string | null {
  const whole = resolve(directory, path).split(sep).join('/').replace(/^\/+/, '');
  if (isMigrationInput(whole)) return whole;
  if (!path.endsWith('.sql')) return null;
  const numbered = /^(?:\d+|[VUB]\d)/.test(path.split('/').at(-1) ?? '');
  return roots.includes(path) || (numbered && roots.includes(dirname(path) === '.' ? '' : dirname(path))) 
    ? `migrations/${path}`
    : null;
}

/** A change set in which every line of every file is new. */
async function everythingNew(directory: string, files: readonly string[], say: (stage: string) => void): Promise<ChangeSet> {
  const changes: Change[] = [];
  const unread: Unread[] = [];
  for (const [index, path] of files.entries()) {
    if (index % 200 === 0) say(`reading file ${index + 1} of ${files.length}`);
    const read = await readFileBelow(directory, path, DEFAULT_READ_LIMITS);
    if (read === null) continue;
    if ('unread' in read) unread.push({ path, ...read.unread });
    else {
      const lines = linesOf(read.text).length;
      changes.push({ path, status: 'added', before: null, after: read.text, hunks: [], touched: lines === 0 ? [] : [{ start: 1, end: lines }] });
    }
  }
  return { repo: { owner: 'local', name: 'scan' }, baseSha: '', mergeBaseSha: '', headSha: '', pull: EMPTY_PULL, changes, unread };
}
