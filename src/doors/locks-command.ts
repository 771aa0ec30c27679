import { UsageError } from '../core/errors.js';
import type { LockReport } from '../core/lock-report.js';
import { findTargetEvidence, targetFrom } from '../migrations/target/find-target.js';
import { describeTarget, parseTarget, type Target } from '../migrations/target.js';
import { renderLocks, renderLocksJson } from '../render/locks.js';
import { loadTargetFiles } from '../review/find-target.js';
import { judgeLocks } from '../review/judge-locks.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { EXIT } from './exit-code.js';
import { localConfig } from './local-config.js';
import { openNamedFiles } from './named-files.js';
import { printOut } from './print.js';

/** Flags of `belay locks`. */
export interface LocksOptions extends CommonOptions {
  readonly target?: string;
}

/**
 * `belay locks PATH…`: what each statement locks, without an opinion, so it exits with 0 whatever it finds. What could not
 * be analysed is said on stderr, and ends in 3 with `--strict`. Throws `UsageError` for a target that is not known.
 */
export async function locksCommand(paths: readonly string[], options: LocksOptions): Promise<void> {
  const named = await openNamedFiles(process.cwd(), paths);
  const configured = (await localConfig(options.config, named.configuration, rules)).database.target;
  const target = targetOf(options.target, configured) ?? targetFrom(findTargetEvidence(await loadTargetFiles(await named.surroundings())), 'postgres');
  if (target.engine !== 'postgres') throw new UsageError(`${describeTarget(target)}: this version of Belay knows the locks of Postgres only; name it with --target postgres@16.`);
  const report = await judgeLocks({ snapshot: named.snapshot, migrationPath: named.migrationPath, named: new Set(named.files), target, wholePaths: await named.wholePaths() });
  await printOut(options.format === 'json' ? renderLocksJson(report) : renderLocks(report, describeTarget(target)));
  process.exitCode = EXIT.nothingBlocking;
  const warning = warningFor(report);
  if (warning === null) return;
  process.stderr.write(`belay: ${warning}\n`);
  if (options.strict) process.exitCode = EXIT.failed;
}

function targetOf(flag: string | undefined, configured: string | null): Target | null {
  const text = flag ?? configured;
  if (text === null) return null;
  const target = parseTarget(text, flag === undefined ? '`database.target` in the configuration' : '--target');
  if (target === null) throw new UsageError(`${flag === undefined ? '`database.target`' : '--target'} ${text}: expected an engine and its version, such as postgres@17.`);
  return target;
}

function warningFor({ statements }: LockReport): string | null {
  if (statements.length === 0) return 'no migration was found among what was named.';
  const unknown = statements.filter((one) => one.notAnalysed !== undefined);
  const [first] = unknown;
  return first === undefined ? null : `${unknown.length} of ${statements.length} statements could not be analysed, the first at ${first.path}:${first.line}: ${first.notAnalysed ?? ''}.`;
}
