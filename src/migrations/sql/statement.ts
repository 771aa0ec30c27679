import type { Span } from '../../core/change-set.js';
import type { LineIndex } from '../../languages/line-index.js';
import type { Node, ParsedStatement } from '../../languages/sql.js';
import { sqlTokens, type SqlToken } from '../../languages/sql-token.js';
import type { CatalogTest } from '../condition.js';
import type { StepBody } from '../step.js';

/** One parsed statement on its way to steps, with its text and tokens. */
export interface Statement {
  readonly parsed: ParsedStatement;
  /** The file's text with placeholders masked. */
  readonly source: string;
  readonly tokens: readonly SqlToken[];
  /** The token's text, lower-cased. */
  word(token: SqlToken): string;
  readonly context: StatementContext;
}

/** What surrounds a statement that stands in a routine. */
export interface StatementContext {
  /** The routine's variables that are the same for every row: comparing a column with one is comparing it with a constant. */
  readonly variables: ReadonlySet<string>;
  /** How many routines it stands in. */
  readonly depth: number;
}

const ALONE: StatementContext = { variables: new Set(), depth: 0 };

/** What a statement's reader gives: a step, and its own span where it is only part of the statement. */
export interface Draft {
  readonly body: StepBody;
  readonly span?: Span;
  readonly conditional?: boolean;
  readonly tests?: readonly CatalogTest[];
  /** The statement it comes from where that stands inside another one (a DO block). */
  readonly statement?: { readonly text: string; readonly span: Span };
}

export function openStatement(parsed: ParsedStatement, source: string, context: StatementContext = ALONE): Statement {
  return { parsed, source, context, tokens: [...sqlTokens(source, parsed.start, parsed.end)], word: (token) => source.slice(token.start, token.end).toLowerCase() };
}

/**
 * The comma-separated parts of an ALTER behind the relation's name (which starts at `relationAt`), one per subcommand: spans
 * from the first to the last token of each. The grammar has no other comma outside parentheses there.
 */
export function subcommandSpans(statement: Statement, lines: LineIndex, relationAt: number): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let first: SqlToken | null = null;
  let last: SqlToken | null = null;
  const close = (): void => {
    if (first !== null && last !== null) spans.push(lines.span(first.start, last.end));
    first = null;
  };
  for (const token of statement.tokens.slice(behindName(statement, relationAt))) {
    const word = token.kind === 'symbol' ? statement.word(token) : '';
    if (word === '(' || word === '[') depth += 1;
    else if (word === ')' || word === ']') depth -= 1;
    if (word === ',' && depth === 0) {
      close();
      continue;
    }
    first ??= token;
    last = token;
  }
  close();
  return spans;
}

/** The index of the first token behind a dotted name (and the `*` that may follow it). */
function behindName(statement: Statement, offset: number): number {
  let at = tokenAt(statement, offset) + 1;
  const symbol = (): string => {
    const token = statement.tokens[at];
    return token?.kind === 'symbol' ? statement.word(token) : '';
  };
  while (symbol() === '.') at += 2;
  return symbol() === '*' ? at + 1 : at;
}

/** The index of the first token that starts at or after a file offset. */
export function tokenAt(statement: Statement, offset: number): number {
  let low = 0;
  let high = statement.tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statement.tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the parenthesis that closes the one at a token; the last token's where none does. */
export function closing(statement: Statement, opened: number): number {
  let depth = 0;
  for (let at = Math.max(0, opened); at < statement.tokens.length; at += 1) {
    const token = statement.tokens[at];
    const symbol = token?.kind === 'symbol' ? statement.word(token) : '';
    if (symbol === '(') depth += 1;
    else if (symbol === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return statement.tokens.length - 1;
}

/** The same statement for another node of it. */
export function withNode(statement: Statement, node: Node): Statement {
  return { ...statement, parsed: { ...statement.parsed, node, tag: Object.keys(node)[0] ?? '' } };
}

/** The text between two token indices, `to` exclusive. */
export function textBetween(statement: Statement, from: number, to: number): string {
  const first = statement.tokens[from];
  const last = statement.tokens[to - 1];
  return first === undefined || last === undefined || last.end <= first.start ? '' : statement.source.slice(first.start, last.end);
}
