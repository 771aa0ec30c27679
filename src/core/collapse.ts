import type { Finding } from './finding.js';
import { fingerprint } from './fingerprint.js';
import type { Entry } from './verdict.js';

/** Lines named in a sentence; what is beyond is counted. */
const NAMED = 12;

/**
 * Repeated advice of one kind in one file is one finding with all its lines: a migration that builds five indexes is told
 * once. Holds for rules about migrations, where a file is one decision; a function has its own finding each. Entries come
 * sorted and stay so. The finding that stands for the others keeps its place, and is recognised by rule and file alone, so
 * that it stays the same finding when one of its lines is corrected or another is added.
 */
export function collapseRepeats(entries: readonly Entry[]): Entry[] {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()].map(([first, ...rest]) => (first.finding.ruleId.startsWith('migrations/') && first.finding.path !== null ? together(first, rest) : first));
}

/** Entries with the same key are one: the same rule, file and level, and the same wait for a second person. */
function keyOf({ finding, level, unconfirmedWaiver }: Entry): string {
  const own = finding.ruleId.startsWith('migrations/') && finding.path !== null && unconfirmedWaiver === undefined ? '' : finding.fingerprint;
  return JSON.stringify([finding.ruleId, finding.path, level, own]);
}

function together(first: Entry, rest: readonly Entry[]): Entry {
  const { finding } = first;
  const named = first.unconfirmedWaiver === undefined ? { ...finding, fingerprint: fingerprint({ rule: finding.ruleId, path: finding.path, symbol: null, code: '', ordinal: 0 }) } : finding;
  if (rest.length === 0) return { ...first, finding: named };
  const others = rest.map((entry) => entry.finding);
  return { ...first, finding: { ...named, message: `${finding.message} ${alsoOn(others, finding.span?.startLine ?? null)}` }, others };
}

function alsoOn(others: readonly Finding[], own: number | null): string {
  const here = others.filter(({ span }) => (span?.startLine ?? null) === own).length;
  const lines = [...new Set(others.flatMap(({ span }) => span?.startLine ?? []))].filter((line) => line !== own);
  const same = here === 0 ? '' : `${String(here)} more on this line`;
  if (lines.length === 0) return `The same goes for ${same}.`;
  const beyond = lines.length - NAMED;
  const listed = lines.slice(0, NAMED).join(', ');
  const start = `The same goes for ${same === '' ? '' : `${same} and for `}`;
  if (lines.length === 1) return `${start}line ${listed}.`;
  return `${start}lines ${beyond > 0 ? `${listed} and ${String(beyond)} more` : listed.replace(/, (?=[^,]*$)/, ' and ')}.`;
}
