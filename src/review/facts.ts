import type { ChangeSet } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { History } from '../core/history.js';
import { NO_RELEASE_EVIDENCE, type ReleaseEvidence } from '../core/release-evidence.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Migration } from '../migrations/migration.js';
import { holdAgainstDiff, NOT_HELD_AGAINST } from '../rollback/against-diff.js';
import { NO_CLAIMS } from '../rollback/claimed.js';
import { openChoice } from '../rollback/offered-plan.js';
import { diffNeeds, isPlainDiff, type NeedKind } from '../rollback/diff-needs.js';
import { readHotfix } from '../rollback/hotfix.js';
import type { Facts } from '../rules/define-rule.js';
import { verifyRevert } from './verify-revert.js';

/** What the facts are made from. */
export interface FactSources {
  readonly changeSet: ChangeSet;
  readonly config: Config;
  readonly head: LoadedFiles;
  readonly base: LoadedFiles;
  readonly changedMigrations: readonly Migration[];
  /** What was merged before, and texts at the merge base; absent where there is no repository to look in. */
  readonly history?: History;
  readonly baseText: (path: string) => Promise<string | null>;
  /** What the host knows of people and releases; absent where there is no host to ask. */
  readonly release?: () => Promise<ReleaseEvidence>;
  /** Those for servers that no rule knows, too; by default the same. */
  readonly everyMigration?: readonly Migration[];
  /** Reads the plan of what is no hotfix too. */
  readonly everyPlan?: boolean;
}

type PlanFacts = Pick<Facts, 'plan' | 'claims' | 'blank' | 'needs' | 'validity' | 'openChoice'>;

/** What a diff can have that a plan which says nothing of data does not undo. */
const CHANGES_DATA: ReadonlySet<NeedKind> = new Set<NeedKind>(['lost', 'renamed', 'primary-key', 'rewritten', 'filled', 'stricter']);

/** Finds out what the rules about the pull request as a whole need. Looks into the history only where a revert names something. */
export async function gatherFacts(sources: FactSources): Promise<Facts> {
  const { changeSet, config, changedMigrations } = sources;
  const hotfix = readHotfix(changeSet.pull, config.hotfix);
  const revert = sources.history === undefined ? null : await verifyRevert({ ...sources, history: sources.history });
  const exactRevert = revert?.exact === true ? (revert.of[0] ?? null) : null;
  return {
    hotfix,
    ...(hotfix.hotfix || sources.everyPlan === true ? await planFacts(changeSet, sources.everyMigration ?? changedMigrations) : NOT_ASKED_FOR),
    described: changeSet.pull.wordsFrom !== 'commits',
    headSha: changeSet.headSha,
    release: hotfix.hotfix && exactRevert === null && sources.release !== undefined ? await sources.release() : NO_RELEASE_EVIDENCE,
    planBar: config.rollback,
    exactRevert,
    revert,
    baseSha: changeSet.baseSha,
    head: sources.head,
    base: sources.base,
    unread: changeSet.unread,
    brokenMigrations: changedMigrations.flatMap((migration) => (migration.broken === undefined ? [] : [{ path: migration.path, ...migration.broken }])),
  };
}

/** No plan is read where none is asked for. */
const NOT_ASKED_FOR: PlanFacts = { plan: { status: 'missing', score: 0, elements: [], quote: '', lines: [] }, claims: NO_CLAIMS, blank: false, needs: [], validity: NOT_HELD_AGAINST, openChoice: null };

/**
 * Reads the description once, and holds its plan against the diff. The Markdown parser is loaded for it alone: most changes
 * are no hotfix.
 */
async function planFacts({ pull, changes }: ChangeSet, migrations: readonly Migration[]): Promise<PlanFacts> {
  const { readPullText } = await import('../rollback/read-pull-text.js');
  const needs = diffNeeds(changes, migrations);
  const { plan, claims, ownText } = readPullText(pull.body, pull.templates, needs.some(({ kind }) => CHANGES_DATA.has(kind)));
  return { plan, claims, blank: ownText.trim() === '', needs, validity: holdAgainstDiff({ plan, planText: plan.lines.join('\n'), ownText, needs, plainDiff: isPlainDiff(changes) }), openChoice: openChoice(ownText) };
}
