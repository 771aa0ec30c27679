import type { Evidence, Sighting } from '../../core/finding.js';
import { DEPLOYMENT_GLOBS } from '../../rollback/deployment.js';
import { planToPaste } from '../../rollback/plan-to-paste.js';
import { defineRule, type Facts } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/plan-missing',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Hotfix without a rollback plan',
    why: 'A hotfix is merged in a hurry, with less review and less testing than anything else, into what runs in production. When it makes things worse, nobody has the time to find out how to undo it. The plan has to exist before the merge.',
    remedy:
      'Say in the description how this very change is undone: a command (`helm rollback api 41`, `git revert <sha>`), a flag and its value, or the version to deploy again; what sets it off; and who does it. If a plain revert is enough, say so and say that nothing else needs undoing (no migration, no data). An exact revert of an earlier commit needs no plan.',
    limits:
      'Speaks only of hotfixes (by branch, title, label or base branch) and production bases. A plan scores up to 100 points: mechanism 20, executable specific 20, data and schema 20, last known good version 10, trigger 10, verified 10, owner 5, time 5. Below 40 it blocks (`rollback.block-below`). Template text, HTML comments, quotes and unticked boxes are not statements.',
    references: [
      { title: 'Google SRE book, Emergency Response', url: 'https://sre.google/sre-book/emergency-response/' },
      { title: 'Google SRE book, Release Engineering', url: 'https://sre.google/sre-book/release-engineering/' },
    ],
  },
  needs: { globs: DEPLOYMENT_GLOBS },
  checks: {
    *pull({ changes, facts }): Iterable<Sighting> {
      if (!facts.hotfix.hotfix || !facts.described || facts.exactRevert !== null) return;
      const { plan, planBar } = facts;
      if (plan.status === 'present' && plan.score >= planBar.blockBelow) return;
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'rollback-plan',
        message: `This is a hotfix (${facts.hotfix.evidence.join('; ')}), and ${facts.blank ? NOTHING_AT_ALL : WHAT_IS_WRONG[plan.status](facts)}`,
        remedy: facts.blank ? `${REMEDY} Say too what is seen in production (a number, a log line, the incident), and how this reaches users: in which steps, or behind which switch.` : REMEDY,
        evidence: [hotfixEvidence(facts), planEvidence(facts), planToPaste(changes, facts)],
      };
    },
  },
});

const REMEDY =
  'Add a section `## Rollback plan` to the description: the command, flag or version that undoes this change, what sets it off, and who does it. If a plain revert is enough, write that, and that no migration or data needs undoing.';

const NOTHING_AT_ALL = 'its description says nothing: not how to undo it, nor what happens in production, nor how it reaches users.';

const WHAT_IS_WRONG: Readonly<Record<Facts['plan']['status'], (facts: Facts) => string>> = {
  missing: () => 'its description says nothing about how to undo it.',
  placeholder: () => 'the rollback section of its description is empty or still the template’s own text.',
  vague: ({ plan }) => `its description gives no way to undo it that somebody could carry out, only: "${firstLine(plan.quote)}".`,
  present: ({ plan, planBar }) => `its rollback plan scores ${plan.score} of 100, below the bar of ${planBar.blockBelow}.`,
};

function firstLine(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}

function hotfixEvidence(facts: Facts): Evidence {
  return { kind: 'fact', text: `Hotfix: ${facts.hotfix.evidence.join('; ')}`, source: 'pull request' };
}

function planEvidence({ plan }: Facts): Evidence {
  if (plan.elements.length === 0) return { kind: 'fact', text: `Rollback plan: ${plan.status}, 0 of 100 points`, source: 'pull request description' };
  const words = plan.elements.map((element) => `${element.name} ${element.points} ("${element.quote}")`).join(', ');
  return { kind: 'fact', text: `Rollback plan: ${plan.status}, ${plan.score} of 100 points: ${words}`, source: 'pull request description' };
}
