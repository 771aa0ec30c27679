import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

/** Where the configuration lives. */
const CONFIGURATION = /^\.github\/belay\.ya?ml$/;

export const rule = defineRule({
  id: 'review/configuration-changed',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The rules of this review are changed here',
    why: 'Whoever edits `.github/belay.yml` changes what is checked from the merge on. A level that is lowered together with the code it would have blocked looks like any other line of a diff.',
    remedy: 'Have the change to the configuration read by somebody who owns it. It has no effect on this pull request: the configuration of the base branch counts.',
    references: [],
  },
  checks: {
    *pull({ changes }): Iterable<Sighting> {
      for (const change of changes) {
        if (!CONFIGURATION.test(change.path) && !CONFIGURATION.test(change.previousPath ?? '')) continue;
        const line = change.touched[0]?.start ?? 1;
        const removed = change.after === null || !CONFIGURATION.test(change.path);
        yield {
          path: removed ? null : change.path,
          span: removed ? null : { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
          symbol: change.path,
          code: change.path,
          message: removed
            ? `This pull request removes \`${change.previousPath ?? change.path}\`: from the merge on, every rule has its default level again.`
            : `This pull request ${change.before === null ? 'adds' : 'edits'} \`${change.path}\`, which decides what Belay checks and blocks. It takes effect with the merge, not on this pull request.`,
          remedy: 'Ask somebody who owns the review rules to look at this file in particular.',
          evidence: [{ kind: 'fact', text: `\`${change.path}\` is ${change.status} in this change`, source: 'diff' }],
        };
      }
    },
  },
});
