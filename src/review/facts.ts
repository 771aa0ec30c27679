import type { ChangeSet } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { History } from '../core/history.js';
import { NO_RELEASE_EVIDENCE, type ReleaseEvidence } from '../core/release-evidence.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Migration } from '../migrations/migration.js';
import type { Step } from '../migrations/step.js';
import { readHotfix } from '../rollback/hotfix.js';
import { NO_CLAIMS, type Claims } from '../rollback/claimed.js';
import type { RollbackPlan } from '../rollback/plan.js';
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
}

/** Steps after which a plain revert of the code leaves something behind, or something lost. */
const CHANGES_DATA: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'drop-table', 'rename-relation', 'set-relation-schema', 'truncate', 'drop-column', 'rename-column', 'set-type', 'set-not-null',
  'rename-enum-value', 'add-enum-value', 'rename-type', 'drop-type', 'drop-view', 'drop-schema', 'rename-schema', 'drop-database', 'update', 'delete', 'merge', 'copy',
]);

/** Finds out what the rules about the pull request as a whole need. Looks into the history only where a revert names something. */
export async function gatherFacts(sources: FactSources): Promise<Facts> {
  const { changeSet, config, changedMigrations } = sources;
  const hotfix = readHotfix(changeSet.pull, config.hotfix);
  const revert = sources.history === undefined ? null : await verifyRevert({ ...sources, history: sources.history });
  const exactRevert = revert?.exact === true ? (revert.of[0] ?? null) : null;
  const changesData = changedMigrations.some((migration) => migration.up.some((step) => CHANGES_DATA.has(step.kind)));
  return {
    hotfix,
    ...(hotfix.hotfix ? await planAndClaims(changeSet, changesData) : NOT_ASKED_FOR),
    described: changeSet.pull.wordsFrom !== 'commits',
    headSha: changeSet.headSha,
    release: hotfix.hotfix && exactRevert === null && sources.release !== undefined ? await sources.release() : NO_RELEASE_EVIDENCE,
    planBar: config.rollback,
    exactRevert,
    revert,
    head: sources.head,
    base: sources.base,
    unread: changeSet.unread,
    brokenMigrations: changedMigrations.flatMap((migration) => (migration.broken === undefined ? [] : [{ path: migration.path, ...migration.broken }])),
  };
}

/** No plan is read where none is asked for. */
const NOT_ASKED_FOR: { readonly plan: RollbackPlan; readonly claims: Claims } = { plan: { status: 'missing', score: 0, elements: [], quote: '', lines: [] }, claims: NO_CLAIMS };

/** Reads the description once. The Markdown parser is loaded for it alone: most changes are no hotfix. */
async function planAndClaims({ pull }: ChangeSet, changesData: boolean): Promise<{ readonly plan: RollbackPlan; readonly claims: Claims }> {
  const { readPullText } = await import('../rollback/read-pull-text.js');
  return readPullText(pull.body, pull.templates, changesData);
}
