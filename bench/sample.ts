/** Findings drawn to be read, so that anybody draws the same ones: which they are depends on the seed and the finding alone. */
import { createHash } from 'node:crypto';

export interface Drawable {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
  readonly folder: string;
}

/** All findings of a rule that has ten or fewer, `size` of every other; one finding more or less elsewhere changes no other draw. */
export function draw(findings: readonly Drawable[], size: number, seed: string): readonly Drawable[] {
  return [...new Set(findings.map(({ rule }) => rule))].sort().flatMap((each) => {
    const own = findings.filter(({ rule }) => rule === each);
    const shuffled = [...own].sort((one, other) => (lot(one, seed) < lot(other, seed) ? -1 : 1));
    return shuffled.slice(0, own.length <= 10 ? own.length : size);
  });
}

function lot({ rule, folder, path, line }: Drawable, seed: string): string {
  return createHash('sha256').update([seed, rule, folder, path, String(line)].join('\n')).digest('hex');
}
