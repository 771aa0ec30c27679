import type { LineRange } from '../../core/change-set.js';
import type { Sighting } from '../../core/finding.js';
import type { RevertDifference } from '../../rollback/exact-revert.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/inexact-revert',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Revert that is not the plain inverse',
    why: 'A revert is waved through because everybody believes it only restores what ran before. One that changes something else as well, or leaves a part behind, puts a combination into production that never ran anywhere.',
    remedy: 'Let the revert be what `git revert <sha>` makes (`-m 1` for a merge commit), and put the rest into a pull request of its own. Where the original’s lines were changed again since, say in the description how the conflict was resolved.',
    limits:
      'Speaks of pull requests that say they are a revert as a whole (title, branch `revert-12-…`, or the first words of the description), name a commit or pull request of this repository that was merged, and can be compared. Each file is compared with what `git revert` would leave of it on today’s base, several named commits combined; a file without text is compared by its content’s name. An exact revert is passed at once, whatever the rules would say.',
    references: [{ title: 'git revert', url: 'https://git-scm.com/docs/git-revert' }],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      const { revert } = facts;
      if (revert === null || revert.exact !== false || !revert.claimed) return;
      const of = revert.of.map((sha) => sha.slice(0, 7)).join(', ');
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'inexact-revert',
        message: `This says that it reverts ${of}, and it is not the exact inverse: ${whatDiffers(revert.differences)}. It was reviewed like any other change.`,
        remedy: `Make the revert with \`git revert ${of.split(',')[0] ?? ''}\` alone, and put the rest into a pull request of its own.`,
        evidence: revert.differences.slice(0, 20).map((one) => ({ kind: 'fact', text: `${WORDS[one.what]} ${one.path}${linesOf(one.lines)}`, source: 'comparison with the plain inverse' })),
      };
    },
  },
});

const WORDS: Readonly<Record<RevertDifference['what'], string>> = { also: 'it also changes', left: 'it does not undo', otherwise: 'it undoes in another way' };
const SHOWN = 3;

function whatDiffers(differences: readonly RevertDifference[]): string {
  const clauses = (['also', 'otherwise', 'left'] as const).flatMap((what) => {
    const those = differences.filter((one) => one.what === what);
    if (those.length === 0) return [];
    const named = those.slice(0, SHOWN).map((one) => `\`${one.path}\`${linesOf(one.lines)}`).join(', ');
    return [`${WORDS[what]} ${named}${those.length > SHOWN ? ` and ${those.length - SHOWN} more` : ''}`];
  });
  return clauses.join('; ');
}

function linesOf(lines: readonly LineRange[]): string {
  if (lines.length === 0) return '';
  const ranges = lines.slice(0, 4).map(({ start, end }) => (start === end ? String(start) : `${start}–${end}`));
  return ` (line${lines.length === 1 && lines[0]?.start === lines[0]?.end ? '' : 's'} ${ranges.join(', ')}${lines.length > 4 ? ' …' : ''})`;
}
