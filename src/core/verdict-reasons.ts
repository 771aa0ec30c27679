import type { Unread } from './change-set.js';
import { plainLine } from './plain-text.js';
import type { Mishap } from './mishap.js';
import type { Conclusion, Entry, Override, Waived } from './verdict.js';

/** What the reasons speak of. */
export interface ReasonParts {
  readonly entries: readonly Entry[];
  readonly waived: readonly Waived[];
  readonly mishaps: readonly Mishap[];
  readonly incomplete: readonly Unread[];
  readonly override: Override | null;
  readonly deserved: Conclusion;
  readonly observing: boolean;
  readonly exactRevertOf: string | null;
}

/** Plain sentences, the most important first: why a verdict is what it is. Never empty. */
export function reasonsFor(parts: ReasonParts): readonly string[] {
  const { override, exactRevertOf } = parts;
  return [
    ...(override ? [`Overridden for ${override.headSha.slice(0, 7)} by ${override.by}: ${plainLine(override.reason)}`] : []),
    ...(parts.observing ? [`Only observing: otherwise the conclusion would be ${parts.deserved}.`] : []),
    ...blockingReasons(parts.entries),
    ...mishapReasons(parts.mishaps),
    ...incompleteReasons(parts.incomplete),
    ...(exactRevertOf !== null ? [`This is the exact revert of ${exactRevertOf.split(' ').map((sha) => sha.slice(0, 12)).join(', ')}: nothing blocks it.`] : []),
    ...restReasons(parts),
  ];
}

function blockingReasons(entries: readonly Entry[]): string[] {
  const blocking = entries.filter((entry) => entry.level === 'block');
  if (blocking.length === 0) return [];
  const rules = [...new Set(blocking.map((entry) => `\`${entry.finding.ruleId}\``))];
  const waiting = blocking.filter((entry) => entry.unconfirmedWaiver);
  const first = waiting[0];
  return [
    `${count(blocking.length, 'finding blocks', 'findings block')} this change: ${listed(rules)}.`,
    ...(first ? [`${count(waiting.length, 'waiver', 'waivers')} in this change must be confirmed by a second person with write access: \`/ai-review accept ${first.finding.ruleId} <reason>\`.`] : []),
  ];
}

function mishapReasons(mishaps: readonly Mishap[]): string[] {
  const first = mishaps[0];
  if (!first) return [];
  const more = mishaps.length > 1 ? ` (and ${String(mishaps.length - 1)} more)` : '';
  return [`Belay itself failed, which is not this change's fault; the review is not complete: ${plainLine(first.subject)}: ${plainLine(first.message).replace(/\.$/, '')}${more}.`];
}

function incompleteReasons(incomplete: readonly Unread[]): string[] {
  if (incomplete.length === 0) return [];
  return [`${count(incomplete.length, 'changed file was', 'changed files were')} not read: ${listed(incomplete.map((unread) => `\`${plainLine(unread.path)}\``))}.`];
}

function restReasons({ entries, waived, mishaps, incomplete }: ReasonParts): string[] {
  const blocking = entries.some((entry) => entry.level === 'block');
  const advice = entries.filter((entry) => entry.level !== 'block').length;
  const complete = mishaps.length + incomplete.length === 0;
  const rest = advice > 0 ? `${count(advice, 'finding', 'findings')} to look at` : null;
  const accepted = waived.length > 0 ? [`${count(waived.length, 'finding was', 'findings were')} accepted.`] : [];
  if (blocking) return [...(rest === null ? [] : [`${rest} besides.`]), ...accepted];
  if (!complete) return [rest === null ? 'Nothing was found in what was reviewed.' : `${rest} in what was reviewed.`, ...accepted];
  return [rest === null ? 'Nothing blocks this change; there are no open findings.' : `Nothing blocks this change; ${rest}.`, ...accepted];
}

function count(number: number, one: string, many: string): string {
  return `${String(number)} ${number === 1 ? one : many}`;
}

function listed(items: readonly string[]): string {
  return items.length <= 5 ? items.join(', ') : `${items.slice(0, 5).join(', ')} and ${String(items.length - 5)} more`;
}
