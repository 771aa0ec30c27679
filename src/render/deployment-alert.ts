import type { FailedDeployment } from '../core/host.js';
import { codeSpan } from './escape-markdown.js';
import { undoProofMarkdown, type UndoProof } from './undo-proof.js';

/** What is said on a merged pull request when its commit failed to deploy. Markdown. */
export function alertMarkdown({ environment, lastGoodSha }: FailedDeployment, proof: UndoProof): string {
  const before = lastGoodSha === null ? '' : ` The last commit that is known to have succeeded there is ${codeSpan(lastGoodSha.slice(0, 7))}.`;
  return `The deployment of ${codeSpan(proof.sha.slice(0, 7))}, which merged this pull request, to ${codeSpan(environment)} failed.${before} In case it is to be undone:\n\n${undoProofMarkdown(proof, false)}`;
}
