import type { Sighting } from '../../core/finding.js';
import { unknownVersion } from '../../rollback/last-good-version.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/last-good-version-unknown',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The version to go back to was never released',
    why: 'Whoever rolls back types the version from the plan. Where no tag or release has that name, the command fails, and the search for the right one begins while production is down.',
    remedy: 'Name a tag or release that exists: `git tag --sort=-creatordate` lists them, the newest first.',
    limits:
      'Speaks of hotfixes and production bases only, and only where the repository’s tags and releases are known and are versions with three numbers. `v2.8.1`, `2.8.1`, `api-v2.8.1` and `2.8.1-build7` are the same version. Versions that the plan does not call the one to go back to, versions of charts and libraries, shas and numbers of revisions are not looked at.',
    references: [{ title: 'Google SRE book, Release Engineering', url: 'https://sre.google/sre-book/release-engineering/' }],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      if (!facts.hotfix.hotfix || !facts.described || facts.exactRevert !== null) return;
      const unknown = unknownVersion(facts.plan.lines, facts.release.versions);
      if (unknown === null) return;
      const nearest = unknown.nearest.map((name) => `\`${name}\``).join(' and ');
      yield {
        path: null,
        span: null,
        symbol: null,
        code: `last-good-version ${unknown.named}`,
        message: `The rollback plan goes back to \`${unknown.named}\`, and this repository has no tag or release of that version.`,
        remedy: `Name a version that was released${nearest === '' ? '' : `; the nearest ${unknown.nearest.length === 1 ? 'is' : 'are'} ${nearest}`}.`,
        evidence: [{ kind: 'fact', text: `${facts.release.versions?.length ?? 0} tags and releases are known, \`${unknown.named}\` is not among them`, source: 'the repository' }],
      };
    },
  },
});
