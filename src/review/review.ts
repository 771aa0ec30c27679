import type { Change, Unread } from '../core/change-set.js';
import { ANNOUNCED_RULES } from '../core/announced-rules.js';
import { findWaivers } from '../core/find-waivers.js';
import type { Finding, Sighting } from '../core/finding.js';
import { toFindings } from '../core/fingerprint.js';
import { matchesAny } from '../core/globs.js';
import { judge } from '../core/judge.js';
import { isJudgedPath } from '../core/judged-path.js';
import type { Mishap } from '../core/mishap.js';
import type { ProofReport } from '../core/proof-report.js';
import type { RuleHeader } from '../core/rule.js';
import { isGenerated, isVendored } from '../core/scope.js';
import type { Verdict } from '../core/verdict.js';
import type { Waiver } from '../core/waiver.js';
import type { Facts, Rule } from '../rules/define-rule.js';
import type { SightingsByRule } from './behaviour-stage.js';
import { askModel, type Asked } from './ask-model.js';
import { codeStage } from './code-stage.js';
import { hotfixNotices } from './hotfix-notices.js';
import type { ReviewInput, Reviewed, ReviewStats } from './review-input.js';
import { runCheck } from './run-rule.js';

/** What the stages write into. */
export interface Desk {
  readonly sightings: SightingsByRule;
  readonly mishaps: Mishap[];
  readonly notices: string[];
  /** What turned out not to be readable on the way. */
  readonly unread: Unread[];
}

/**
 * One review, from the change to the verdict: the only place where the stages stand in order. Never throws for what is in
 * the change; what goes wrong on our side is a mishap in the verdict. Throws only when aborted.
 */
export async function review(input: ReviewInput): Promise<Reviewed> {
  const started = performance.now();
  const desk: Desk = { sightings: new Map(), mishaps: [...input.mishaps], notices: [...input.notices, ...settingsWithoutEffect(input)], unread: [] };
  const { changes, unread } = sortOut(input);
  const texts = new Map(changes.flatMap((change) => (change.after === null ? [] : [[change.path, change.after] as const])));

  const counts = await codeStage(input, changes, unread, desk);
  desk.notices.push(...hotfixNotices(counts.facts));
  pullStage(input, counts.facts, desk);
  const findings = namedFindings(desk, texts);
  const waivers = collectWaivers(input, changes, desk);
  const asked = counts.facts.exactRevert === null ? await askModel(input, changes, findings, desk) : NOT_ASKED;

  const judged = reachVerdict(input, { findings: [...findings, ...asked.findings], waivers, unread, facts: counts.facts, desk });
  const verdict: Verdict = { ...judged, ...(asked.unverified.length === 0 ? {} : { unverified: asked.unverified }), ...(counts.proof === null ? {} : { proof: counts.proof }) };
  return {
    verdict,
    texts,
    stats: {
      files: input.changeSet.changes.length,
      functions: counts.functions,
      migrations: counts.migrations,
      findings: verdict.entries.length,
      milliseconds: Math.round(performance.now() - started),
      modelCalls: asked.calls,
      modelDollars: asked.dollars,
      ...(counts.proof === null ? {} : { proof: proofStats(counts.proof) }),
    },
  };
}

/** What is configured and does nothing in this version. A scan is handed only some of the rules, and a configuration made for reviews. */
function settingsWithoutEffect(input: ReviewInput): readonly string[] {
  if (input.scan !== undefined) return [];
  const missing = [...input.config.rules.keys()].filter((id) => ANNOUNCED_RULES.has(id) && !input.rules.some((rule) => rule.id === id));
  return missing.map((id) => `The configuration sets \`${id}\`, a rule that this version of Belay does not have yet: it has no effect.`);
}

function proofStats({ server, migrations }: ProofReport): NonNullable<ReviewStats['proof']> {
  const unproven = migrations.filter((one) => one.status === 'unproven');
  return { server: `${server.kind} ${server.version}`.trim(), proved: migrations.length - unproven.length, unproven: unproven.map(({ path, reason = '' }) => ({ path, reason })) };
}

const NOT_ASKED: Asked = { findings: [], unverified: [], calls: 0, dollars: 0 };

/** Which changes the rules read, and what is left out with the reason. */
function sortOut(input: ReviewInput): { readonly changes: readonly Change[]; readonly unread: readonly Unread[] } {
  const excluded = matchesAny(input.config.exclude);
  const unread = input.changeSet.unread.map((one): Unread => {
    if (one.reason !== 'too-large' && one.reason !== 'over-file-limit' && !(one.reason === 'binary' && isJudgedPath(one.path))) return one;
    if (excluded(one.path)) return { ...one, reason: 'excluded' };
    if (isVendored(one.path)) return { ...one, reason: 'vendored' };
    return isGenerated(one.path, null) ? { ...one, reason: 'generated' } : one;
  });
  const changes: Change[] = [];
  for (const change of input.changeSet.changes) {
    const reason = leftOut(change, excluded);
    if (reason === null) changes.push(change);
    else unread.push({ path: change.path, ...reason });
  }
  return { changes, unread };
}

function leftOut(change: Change, excluded: (path: string) => boolean): Omit<Unread, 'path'> | null {
  if (excluded(change.path)) return { reason: 'excluded', detail: 'excluded by the configuration' };
  if (isVendored(change.path)) return { reason: 'vendored', detail: 'a copy of somebody else’s code' };
  if (isGenerated(change.path, change.before)) return { reason: 'generated', detail: 'made by a tool' };
  return null;
}

/** Rules about the pull request as a whole. They see every change, the ones left out above included. */
function pullStage(input: ReviewInput, facts: Facts, desk: Desk): void {
  const { changeSet } = input;
  for (const rule of input.rules) {
    const check = rule.checks.pull;
    // An exact revert needs no plan, no second person and no staging: it takes back what had none of these problems.
    if (check === undefined || (facts.exactRevert !== null && rule.id.startsWith('rollback/'))) continue;
    const sightings = runCheck(rule, 'the pull request', () => check({ pull: changeSet.pull, changes: changeSet.changes, facts }), desk.mishaps);
    if (sightings.length > 0) desk.sightings.set(rule, [...(desk.sightings.get(rule) ?? []), ...sightings]);
  }
}

function namedFindings(desk: Desk, texts: ReadonlyMap<string, string>): readonly Finding[] {
  return [...desk.sightings].flatMap(([rule, sightings]: readonly [Rule, readonly Sighting[]]) => toFindings(rule, sightings, texts));
}

function collectWaivers(input: ReviewInput, changes: readonly Change[], desk: Desk): readonly Waiver[] {
  const known = input.rules.map((rule) => rule.id);
  return changes.flatMap((change) => {
    if (change.after === null) return [];
    // In a scan nothing is "added here": there is no second person to wait for.
    const touched = input.scan === undefined ? change.touched : [];
    const { waivers, notices } = findWaivers({ path: change.path, text: change.after, touched }, known);
    desk.notices.push(...notices);
    return waivers;
  });
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly waivers: readonly Waiver[];
  readonly unread: readonly Unread[];
  readonly facts: Facts;
  readonly desk: Desk;
}

function reachVerdict(input: ReviewInput, { findings, waivers, unread, facts, desk }: Judged): Verdict {
  const headers: readonly RuleHeader[] = input.rules;
  const forgiven = findings.flatMap((finding) => {
    const by = input.forgiven?.(finding) ?? null;
    return by === null ? [] : [{ finding, level: 'block' as const, ...by }];
  });
  const kept = forgiven.length === 0 ? findings : findings.filter((finding) => !forgiven.some((one) => one.finding === finding));
  const verdict = judge({
    findings: kept,
    headers,
    config: input.config,
    waivers,
    acceptances: input.acceptances,
    override: input.override,
    mishaps: desk.mishaps,
    unread: [...unread, ...desk.unread],
    notices: desk.notices,
    headSha: input.changeSet.headSha,
    exactRevertOf: facts.exactRevert === null ? null : (facts.revert?.of.join(' ') ?? facts.exactRevert),
  });
  return forgiven.length === 0 ? verdict : { ...verdict, waived: [...verdict.waived, ...forgiven] };
}
