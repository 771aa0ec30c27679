import type { Unread } from './change-set.js';
import { collapseRepeats } from './collapse.js';
import type { Config } from './config.js';
import type { Finding, Level, LevelSetting } from './finding.js';
import { matchesAny } from './globs.js';
import { isJudgedPath } from './judged-path.js';
import type { Mishap } from './mishap.js';
import type { RuleHeader } from './rule.js';
import type { Conclusion, Entry, Override, Verdict, Waived } from './verdict.js';
import { reasonsFor } from './verdict-reasons.js';
import type { Acceptance, Waiver } from './waiver.js';

/** Everything a verdict is made from. */
export interface JudgeInput {
  readonly findings: readonly Finding[];
  readonly headers: readonly RuleHeader[];
  readonly config: Config;
  readonly waivers: readonly Waiver[];
  /** Of any head; only those of `headSha` count. */
  readonly acceptances: readonly Acceptance[];
  readonly override: Override | null;
  readonly mishaps: readonly Mishap[];
  readonly unread: readonly Unread[];
  readonly notices: readonly string[];
  readonly headSha: string;
  /** The commits, separated by spaces, that this change is the exact inverse of: then nothing blocks it. */
  readonly exactRevertOf?: string | null;
}

const RANK: Readonly<Record<LevelSetting, number>> = { off: 0, note: 1, warn: 2, block: 3 };

/**
 * Our opinion of what was found. Pure and in a fixed order. Nothing but an override or an exact revert makes a blocking finding
 * pass unaccepted; nothing that went wrong on our side, and no part of the change that was not read, ends in `success`.
 */
export function judge(input: JudgeInput): Verdict {
  const standing: Entry[] = [];
  const waived: Waived[] = [];
  for (const { finding, level } of weighed(input)) {
    const outcome = settle(finding, level, input);
    if ('by' in outcome) waived.push(outcome);
    else standing.push(outcome);
  }
  const entries = collapseRepeats(standing.sort(byWeight));
  waived.sort(byWeight);
  const override = input.override?.headSha === input.headSha ? input.override : null;
  const parts = { entries, waived, mishaps: sortedBy(input.mishaps, (mishap) => [mishap.during, mishap.subject, mishap.message]), incomplete: incompleteParts(input, waived), override };
  const deserved = conclude(parts, input.config);
  const observing = input.config.mode === 'observe';
  return {
    conclusion: observing ? 'neutral' : deserved,
    blocking: entries.filter((entry) => entry.level === 'block').length,
    reasons: reasonsFor({ ...parts, deserved, observing, exactRevertOf: input.exactRevertOf ?? null }),
    entries,
    waived,
    mishaps: parts.mishaps,
    unread: sortedBy(input.unread, (unread) => [unread.path, unread.reason]),
    notices: [...new Set(input.notices)],
    ...(observing && { wouldHaveBeen: deserved }),
    ...(override && { override }),
  };
}

/** How much a rule's findings weigh on a path; `off` where the rule is silent there. */
export function levelOf(rule: { readonly id: string; readonly level: LevelSetting }, path: string | null, config: Config): LevelSetting {
  const setting = config.rules.get(rule.id);
  if (path !== null) {
    if (matchesAny(config.exclude)(path) || matchesAny(setting?.exclude ?? [])(path)) return 'off';
    if (setting?.include && !matchesAny(setting.include)(path)) return 'off';
  }
  return setting?.level ?? rule.level;
}

function weighed(input: JudgeInput): { readonly finding: Finding; readonly level: Level }[] {
  const headers = new Map<string, RuleHeader>(input.headers.map((header) => [header.id, header]));
  const distinct = new Map(input.findings.map((finding) => [`${finding.ruleId} ${finding.fingerprint}`, finding]));
  return [...distinct.values()].flatMap((finding) => {
    const header = headers.get(finding.ruleId);
    const level = levelOf({ id: finding.ruleId, level: header?.level ?? 'warn' }, finding.path, input.config);
    if (level === 'off') return [];
    const advice = finding.source === 'model' || (input.exactRevertOf ?? null) !== null;
    return [{ finding, level: advice && level === 'block' ? 'warn' : level }];
  });
}

/** Whether a finding stands or was accepted. A waiver from the base comes first, then one that this change brought. */
function settle(finding: Finding, level: Level, input: JudgeInput): Entry | Waived {
  const fitting = input.waivers.filter((waiver) => speaksOf(waiver, finding));
  const waiver = fitting.find((candidate) => !candidate.addedHere) ?? fitting[0];
  const needsSecondPerson = level === 'block' && input.config.waivers.secondPerson;
  if (waiver && (!waiver.addedHere || !needsSecondPerson)) {
    return { finding, level, reason: waiver.reason, by: `${waiver.path}:${String(waiver.line)}` };
  }
  const acceptance = input.acceptances.find((candidate) => candidate.ruleId === finding.ruleId && candidate.headSha === input.headSha);
  if (acceptance && level === 'block') return { finding, level, reason: acceptance.reason, by: acceptance.by };
  return waiver ? { finding, level, unconfirmedWaiver: { reason: waiver.reason, line: waiver.line } } : { finding, level };
}

function speaksOf(waiver: Waiver, finding: Finding): boolean {
  if (waiver.ruleId !== finding.ruleId || waiver.path !== finding.path || finding.span === null) return false;
  return [finding.span, ...(finding.related ?? [])].some((span) => span.startLine <= waiver.appliesTo && waiver.appliesTo <= span.endLine);
}

/** What was not read although it may matter, unless somebody accepted that it was too large. */
function incompleteParts(input: JudgeInput, waived: readonly Waived[]): readonly Unread[] {
  // An exact revert was compared whole, by content where there is no text.
  if ((input.exactRevertOf ?? null) !== null) return [];
  const accepted = waived.some(({ finding }) => finding.ruleId === 'review/incomplete' && finding.path === null);
  return input.unread.filter(({ path, reason }) => {
    if (reason === 'unreadable') return true;
    return !accepted && (reason === 'over-file-limit' || ((reason === 'too-large' || reason === 'binary') && isJudgedPath(path)));
  });
}

interface Parts {
  readonly entries: readonly Entry[];
  readonly mishaps: readonly Mishap[];
  readonly incomplete: readonly Unread[];
  readonly override: Override | null;
}

function conclude({ entries, mishaps, incomplete, override }: Parts, config: Config): Conclusion {
  if (override) return 'success';
  if (entries.some((entry) => entry.level === 'block')) return 'failure';
  if (mishaps.length + incomplete.length === 0) return 'success';
  return config.onOutage === 'block' ? 'action_required' : 'neutral';
}

function byWeight(left: { readonly finding: Finding; readonly level: Level }, right: { readonly finding: Finding; readonly level: Level }): number {
  return (
    RANK[right.level] - RANK[left.level] ||
    compare(left.finding.path ?? '', right.finding.path ?? '') ||
    (left.finding.span?.startLine ?? 0) - (right.finding.span?.startLine ?? 0) ||
    compare(left.finding.ruleId, right.finding.ruleId) ||
    (left.finding.span?.startColumn ?? 0) - (right.finding.span?.startColumn ?? 0) ||
    compare(left.finding.fingerprint, right.finding.fingerprint)
  );
}

function sortedBy<Item>(items: readonly Item[], keys: (item: Item) => readonly string[]): readonly Item[] {
  return [...items].sort((left, right) => compare(keys(left).join('\n'), keys(right).join('\n')));
}

/** By code units: the same on every machine. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
