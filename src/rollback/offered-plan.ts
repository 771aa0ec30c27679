import type { Change } from '../core/change-set.js';
import type { ReleaseEvidence } from '../core/release-evidence.js';
import type { LoadedFiles } from '../core/snapshot.js';
import { deploymentsIn, type Deployment } from './deployment.js';
import type { DiffNeed } from './diff-needs.js';
import { downCommand } from './down-command.js';

/** What a plan to paste is made from. */
export interface PlanSources {
  /** Files that match `DEPLOYMENT_GLOBS`, at the base. */
  readonly files: LoadedFiles;
  readonly changes: readonly Change[];
  readonly needs: readonly DiffNeed[];
  readonly versions: ReleaseEvidence['versions'];
  readonly deployTime: ReleaseEvidence['deployTime'];
  /** The commit the change would be merged on; empty where it is not known. */
  readonly baseSha: string;
}

/** Words that stand for what only the author knows. A plan in which they still stand is not complete. */
const CHOICE = /\[choose\b/i;

/** The first line of what was offered that was pasted and not filled in; null where there is none. */
export function openChoice(text: string): string | null {
  return text.split('\n').find((line) => CHOICE.test(line)) ?? null;
}

/** Most migrations that are listed one by one. */
const LISTED = 10;

/**
 * A rollback plan in Markdown, made from what the repository shows: real names and commands, real shas, the migrations in the
 * order in which they go back. What it does not show is marked `[choose: …]`; nothing is made up, and nothing is claimed to
 * have been saved or tried: that stands in boxes to tick.
 */
export function offeredPlan(sources: PlanSources): string {
  const deployments = deploymentsIn(sources.files);
  const paths = [...new Set(sources.needs.filter(isMigrationNeed).map(({ path }) => path))];
  const steps = [...schemaSteps(paths, sources), ...codeSteps(deployments, sources)];
  return [
    '## Rollback plan',
    '',
    ...steps.map((step, index) => `${index + 1}. ${step}`),
    '',
    `- When: [choose: which number, above what, for how long]`,
    `- Who: [choose: who is on call and decides]`,
    ...lastGood(sources),
    ...duration(sources),
    ...(paths.length === 0 ? ['- Schema and data: no migration in this change; [choose: say so if nothing else is left behind, such as messages, caches or mails]'] : []),
    ...before(sources.needs),
    '- [ ] Tried on a copy or on staging',
    '',
  ].join('\n');
}

const MIGRATION_KINDS: ReadonlySet<DiffNeed['kind']> = new Set<DiffNeed['kind']>(['lost', 'renamed', 'primary-key', 'rewritten', 'filled', 'stricter', 'migration-edited', 'unknown', 'additive']);

function isMigrationNeed({ kind }: DiffNeed): boolean {
  return MIGRATION_KINDS.has(kind);
}

/** The migrations of this change, the last one first. */
function schemaSteps(paths: readonly string[], { changes, needs, files }: PlanSources): readonly string[] {
  const ordered = [...paths].sort().reverse();
  const steps = ordered.slice(0, LISTED).flatMap((path) => {
    const own = needs.filter((need) => need.path === path);
    const label = own[0]?.where.replace(/^migration /, '') ?? code(path);
    if (own.every(({ kind }) => kind === 'additive')) return [`${label} only adds to the schema: it stays.`];
    const change = changes.find((one) => one.path === path);
    const command = change === undefined || own.every(({ down }) => down === 'nothing') ? null : downCommand(change, files, changes);
    const gone = own.filter(({ kind, down }) => (kind === 'lost' || kind === 'rewritten') && down !== 'all');
    const back = command === null ? `${label} has no way back of its own: [choose: the statement that undoes it]` : `${code(command)} takes ${label} back`;
    return [`${back}${gone.length === 0 ? '.' : `; it ${gone.slice(0, 3).map(({ does }) => does).join(', ')}: [choose: where that comes back from]`}${gone.length === 0 || command === null ? '' : '.'}`];
  });
  return ordered.length > LISTED ? [...steps, `[choose: the ${ordered.length - LISTED} migrations before these]`] : steps;
}

function codeSteps(deployments: readonly Deployment[], { versions }: PlanSources): readonly string[] {
  const version = versions?.[0]?.name;
  const [first] = deployments;
  const revert = 'Revert this pull request: `git revert -m 1` of its merge commit.';
  if (first === undefined) return [revert, version === undefined ? '[choose: how the version before is deployed again]' : `Deploy ${code(version)} again: [choose: with which command]`];
  if (first.kind === 'image') return [`Deploy the image${version === undefined ? ' of the version before' : ` of ${code(version)}`} again: [choose: with which command]`, revert];
  return [...deployments.filter(({ kind }) => kind === first.kind).map(({ command }) => commandStep(command)), revert];
}

/** A command as code; with something left to choose, as plain words: it cannot be typed as it stands. */
function commandStep(command: string): string {
  const at = command.indexOf('[choose');
  return at < 0 ? code(command) : `${code(command.slice(0, at).trim())} ${command.slice(at)}`;
}

function lastGood({ versions, baseSha }: PlanSources): readonly string[] {
  const version = versions?.[0];
  const sha = version?.sha ?? null;
  if (version !== undefined) return [`- Last good version: ${code(version.name)}${sha === null ? '' : ` (${sha.slice(0, 12)})`}`];
  return baseSha === '' ? [] : [`- Last good commit: ${code(baseSha.slice(0, 12))}, the base of this change`];
}

function duration({ deployTime }: PlanSources): readonly string[] {
  if (deployTime === null) return [];
  const minutes = Math.max(1, Math.round(deployTime.minutes));
  return [`- Takes about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}: the median of the last ${deployTime.runs} runs of ${code(deployTime.workflow)}`];
}

/** What has to happen before the merge, as boxes: an unticked one claims nothing. */
function before(needs: readonly DiffNeed[]): readonly string[] {
  const names = [...new Set(needs.filter(({ kind, down }) => (kind === 'lost' || kind === 'rewritten') && down !== 'all').flatMap(({ name }) => name ?? []))];
  return names.slice(0, LISTED).map((name) => `- [ ] ${code(name)} is saved before the migration runs, in [choose: table or file]`);
}

/** A name of the repository's as inline code: a backtick or line break in it cannot end it. */
function code(text: string): string {
  return `\`${text.replace(/[`\s]+/g, ' ').trim()}\``;
}
