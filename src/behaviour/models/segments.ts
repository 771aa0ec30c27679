/** A piece of a text that begins with a declaration and goes on to the next one. */
export interface Segment {
  /** The first group that matched. */
  readonly name: string;
  readonly start: number;
  readonly body: string;
}

/** Cuts a text where a pattern matches, so that what is looked for in one declaration is never looked for beyond it. */
export function segments(text: string, pattern: RegExp): readonly Segment[] {
  const places = [...text.matchAll(pattern)];
  return places.map((match, place) => ({ name: match.slice(1).find((group) => group !== undefined) ?? '', start: match.index, body: text.slice(match.index, places[place + 1]?.index ?? text.length) }));
}
