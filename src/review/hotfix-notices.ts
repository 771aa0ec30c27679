import { stagingProof } from '../rollback/staging-proof.js';
import { undoSentence } from '../rollback/undo-commands.js';
import type { Facts } from '../rules/define-rule.js';

/** What a reader of a hotfix should know and what is no finding: how it merges and is undone, and a claim that is proved or that nothing here can prove. */
export function hotfixNotices(facts: Facts): readonly string[] {
  if (!facts.hotfix.hotfix || facts.exactRevert !== null) return [];
  return [...outlookNotices(facts), ...stagingNotices(facts)];
}

/** Whether it merges, and how it is undone afterwards. */
function outlookNotices({ release: { outlook } }: Facts): readonly string[] {
  if (outlook === null) return [];
  return [...(outlook.clean === false ? ['It does not merge cleanly as it is: whoever resolves the conflict makes a commit that nobody has approved.'] : []), undoSentence(outlook)];
}

function stagingNotices(facts: Facts): readonly string[] {
  const proof = stagingProof(facts.claims.staging, facts.release, facts.headSha);
  if (proof?.kind === 'unverifiable') return [`The description says that this was tried on staging. That cannot be verified: ${proof.why}.`];
  if (proof?.kind === 'proved') return [`The description says that this was tried on staging: ${facts.headSha.slice(0, 7)} was deployed to ${proof.deployment.environment} on ${proof.deployment.at.slice(0, 10)}, and the deployment succeeded.`];
  return [];
}
