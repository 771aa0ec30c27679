import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/no-gradual-release',
  since: '0.1.0',
  level: 'note',
  docs: {
    title: 'A hotfix that reaches everybody at once',
    why: 'A hotfix was tested less than anything else. Given to everybody in one step, its own mistake is everybody’s too; behind a switch or on one pod first it is a blip.',
    remedy: 'Name the steps (5 % for 15 minutes, 50 %, all), what is watched between them and when to stop; or the flag that turns the change off.',
    limits: 'Speaks of hotfixes and production bases only, as a note, and of descriptions with something in them (of an empty one `rollback/plan-missing` says all that it lacks). A flag or environment variable that is named, also as the way to undo the change, is enough.',
    references: [{ title: 'Google SRE workbook, Canarying Releases', url: 'https://sre.google/workbook/canarying-releases/' }],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      const { hotfix, claims, exactRevert, described, blank } = facts;
      if (!hotfix.hotfix || !described || blank || exactRevert !== null || claims.canary !== null || claims.flag !== null) return;
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'gradual-release',
        message: 'The description names neither steps nor a switch: merged and deployed, this hotfix reaches everybody at once.',
        remedy: 'Name the steps (one pod or 5 % first, what is watched, when to stop) or the flag that turns this off.',
        evidence: [{ kind: 'fact', text: `Hotfix: ${hotfix.evidence.join('; ')}`, source: 'pull request' }],
      };
    },
  },
});
