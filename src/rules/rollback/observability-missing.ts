import type { Sighting } from '../../core/finding.js';
import { ANY_SYMPTOM, symptomIn } from '../../rollback/symptom.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/observability-missing',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A hotfix that shows nothing of the incident',
    why: 'Without a number, a trace or the incident itself nobody can tell whether the fix is for the right cause, and after the deploy nobody can tell whether it worked or has to be rolled back.',
    remedy: 'Put what made you write the fix into the description: the number before (error rate, p95, count), a log line or stack frame, the dashboard or metric by name, or the link to the incident.',
    limits: 'Speaks of hotfixes and production bases only, and of descriptions with something in them: of an empty one `rollback/plan-missing` says all that it lacks. Numbers of test runs, thresholds in a trigger and template text are not evidence of the incident. A link to the incident is enough.',
    references: [{ title: 'Google SRE book, Effective Troubleshooting', url: 'https://sre.google/sre-book/effective-troubleshooting/' }],
  },
  checks: {
    *pull({ pull, facts }): Iterable<Sighting> {
      const { hotfix, claims, exactRevert, described, blank } = facts;
      if (!hotfix.hotfix || !described || blank || exactRevert !== null || claims.observability !== null || claims.incident !== null) return;
      const symptom = symptomIn(pull.title, withoutPlan(pull.body, facts.plan.lines));
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'observability',
        message:
          symptom === null
            ? 'The description of this hotfix shows nothing of what happens in production: no number, no log line, no named metric, no incident.'
            : `The description speaks of "${symptom.word}" and shows nothing of it: no number, no log line, no named metric, no incident. After the deploy nobody can tell whether it helped.`,
        remedy: `Add ${symptom?.ask ?? ANY_SYMPTOM}, or link the incident.`,
        evidence: [{ kind: 'fact', text: `Hotfix: ${hotfix.evidence.join('; ')}`, source: 'pull request' }],
      };
    },
  },
});

/** A plan's trigger names errors that are feared, not seen. */
function withoutPlan(body: string, lines: readonly string[]): string {
  return body.split('\n').filter((line) => !lines.some((own) => line.includes(own))).join('\n');
}
