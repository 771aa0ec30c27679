import type { ReleasedVersion } from '../core/release-evidence.js';

/** A version that a plan goes back to, and the released ones that are nearest to it. */
export interface UnknownVersion {
  readonly named: string;
  readonly nearest: readonly string[];
}

/** Words after which a version is the one to go back to. Versions of other things (a library, a database) stand elsewhere. */
const TARGET =
  /\b(?:last[\s-](?:known[\s-])?good(?:[\s-](?:version|release|tag|build))?|known[\s-]good(?:[\s-](?:version|release|tag))?|(?:previous|prior|last|stable)\s+(?:version|release|tag|build)|rollback\s+(?:target|version)|(?:roll(?:ing|ed)?[\s-]?back|revert(?:ing|ed)?|go(?:ing)?\s+back|fall(?:ing)?\s+back|downgrad\w+)\s+to|re-?deploy(?:ing)?)\b[^\n.;,]{0,40}?[\s`'":(=@/](v?\d+\.\d+\.\d+(?:[-+.][\w.]+)?)/giu;
/** A word between the two that says whose version it is. */
const OF_OTHERS = /\b(?:chart|postgres\w*|mysql|redis|node|python|ruby|java|go|php|openssl|nginx|kernel|debian|ubuntu|alpine|library|dependency|package|gem|module|crate|sdk|client|driver)\b/i;

/** From this many on the list may have been cut: a version older than all of it may exist. */
const WHOLE = 100;

/**
 * A version that the plan calls the one to go back to and that the repository never released; null where every named one is
 * known, or where that cannot be said: no tags are known, they are no versions, or the list ends before.
 */
export function unknownVersion(lines: readonly string[], released: readonly ReleasedVersion[] | null): UnknownVersion | null {
  if (released === null) return null;
  const known = released.flatMap(({ name }) => bare(name) ?? []);
  if (known.length === 0) return null;
  for (const line of lines.slice(0, 400)) {
    for (const match of line.slice(0, 2000).matchAll(TARGET)) {
      const named = (match[1] ?? '').replace(/[.+-]+$/, '');
      if (OF_OTHERS.test(match[0]) || isKnown(named, known)) continue;
      if (released.length >= WHOLE && known.every((one) => compare(one, named) > 0)) continue;
      return { named, nearest: nearestTo(named, released) };
    }
  }
  return null;
}

/** `2.8.1` in `v2.8.1`, `api-v2.8.1`, `@shop/api@2.8.1`, `release/2.8.1`; null where there is none. */
function bare(name: string): string | null {
  return /(?:^|[^\d.])(\d+\.\d+\.\d+(?:[-+.][\w.]+)?)$/.exec(name)?.[1] ?? null;
}

function isKnown(named: string, known: readonly string[]): boolean {
  const wanted = named.replace(/^v/i, '');
  // An image is often the version with something of the build behind it.
  return known.some((one) => one === wanted || wanted.startsWith(`${one}-`) || wanted.startsWith(`${one}+`));
}

function numbers(version: string): readonly number[] {
  return version.replace(/^v/i, '').split(/[.+-]/).slice(0, 3).map(Number);
}

function compare(one: string, other: string): number {
  const [left, right] = [numbers(one), numbers(other)];
  for (let at = 0; at < 3; at += 1) if ((left[at] ?? 0) !== (right[at] ?? 0)) return (left[at] ?? 0) - (right[at] ?? 0);
  return 0;
}

function nearestTo(named: string, released: readonly ReleasedVersion[]): readonly string[] {
  const sorted = released.flatMap(({ name }) => (bare(name) === null ? [] : [name])).sort((one, other) => compare(bare(other) ?? '', bare(one) ?? ''));
  const below = sorted.findIndex((name) => compare(bare(name) ?? '', named) < 0);
  return below < 0 ? sorted.slice(-2) : sorted.slice(Math.max(0, below - 1), below + 1);
}
