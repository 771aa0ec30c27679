import type { Sighting } from '../../core/finding.js';
import { stagingProof } from '../../rollback/staging-proof.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'rollback/staging-claim-unproved',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'Tested on staging, says the description; the deployments say otherwise',
    why: '“Tested on staging” is usually true of some commit. The one that goes to production is often a later one, with the last fix on top that nobody has run anywhere. Where the repository records its deployments, they show which commit staging really had.',
    remedy: 'Deploy the head commit to staging, wait until its deployment has succeeded, and try the change there. Or say in the description what was really tested, and on which commit.',
    limits:
      'Speaks only of hotfixes whose description claims it, and only where deployments to such an environment (staging, stage, preprod, UAT, QA, acceptance, integration, by name) are recorded at GitHub and are not older than 90 days. A repository that never recorded one is told that the claim cannot be verified, which is no finding. A deployment of another commit with the very same tree counts.',
    references: [{ title: 'GitHub REST API, deployments', url: 'https://docs.github.com/en/rest/deployments/deployments' }],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      if (!facts.hotfix.hotfix || facts.exactRevert !== null) return;
      const claim = facts.claims.staging;
      const proof = stagingProof(claim, facts.release, facts.headSha);
      if (claim === null || proof?.kind !== 'contradicted') return;
      yield {
        path: null,
        span: null,
        symbol: null,
        code: 'staging-claim',
        message: `The description says "${short(claim)}", but ${proof.why}; what goes to production has not been tried there.`,
        remedy: `Deploy ${facts.headSha.slice(0, 7)} to ${proof.known[0]?.environment ?? 'staging'} and try it there, or say in the description which commit was tested.`,
        evidence: [
          { kind: 'quote', text: short(claim), path: null, line: null },
          ...proof.known.slice(0, 3).map((one) => ({ kind: 'fact', text: `${one.environment}: ${one.sha.slice(0, 7)}, ${one.state}, ${one.at}`, source: 'deployments' }) as const),
        ],
      };
    },
  },
});

function short(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? '';
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}
