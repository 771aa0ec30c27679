import type { Span } from '../../core/change-set.js';

/** "a", "a and b", "a, b and c"; beyond `limit` the rest is counted: "a, b, c and 4 more". */
export function listInWords(words: readonly string[], limit = 6): string {
  const shown = words.length > limit ? [...words.slice(0, limit - 1), `${String(words.length - limit + 1)} more`] : [...words];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** "line 3", "lines 3 and 7", "lines 3, 5 and 7": each once, in order. */
export function linesInWords(lines: readonly number[]): string {
  const each = [...new Set(lines)].sort((one, other) => one - other);
  return `line${each.length === 1 ? '' : 's'} ${listInWords(each.map(String), 12)}`;
}

/** Something that is said once for several places of a file. */
export interface Place {
  /** As it appears in a sentence: "`users.email`". */
  readonly words: string;
  readonly span: Span;
}

/** "`a`", "`a` (line 3) and `b` (line 7)": lines are told where there is more than one. */
export function placesInWords(places: readonly Place[]): string {
  const lines = new Map<string, number[]>();
  for (const { words, span } of places) lines.set(words, [...(lines.get(words) ?? []), span.startLine]);
  if (new Set(places.map(({ span }) => span.startLine)).size <= 1) return listInWords([...lines.keys()], 12);
  return listInWords([...lines].map(([words, at]) => `${words} (${linesInWords(at)})`), 12);
}

/** Where a finding about several places stands: on the first, with the others belonging to its story. */
export function anchoredOn(places: readonly Place[]): { readonly span: Span | null; readonly related: readonly Span[] } {
  const [first, ...rest] = places.map((place) => place.span);
  return { span: first ?? null, related: rest };
}

/** A statement or expression on one line without its comments, cut at a word where it is long. */
export function excerpt(text: string, length = 60): string {
  const line = text.slice(0, 20 * length).replace(/(^|\s)--[^\n]*|\/\*[^]*?\*\//g, '$1').replace(/\s+/g, ' ').trim();
  if (line.length <= length) return line;
  const cut = line.slice(0, length);
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space < 10 ? length / 2 : space)} …`;
}
