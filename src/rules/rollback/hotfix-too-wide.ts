import type { Sighting } from '../../core/finding.js';
import { areasOf, ownFiles } from '../../rollback/hotfix-scope.js';
import { defineRule } from '../define-rule.js';

/** A hotfix touches a place or two. From here on nobody reads it as one. */
const AREAS = 4;
const FILES = 12;

export const rule = defineRule({
  id: 'rollback/hotfix-too-wide',
  since: '0.1.0',
  level: 'note',
  docs: {
    title: 'A hotfix that touches many parts of the repository',
    why: 'A hotfix is read in a hurry. What does not belong to the fix is reviewed least of all, reaches production first, and has to be rolled back together with it.',
    remedy: 'Keep what stops the incident, and move the rest to a pull request of its own against the default branch.',
    limits: `Speaks of pull requests that call themselves a hotfix (by branch, title, label or cherry-pick), not of releases into a production base. It takes ${FILES} files in ${AREAS} parts of the repository; tests, documentation, lock files, translations and schema dumps do not count.`,
    references: [{ title: 'Google Engineering Practices, Small changes', url: 'https://google.github.io/eng-practices/review/developer/small-cls.html' }],
  },
  checks: {
    *pull({ changes, facts }): Iterable<Sighting> {
      const { hotfix, exactRevert } = facts;
      // A release into a production base is wide by its nature.
      if (!hotfix.hotfix || !facts.described || exactRevert !== null || hotfix.evidence.every((signal) => signal.startsWith('base branch'))) return;
      const files = ownFiles(changes);
      const areas = areasOf(files);
      if (files.length < FILES || areas.length < AREAS) return;
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'hotfix-too-wide',
        message: `This hotfix changes ${files.length} files in ${areas.length} parts of the repository (${areas.slice(0, 4).map(({ area, files: count }) => `\`${area}\` ${count}`).join(', ')}${areas.length > 4 ? ', …' : ''}): what does not stop the incident reaches production unread.`,
        remedy: 'Keep what the fix needs, and open a second pull request against the default branch for the rest.',
        evidence: [{ kind: 'fact', text: `Hotfix: ${hotfix.evidence.join('; ')}`, source: 'pull request' }],
      };
    },
  },
});
