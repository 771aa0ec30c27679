import type { Suggestion } from '../../core/finding.js';
import type { Step } from '../step.js';

/** Whether a step is all that its statement does. */
export function isWholeStatement({ span, statementSpan }: Step): boolean {
  return span.startLine === statementSpan.startLine && span.startColumn === statementSpan.startColumn && span.endLine === statementSpan.endLine && span.endColumn === statementSpan.endColumn;
}

/**
 * Other statements in place of a step's own, at its indentation; null where its lines hold more than it, or a comment that
 * would be lost, and inside a DO block. `statements` have no semicolons.
 */
export function replaceStatement(step: Step, statements: readonly string[]): Suggestion | null {
  if (step.block !== undefined || !step.wholeLines || !isWholeStatement(step) || /--|\/\*/.test(step.statement)) return null;
  const indent = ' '.repeat(step.statementSpan.startColumn - 1);
  const text = statements.map((statement) => `${indent}${statement};`).join('\n');
  return { startLine: step.statementSpan.startLine, endLine: step.statementSpan.endLine, text };
}

/** The statement with a word put in behind what `head` matches, in the author's own case; null when that is not there. */
export function withWord(statement: string, head: RegExp, word: string): string | null {
  const match = head.exec(statement);
  if (match === null) return null;
  const [found] = match;
  const end = match.index + found.length;
  return `${statement.slice(0, end)} ${found === found.toLowerCase() ? word.toLowerCase() : word}${statement.slice(end)}`;
}
