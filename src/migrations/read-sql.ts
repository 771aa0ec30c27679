import { lineIndex, type LineIndex } from '../languages/line-index.js';
import { parseSql, type SqlFile, type SqlStatement } from '../languages/sql.js';
import { remembered } from './remembered.js';
import { openStatement, type Draft } from './sql/statement.js';
import { readStatement } from './sql/steps.js';
import type { Step } from './step.js';

/** One direction of a migration, read from SQL. */
export interface SqlSteps {
  readonly steps: readonly Step[];
  readonly broken?: { readonly line: number; readonly message: string };
}

function drafts(statement: SqlStatement, file: SqlFile, lines: LineIndex): Draft[] {
  if (statement.kind === 'parsed') return readStatement(openStatement(statement, file.text), lines);
  const reason = statement.kind === 'opaque' ? statement.reason : `line ${String(statement.line)}: ${statement.message}`;
  return [{ body: { kind: 'opaque', reason } }];
}

/** Whether a statement's lines hold nothing else: white space before it, its semicolon and a comment behind it. */
function fillsLines(text: string, statement: SqlStatement): boolean {
  const lineStart = text.lastIndexOf('\n', statement.start - 1) + 1;
  const lineEnd = text.indexOf('\n', statement.end);
  const behind = text.slice(statement.end, lineEnd === -1 ? text.length : lineEnd);
  return text.slice(lineStart, statement.start).trim() === '' && /^\s*;?\s*$/.test(behind);
}

function readText(text: string, lines: LineIndex): SqlSteps {
  const file = parseSql(text, lines);
  const steps = file.statements.flatMap((statement, statementIndex) =>
    drafts(statement, file, file.lines).map(
      (draft): Step => ({
        ...draft.body,
        span: draft.span ?? statement.span,
        statement: draft.statement?.text ?? statement.text,
        statementSpan: draft.statement?.span ?? statement.span,
        wholeLines: draft.statement === undefined && fillsLines(text, statement),
        statementIndex,
        ...(draft.statement === undefined ? {} : { block: { statement: statement.text, span: statement.span } }),
        ...(draft.conditional === true || statement.conditional === true ? { conditional: true } : {}),
        ...(draft.tests === undefined ? {} : { tests: draft.tests }),
      }),
    ),
  );
  const broken = file.statements.find((statement) => statement.kind === 'broken');
  return { steps, ...(broken === undefined ? {} : { broken: { line: broken.line, message: broken.message } }) };
}

/** Texts of migrations that are remembered: ten of the longest histories known, some sixty megabytes of steps. In UTF-16 units. */
const REMEMBERED = 3_000_000;

const readWhole = remembered((text: string) => readText(text, lineIndex(text)), REMEMBERED);

/**
 * SQL text → steps. Spans are lines of the text as given: blank out what belongs to another direction rather than cutting it
 * off, or say with `lines` where it stands. Needs `loadSql()`. The same text gives the very same steps, so that a history
 * that is reviewed again is not parsed again.
 */
export function readSql(text: string, lines?: LineIndex): SqlSteps {
  return lines === undefined ? readWhole(text) : readText(text, lines);
}
