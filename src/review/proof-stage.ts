import type { Change } from '../core/change-set.js';
import type { Sighting } from '../core/finding.js';
import { inScope } from '../core/scope.js';
import type { MigrationProof, ProofReport } from '../core/proof-report.js';
import { withEstimates } from '../migrations/estimate.js';
import { mayBeMigration } from '../migrations/find-migrations.js';
import type { Migration } from '../migrations/migration.js';
import type { ProofQuestion } from '../migrations/proof-question.js';
import type { Rule } from '../rules/define-rule.js';
import type { SightingsByRule } from './behaviour-stage.js';
import { loadBaseCode } from './proof-code.js';
import { addObservations } from './proof-evidence.js';
import type { Desk } from './review.js';
import type { ReviewInput } from './review-input.js';
import { runCheck } from './run-rule.js';

/** Runs the migrations of a proof's question; see `ReviewInput.prove`. Rejects only when aborted, or where nothing could be run at all. */
export type Prove = (question: ProofQuestion, signal: AbortSignal, progress?: (stage: string) => void) => Promise<ProofReport>;

/** What the review knows already when it asks for a proof. */
export type KnownOfProof = Pick<ProofQuestion, 'history' | 'changed' | 'starts' | 'target' | 'tables'>;

/** Runs what a change brings, and gives what that showed; null where nothing is to be run. Trouble of the proof's own is said in the report. */
export async function proveMigrations(input: ReviewInput, known: KnownOfProof): Promise<ProofReport | null> {
  const { prove, signal } = input;
  if (prove === undefined || known.changed.length === 0) return null;
  input.progress?.(`proving ${known.changed.length} migration${known.changed.length === 1 ? '' : 's'}`);
  try {
    const own = new Set([...known.history, ...known.changed].flatMap(({ path, downPath }) => [path, downPath ?? path]));
    const baseCode = await loadBaseCode(input.base, known.changed, (path) => own.has(path) || mayBeMigration(path));
    const report = await prove({ ...known, settled: false, baseCode }, signal, input.progress);
    return withEstimates(report, known.tables);
  } catch (thrown) {
    signal.throwIfAborted();
    return nothingProved(known.changed, thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '').slice(0, 300) : 'it could not be run');
  }
}

/** The report where there was no database to run anything on. */
export function nothingProved(changed: readonly Migration[], reason: string): ProofReport {
  const migrations = changed.map(
    ({ path, downPath, id }): MigrationProof => ({ path, downPath, id, status: 'unproven', reason, statements: [], reversible: null, notReversed: reason, differences: [], again: [], dataLoss: [], oldCode: [] }),
  );
  return { schemaVersion: 1, server: { version: '', kind: 'pglite' }, migrations, base: [], notes: [], disagreements: [] };
}

/** Runs the rules about proofs, and hangs what was observed on the findings that are there. */
export function judgeProof(input: Pick<ReviewInput, 'rules'>, report: ProofReport, changed: readonly Migration[], changes: ReadonlyMap<string, Change>, desk: Pick<Desk, 'sightings' | 'mishaps'>): void {
  const found = proofSightings(input.rules, report, changed, changes, desk.mishaps);
  addObservations(desk.sightings, report);
  for (const { rule, sighting } of found) {
    const change = changes.get(sighting.path ?? '');
    if (change === undefined || !inScope(sighting, change, { beforeFingerprints: null }) || becameEvidence(desk.sightings, sighting, report)) continue;
    desk.sightings.set(rule, [...(desk.sightings.get(rule) ?? []), sighting]);
  }
}

/** What the rules about proofs say of each migration. */
export function proofSightings(rules: readonly Rule[], report: ProofReport, changed: readonly Migration[], changes: ReadonlyMap<string, Change>, mishaps: Desk['mishaps']): readonly { readonly rule: Rule; readonly sighting: Sighting }[] {
  return report.migrations.flatMap((proof) => {
    const migration = changed.find((one) => one.path === proof.path && one.id === proof.id);
    if (migration === undefined) return [];
    return rules.flatMap((rule) => {
      const check = rule.checks.proof;
      if (check === undefined) return [];
      return runCheck(rule, proof.path, () => check({ proof, migration, server: report.server, changes }), mishaps).map((sighting) => ({ rule, sighting }));
    });
  });
}

/** Whether a sighting about a statement of the up direction was told as evidence of one that stands there already. */
function becameEvidence(sightings: SightingsByRule, sighting: Sighting, report: ProofReport): boolean {
  const { span, path } = sighting;
  if (span === null) return false;
  const isUp = report.migrations.some((proof) => proof.path === path && proof.statements.some((one) => one.direction === 'up' && one.line <= span.startLine && span.startLine <= one.endLine && one.path === path));
  if (!isUp) return false;
  for (const [rule, known] of sightings) {
    const at = rule.id.startsWith('migrations/') ? known.findIndex((one) => one.path === path && one.span !== null && one.span.startLine <= span.endLine && span.startLine <= one.span.endLine) : -1;
    const there = known[at];
    if (there === undefined) continue;
    sightings.set(rule, known.map((one) => (one === there ? { ...one, evidence: [...one.evidence, ...sighting.evidence] } : one)));
    return true;
  }
  return false;
}
