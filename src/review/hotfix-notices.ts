import { stagingProof } from '../rollback/staging-proof.js';
import type { Facts } from '../rules/define-rule.js';

/** What a reader of a hotfix should know and what is no finding: a claim that nothing here can prove or refute, or that is proved. */
export function hotfixNotices(facts: Facts): readonly string[] {
  if (!facts.hotfix.hotfix || facts.exactRevert !== null) return [];
  const proof = stagingProof(facts.claims.staging, facts.release, facts.headSha);
  if (proof?.kind === 'unverifiable') return [`The description says that this was tried on staging. That cannot be verified: ${proof.why}.`];
  if (proof?.kind === 'proved') return [`The description says that this was tried on staging: ${facts.headSha.slice(0, 7)} was deployed to ${proof.deployment.environment} on ${proof.deployment.at.slice(0, 10)}, and the deployment succeeded.`];
  return [];
}
