import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { judgeWholeMigrations } from '../../src/migrations/judge-migrations.js';
import type { Migration } from '../../src/migrations/migration.js';
import type { Target } from '../../src/migrations/target.js';
import { rules } from '../../src/rules/registry.generated.js';
import { findSquawk } from './find-squawk.js';

/** Lines that somebody objects to, by path; 1-based, both ends inclusive. */
export type FlaggedLines = ReadonlyMap<string, readonly { readonly start: number; readonly end: number }[]>;

/** Rules that block for another reason than a lock: they say nothing about whether a statement is heavy. */
const NOT_ABOUT_LOCKS = new Set(['rename', 'unbounded-write', 'drop-and-re-add', 'drop-cascade', 'enum-value-used-at-once', 'merged-migration-edited', 'order-conflict', 'dependents-break', 'concurrently-in-transaction']);

/** What Belay's blocking rules about locks say, at their default levels. */
export async function blockingLines(migrations: readonly Migration[], _folder: string, target: Target): Promise<FlaggedLines> {
  const blocking = rules.filter(({ id, level }) => id.startsWith('migrations/') && level === 'block' && !NOT_ABOUT_LOCKS.has(id.slice('migrations/'.length)));
  const found = new Map<string, { start: number; end: number }[]>();
  for (const judged of judgeWholeMigrations([], migrations, { target, settled: true })) {
    const whole = { ...judged, target, tables: new Map(), changes: new Map(), everyLineNew: true };
    for (const rule of blocking) {
      const sightings = [...judged.steps.flatMap((step) => [...(rule.checks.migration?.({ ...step, target, tables: new Map() }) ?? [])]), ...(rule.checks.wholeMigration?.(whole) ?? [])];
      for (const { path, span } of sightings) if (path !== null && span !== null) found.set(path, [...(found.get(path) ?? []), { start: span.startLine, end: span.endLine }]);
    }
  }
  return Promise.resolve(found);
}

/** squawk's rules about locks, rewrites and scans: the others are about types, names and timeouts. */
const SQUAWK_LOCKS = new Set([
  'adding-field-with-default', 'adding-foreign-key-constraint', 'adding-not-nullable-field', 'adding-required-field', 'adding-serial-primary-key-field', 'changing-column-type', 'constraint-missing-not-valid',
  'disallowed-unique-constraint', 'require-concurrent-index-creation', 'require-concurrent-reindex', 'require-concurrent-partition-attach', 'adding-column-with-generated-stored', 'adding-generated-stored-column',
]);

interface SquawkViolation {
  readonly file: string;
  readonly line: number;
  readonly line_end?: number;
  readonly rule_name: string;
}

/** What squawk says of the same files, told the same server version. */
export async function squawkLines(folder: string, paths: readonly string[], target: Target): Promise<FlaggedLines> {
  const root = resolve(folder);
  const binary = findSquawk();
  const found = new Map<string, { start: number; end: number }[]>();
  const files = [...new Set(paths)];
  for (let at = 0; at < files.length; at += 100) {
    const args = [binary, '--reporter', 'json', `--pg-version=${target.version}.0`, ...files.slice(at, at + 100).map((path) => join(root, path))];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 256 * 1024 * 1024 }).catch((failed: { stdout: string }) => failed);
    for (const violation of JSON.parse(stdout === '' ? '[]' : stdout) as readonly SquawkViolation[]) {
      if (!SQUAWK_LOCKS.has(violation.rule_name)) continue;
      const path = violation.file.slice(root.length + 1);
      found.set(path, [...(found.get(path) ?? []), { start: violation.line + 1, end: (violation.line_end ?? violation.line) + 1 }]);
    }
  }
  return found;
}
