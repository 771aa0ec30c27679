import type { Evidence, Sighting } from '../../core/finding.js';
import { madeByAi } from '../../rollback/made-by-ai.js';
import { secondPerson, type SecondPerson } from '../../rollback/second-person.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/second-person-missing',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Hotfix that no second person approved',
    why: 'A hotfix skips most of what usually stands between a mistake and production, and whoever is in the middle of an incident sees what they expect to see. A second pair of eyes is the one check that costs minutes. An approval of an earlier commit, by somebody who pushed to the branch, or by a bot looks the same on the page and is none.',
    remedy:
      'Ask somebody with write access who wrote and pushed none of it to approve the newest commit, and merge without pushing again. Where a commit belongs to no account, link its address to one; where Belay did not see who pushed (a fork, an old push), push once more.',
    limits:
      'Speaks only of hotfixes, and only where the host shows reviews: not on the command line. An approval counts when it is that person’s newest decision, on the head commit, given after the last push, by a human (no App, no known assistant, no login such as `deploy-bot`) with write access who authored, committed, co-authored and pushed none of the commits. What is not known never counts in favour. Two accounts of one person cannot be told apart unless one of them wrote or pushed. Where one maintainer is alone, turn the rule off.',
    references: [
      { title: 'GitHub, require approval of the most recent reviewable push', url: 'https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches' },
      { title: 'SLSA, two-person review', url: 'https://slsa.dev/spec/v0.1/requirements#two-person-reviewed' },
    ],
  },
  checks: {
    *pull({ pull, facts }): Iterable<Sighting> {
      if (!facts.hotfix.hotfix || facts.exactRevert !== null) return;
      const outcome = secondPerson(facts.release, { author: pull.author, headSha: facts.headSha });
      if (outcome === null || outcome.shown) return;
      const assistant = madeByAi(pull);
      const head = facts.headSha.slice(0, 7);
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'second-person',
        message: `This is a hotfix (${facts.hotfix.evidence.join('; ')}), and ${whatIsMissing(outcome, head)}${assistant === null ? '.' : `; it was made with an AI (${assistant}), so a second human has to look at it.`}`,
        remedy: `Ask somebody with write access who wrote and pushed none of it to approve ${head}, and push nothing afterwards.`,
        evidence: [evidenceOf(outcome, head), ...(assistant === null ? [] : [{ kind: 'fact', text: `Made with an AI: ${assistant}`, source: 'pull request' } as const])],
      };
    },
  },
});

type Missing = Extract<SecondPerson, { shown: false }>;

function whatIsMissing({ reason, why }: Missing, head: string): string {
  if (reason === 'nobody') return `nobody has approved ${head}: one pair of eyes would be all that stands before production`;
  if (reason === 'unknown') return `it cannot be shown that whoever approved ${head} had no part in it: ${why.join('; ')}`;
  return `no approval of ${head} is a second person’s: ${listed(why)}`;
}

function listed(clauses: readonly string[]): string {
  return clauses.length <= 3 ? clauses.join('; ') : `${clauses.slice(0, 3).join('; ')}; and ${clauses.length - 3} more`;
}

function evidenceOf({ reason, why }: Missing, head: string): Evidence {
  const words = reason === 'nobody' ? 'no approval' : why.join('; ');
  return { kind: 'fact', text: `Approvals of ${head}: ${words}`, source: 'pull request reviews' };
}
