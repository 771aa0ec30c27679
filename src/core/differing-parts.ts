/** So much of what both have in common is shown before the place where they part. */
const LEAD = 30;

/** Two texts from shortly before where they differ, so that what is cut at some length still shows how they do. */
export function differingParts(one: string, other: string): readonly [string, string] {
  const [first, second] = [plain(one), plain(other)];
  let same = 0;
  while (same < first.length && first[same] === second[same]) same += 1;
  if (same <= 80) return [first, second];
  const from = first.lastIndexOf(' ', same - LEAD) + 1;
  return [`… ${first.slice(from)}`, `… ${second.slice(from)}`];
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
