import { EMPTY_PULL, type Change, type ChangeSet, type Unread } from '../core/change-set.js';
import { DEFAULT_READ_LIMITS } from '../core/host.js';
import { linesOf } from '../core/hunks.js';
import { EMPTY_SNAPSHOT, readFileBelow } from '../git/folder-snapshot.js';
import { review } from '../review/review.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { exitCodeFor } from './exit-code.js';
import { localConfig } from './local-config.js';
import { openNamedFiles } from './named-files.js';
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
  const named = await openNamedFiles(process.cwd(), paths);
  const { directory } = named;
  const config = await localConfig(options.config, named.configuration, rules);
  const progress = openProgress(process.stderr);
  const done = await untilInterrupted(async (signal) => {
    const changeSet = await everythingNew(directory, named.files, progress.say);
    const reviewed = await review({
      changeSet,
      base: EMPTY_SNAPSHOT,
      head: named.snapshot,
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
      scan: { judgedPath: named.judgedPath, migrationPath: named.migrationPath, surroundings: await named.surroundings(), wholePaths: await named.wholePaths() },
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
