import type { PlanElementName } from '../../rollback/plan-elements.js';
import { ELEMENTS } from '../../rollback/plan-elements.js';
import type { Sighting } from '../../core/finding.js';
import { DEPLOYMENT_GLOBS } from '../../rollback/deployment.js';
import { planToPaste } from '../../rollback/plan-to-paste.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/plan-weak',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The rollback plan leaves questions open',
    why: 'The plan could be carried out, but whoever is on call at three in the morning has to find out the rest alone: which version was good, what number means "roll back now", who decides, how long it takes.',
    remedy: 'Add what the finding lists. Each is a few words: the last good version, a trigger with a number and a duration, whether the way back was tried, who does it, how long it takes.',
    limits:
      'Speaks of hotfixes and production bases whose plan is present and scores at least `rollback.block-below` (40) and less than `rollback.warn-below` (70) of 100 points; below that [plan-missing](plan-missing.md) blocks. The points are listed there.',
    references: [{ title: 'Google SRE book, Release Engineering', url: 'https://sre.google/sre-book/release-engineering/' }],
  },
  needs: { globs: DEPLOYMENT_GLOBS },
  checks: {
    *pull({ changes, facts }): Iterable<Sighting> {
      const { hotfix, plan, planBar, exactRevert, described } = facts;
      if (!hotfix.hotfix || !described || exactRevert !== null || plan.status !== 'present') return;
      const unfilled = facts.openChoice;
      if (plan.score < planBar.blockBelow || (plan.score >= planBar.warnBelow && unfilled === null)) return;
      const has = new Set(plan.elements.map(({ name }) => name));
      const open = ELEMENTS.filter(({ name }) => !has.has(name));
      if (unfilled !== null) {
        yield {
          path: null,
          span: null,
          symbol: null,
          code: 'rollback-plan-weak',
          message: `The rollback plan still has \`[choose: …]\` where only its author can say what holds: "${unfilled.length > 120 ? `${unfilled.slice(0, 119)}…` : unfilled}".`,
          remedy: 'Put in what each `[choose: …]` asks for, or take the line out where it does not apply.',
          evidence: [{ kind: 'fact', text: `The plan scores ${plan.score} of 100`, source: 'pull request description' }],
        };
        return;
      }
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'rollback-plan-weak',
        message: `The rollback plan scores ${plan.score} of 100: it does not say ${list(open.map(({ name }) => MISSING[name]))}.`,
        remedy: `Add to the plan: ${open.map(({ name, points }) => `${EXAMPLE[name]} (${points} points)`).join('; ')}.`,
        evidence: [{ kind: 'fact', text: plan.elements.map(({ name, points, quote }) => `${name} ${points} ("${quote}")`).join(', '), source: 'pull request description' }, planToPaste(changes, facts)],
      };
    },
  },
});

const MISSING: Readonly<Record<PlanElementName, string>> = {
  mechanism: 'how it is undone',
  specific: 'with which command, flag or version',
  data: 'what becomes of the schema and the data',
  'last-good-version': 'which version was good last',
  trigger: 'at what number it is rolled back',
  verified: 'whether the way back was tried',
  owner: 'who does it',
  time: 'how long it takes',
};

const EXAMPLE: Readonly<Record<PlanElementName, string>> = {
  mechanism: 'the mechanism (revert, redeploy, flag off)',
  specific: 'the command or flag with its value',
  data: 'a sentence on schema and data ("no migration", or how they are brought back)',
  'last-good-version': 'the last good version or image',
  trigger: 'a trigger with a number and a duration ("5xx above 1 % for 5 minutes")',
  verified: 'whether it was tried, and where',
  owner: 'who rolls back',
  time: 'how long it takes',
};

function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`;
}
