import type { Change, ChangeSet, Pull } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import type { History } from '../core/history.js';
import { toFindings } from '../core/fingerprint.js';
import { judge } from '../core/judge.js';
import type { Mishap } from '../core/mishap.js';
import { NO_RELEASE_EVIDENCE, type ReleaseEvidence } from '../core/release-evidence.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Verdict } from '../core/verdict.js';
import { loadSql } from '../languages/sql.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import { readMigrations } from '../migrations/read-migrations.js';
import type { Gap } from '../rollback/against-diff.js';
import type { Claims } from '../rollback/claimed.js';
import type { DiffNeed } from '../rollback/diff-needs.js';
import type { HotfixSignals } from '../rollback/hotfix.js';
import type { RollbackPlan } from '../rollback/plan.js';
import { revertedCommit } from '../rollback/revert.js';
import type { Rule } from '../rules/define-rule.js';
import { gatherFacts } from './facts.js';
import { splitMigrations } from './migration-stage.js';
import { runCheck } from './run-rule.js';

/** What one description is judged from. */
export interface PlanInput {
  readonly pull: Pull;
  readonly changes: readonly Change[];
  readonly config: Config;
  readonly rules: readonly Rule[];
  /** What a repository shows beside: its files that tell how it is deployed, its versions, the commit of its default branch, its texts and what was merged. */
  readonly repository?: { readonly files: LoadedFiles; readonly release: ReleaseEvidence; readonly sha: string; readonly history?: History; readonly read?: (path: string) => Promise<string | null> };
}

/** The judgement of one description: what `belay plan` prints. */
export interface JudgedPlan {
  readonly hotfix: HotfixSignals;
  /** `exact` is null where the commit that is reverted cannot be looked at. */
  readonly revert: { readonly of: string; readonly exact: boolean | null } | null;
  readonly plan: RollbackPlan;
  readonly validForDiff: boolean | null;
  readonly needs: readonly DiffNeed[];
  readonly gaps: readonly Gap[];
  readonly claims: Claims;
  readonly verdict: Verdict;
}

/** Judges one description as a review would, by the rules about rolling back alone. */
export async function judgePlan({ pull, changes, config, rules, repository }: PlanInput): Promise<JudgedPlan> {
  const changeSet: ChangeSet = { repo: { owner: 'local', name: 'plan' }, baseSha: repository?.sha ?? '', mergeBaseSha: '', headSha: '', pull, changes, unread: [] };
  // Whether a revert is exact can be said where both its files and the repository's history are at hand.
  const history = changes.length === 0 ? undefined : repository?.history;
  const baseText = async (path: string): Promise<string | null> => (await repository?.read?.(path)) ?? null;
  const gathered = await gatherFacts({ changeSet, config, head: new Map(), base: repository?.files ?? new Map(), changedMigrations: await migrationsOf(changes), everyPlan: true, baseText, ...(history === undefined ? {} : { history }) });
  const claimed = revertOf(pull);
  const revert = claimed === null ? null : { of: claimed.of, exact: gathered.revert?.exact ?? null };
  const facts = { ...gathered, release: repository?.release ?? NO_RELEASE_EVIDENCE, exactRevert: revert === null || revert.exact === false ? null : revert.of };
  const mishaps: Mishap[] = [];
  const findings = rules
    .filter((rule) => rule.id.startsWith('rollback/'))
    .flatMap((rule) => {
      const check = rule.checks.pull;
      return check === undefined ? [] : toFindings(rule, runCheck(rule, 'the pull request', () => check({ pull, changes, facts }), mishaps), new Map());
    });
  const verdict = judge({ findings, headers: rules, config, waivers: [], acceptances: [], override: null, mishaps, unread: [], notices: [], headSha: '', exactRevertOf: facts.exactRevert });
  return { hotfix: facts.hotfix, revert, plan: facts.plan, validForDiff: facts.validity.valid, needs: facts.needs, gaps: facts.validity.gaps, claims: facts.claims, verdict };
}

async function migrationsOf(changes: readonly Change[]): Promise<ReturnType<typeof readMigrations>> {
  const files = new Map(changes.flatMap(({ path, after }) => (after !== null && mayBeMigration(path) ? [[path, after] as const] : [])));
  if (files.size === 0) return [];
  await loadSql();
  return [...splitMigrations(readMigrations(files), new Map(changes.map((change) => [change.path, change])), false).changed];
}

/** What a pull request says it reverts. */
function revertOf(pull: Pull): JudgedPlan['revert'] {
  const sha = revertedCommit(pull);
  if (sha !== null) return { of: sha, exact: null };
  const number = /^\s*Reverts\s+((?:[\w.-]+\/[\w.-]+)?#\d+)\s*$/im.exec(pull.body.slice(0, 65_536))?.[1] ?? /^revert-(\d+)-/.exec(pull.headBranch)?.[1]?.replace(/^/, '#');
  const title = /^\s*revert\s+["“](.{1,200})["”]/i.exec(pull.title)?.[1];
  const of = number ?? title;
  return of === undefined ? null : { of, exact: null };
}
