import type { LineIndex } from '../../../languages/line-index.js';
import { literalText, textAt, type LocatedText } from '../../../languages/located-text.js';
import { parseRoutine } from '../../../languages/sql.js';
import { maskSql } from '../../../languages/sql-mask.js';
import type { Draft, Statement } from '../statement.js';
import { openScope, type ReadStatement } from './scope.js';
import { walkAll } from './walk.js';

/** DO inside EXECUTE inside DO, and so on, is followed so far. */
const MAXIMUM_DEPTH = 5;

/** The parser's time grows with the square of the declarations. */
const MAXIMUM_STATEMENTS = 5000;

/** The body as it stands among a statement's tokens. */
function bodyOf(statement: Statement, body: string): LocatedText {
  const source = textAt(statement.source, 0);
  for (const token of statement.tokens) {
    const read = token.kind === 'string' ? literalText(source, token.start, token.end) : null;
    if (read !== null && read.text === body) return read;
  }
  const [first] = statement.tokens;
  return { text: body, parts: [{ at: 0, from: first?.start ?? 0, exact: false }] };
}

/** A text in dollar quotes that it does not hold. */
export function dollarQuoted(text: string): string {
  let tag = '$belay$';
  for (let count = 1; text.includes(tag); count += 1) tag = `$belay${String(count)}$`;
  return `${tag}${text}${tag}`;
}

export function tooLong(body: string): boolean {
  return body.split(';').length > MAXIMUM_STATEMENTS;
}

function opaque(reason: string): Draft[] {
  return [{ body: { kind: 'opaque', reason } }];
}

/**
 * A DO block as the steps of the statements in it, in the order in which they would run; what is put together at run time is
 * resolved where its text says all, and an opaque step where it does not. A block with no such statement is one step of its own.
 */
export function readDo(statement: Statement, lines: LineIndex, language: string, body: string, read: ReadStatement): Draft[] {
  if (language.toLowerCase() !== 'plpgsql') return opaque(`a DO block in ${language}`);
  if (statement.context.depth > MAXIMUM_DEPTH) return opaque('DO blocks nested too deeply');
  if (tooLong(body)) return opaque(`a DO block with more than ${String(MAXIMUM_STATEMENTS)} statements`);
  const located = bodyOf(statement, body);
  const masked = maskSql(located.text);
  const routine = parseRoutine(`DO ${dollarQuoted(masked.text)}`);
  // What stands for a placeholder need not fit; that is not the author's mistake.
  if (typeof routine === 'string') return opaque(masked.masks[0]?.reason ?? `its PL/pgSQL does not parse: ${routine}`);
  const scope = openScope(routine, located, lines, statement.context.depth, read);
  walkAll(scope, routine.body);
  return scope.drafts.length === 0 ? [{ body: { kind: 'do-block', language, body } }] : scope.drafts;
}
