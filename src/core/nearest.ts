const MAX_LENGTH = 80;

/**
 * The known word that somebody most likely meant: few letters away, or the same word in part. null when none is near.
 * Upper case, hyphens and underscores do not count.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const given = normal(word);
  if (given === '') return null;
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = Math.min(distanceOf(given, normal(candidate)), distanceOf(given, normal(candidate.split('/').at(-1) ?? '')));
    if (best === null || distance < best.distance) best = { word: candidate, distance };
  }
  if (best !== null && best.distance <= Math.max(2, Math.floor(given.length / 3)) && best.distance < given.length) return best.word;
  return known.find((candidate) => given.length >= 4 && normal(candidate).includes(given)) ?? null;
}

function normal(word: string): string {
  return word.slice(0, MAX_LENGTH).toLowerCase().replace(/[-_\s]/g, '');
}

/** Edits from one word to the other; two swapped neighbours are one edit. */
function distanceOf(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
