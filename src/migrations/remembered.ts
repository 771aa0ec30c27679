/** What one text may at most weigh in the memory: longer ones are worked out each time. In UTF-16 units. */
const LONGEST = 500_000;

/**
 * A function of a text that remembers what it said of the last texts, `limit` units of text in all. The function must be a
 * computation and nothing else, and its result never be changed: nobody can tell whether it was worked out or remembered.
 */
export function remembered<Result>(work: (text: string) => Result, limit: number): (text: string) => Result {
  const known = new Map<string, { readonly result: Result }>();
  let weight = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) {
      // The order of the map is that of the last use.
      known.delete(text);
      known.set(text, before);
      return before.result;
    }
    const result = work(text);
    if (text.length > LONGEST) return result;
    known.set(text, { result });
    weight += text.length;
    for (const oldest of known.keys()) {
      if (weight <= limit) break;
      known.delete(oldest);
      weight -= oldest.length;
    }
    return result;
  };
}
