import { locatedLines, placeOf, standsWithin, type LocatedText } from '../../../languages/located-text.js';
import type { LineIndex } from '../../../languages/line-index.js';
import { parseSql, type SqlStatement } from '../../../languages/sql.js';
import type { StepBody } from '../../step.js';
import { isServerRelation } from '../names.js';
import { openStatement, type Draft } from '../statement.js';
import type { Found } from './routine-text.js';
import type { Scope } from './scope.js';
import { partsAreIndifferent, readable, unknownParts, withoutIndifferent } from './stand-ins.js';
import type { Value } from './value.js';

/** Reads of the server's own catalogs and of nothing are guards, not steps. */
function matters(body: StepBody): boolean {
  if (body.kind !== 'select') return true;
  return body.query.reads.length > 0 || body.query.locks.length > 0 || body.functions.some((name) => !isServerRelation(name) && !SERVER_FUNCTIONS.test(name.name));
}

// Functions that guards and assignments call all the time.
const SERVER_FUNCTIONS = /^(?:pg_|to_|has_|current_|array_|string_|json|regexp_|quote_|txid_|date_|obj_description$|col_description$|set_config$)|^(?:format|concat|concat_ws|count|max|min|sum|avg|now|lower|upper|trim|btrim|ltrim|rtrim|replace|length|substr|substring|split_part|round|floor|ceil|ceiling|coalesce|greatest|least|unnest|cardinality|extract|age|random|md5|clock_timestamp|version|exists|bool_and|bool_or|generate_series|row_number|position|strpos|left|right|nextval|currval|lastval|gen_random_uuid|make_interval|timezone|chr|reverse|abs|mod)$/;

function draft(scope: Scope, body: StepBody, span: Draft['span'], statement: SqlStatement, inner: Draft | null): Draft {
  const own = inner?.statement ?? { text: statement.text, span: statement.span };
  const conditional = scope.conditions > 0 || scope.mayHaveEnded || inner?.conditional === true;
  const tests = [...scope.tests, ...(inner?.tests ?? [])];
  return { body: repeated(scope, body), ...(span === undefined ? {} : { span }), statement: own, ...(conditional ? { conditional } : {}), ...(tests.length === 0 ? {} : { tests }) };
}

/** A batch in a loop without a COMMIT is the whole table in one transaction. */
function repeated(scope: Scope, body: StepBody): StepBody {
  return scope.loops > 0 && (body.kind === 'update' || body.kind === 'delete') && body.boundedness === 'batch' ? { ...body, boundedness: 'some' } : body;
}

function readOne(scope: Scope, statement: SqlStatement, source: string, lines: LineIndex): void {
  if (statement.kind !== 'parsed') {
    const reason = statement.kind === 'opaque' ? statement.reason : `the SQL that is run here does not parse: ${statement.message}`;
    scope.drafts.push(draft(scope, { kind: 'opaque', reason }, statement.span, statement, null));
    return;
  }
  for (const each of scope.read(openStatement(statement, source, { variables: scope.fixed, depth: scope.depth + 1 }), lines)) {
    if (matters(each.body)) scope.drafts.push(draft(scope, each.body, each.span ?? statement.span, statement, each));
  }
}

function readAll(scope: Scope, located: LocatedText, lines: LineIndex): void {
  const file = parseSql(located.text, lines);
  for (const statement of file.statements) readOne(scope, statement, file.text, lines);
}

/** An expression of the routine, as SELECT: a step when it reads a table, else nothing. */
export function readOnly(scope: Scope, found: Found): void {
  const masked = scope.masks.some((each) => each.start < found.end && each.end > found.start);
  const file = masked ? null : parseSql(found.located.text, locatedLines(scope.lines, found.located));
  for (const statement of file?.statements ?? []) if (statement.kind === 'parsed') readOne(scope, statement, file?.text ?? '', file?.lines ?? scope.lines);
}

/** A statement that stands in the routine as it is. */
export function runFound(scope: Scope, found: Found): void {
  const mask = scope.masks.find((each) => each.start < found.end && each.end > found.start);
  if (mask === undefined) readAll(scope, found.located, locatedLines(scope.lines, found.located));
  else opaque(scope, found, mask.reason);
}

/** Something in the routine that cannot be told before it runs; said once for each place. */
export function opaque(scope: Scope, found: Found, reason: string): void {
  const { body } = scope.text;
  const from = placeOf(body, found.start);
  const span = scope.lines.span(from, Math.max(from + 1, placeOf(body, Math.max(found.start, found.end - 1)) + 1));
  const known = scope.drafts.some((each) => each.body.kind === 'opaque' && each.body.reason === reason && each.span?.startLine === span.startLine && each.span.startColumn === span.startColumn);
  if (known) return;
  const conditional = scope.conditions > 0 || scope.mayHaveEnded;
  scope.drafts.push({ body: { kind: 'opaque', reason }, span, statement: { text: body.text.slice(found.start, found.end), span }, ...(conditional ? { conditional } : {}), ...(scope.tests.length === 0 ? {} : { tests: scope.tests }) });
}

/** Whether the text does the same whatever its unknown parts are. */
function isIndifferent(scope: Scope, text: LocatedText): boolean {
  const file = parseSql(text.text);
  return file.statements.every((statement) => {
    if (statement.kind !== 'parsed') return false;
    const drafts = scope.read(openStatement(statement, file.text, { variables: scope.fixed, depth: scope.depth + 1 }), file.lines);
    return partsAreIndifferent(statement.node, drafts.map((each) => each.body));
  });
}

function causeOf(value: Value): string {
  if (value.kind === 'unknown') return value.because;
  return value.kind === 'text' ? (value.standsFor ?? 'a value') : 'a value that is NULL';
}

/** EXECUTE of a value: its statements, or an opaque step that names what is not known. */
export function runValue(scope: Scope, value: Value, found: Found): void {
  const text = value.kind === 'text' ? withoutIndifferent(value.text) : null;
  if (text === null || (unknownParts(text.text) > 0 && !isIndifferent(scope, text))) {
    opaque(scope, found, `the SQL it runs depends on ${causeOf(value)}`);
    return;
  }
  const start = placeOf(scope.text.body, found.start);
  const end = placeOf(scope.text.body, Math.max(found.start, found.end - 1)) + 1;
  const plain = readable(text);
  const exact = standsWithin(plain, start, end);
  const span = scope.lines.span(start, end);
  const whole: LineIndex = { lines: scope.lines.lines, position: () => ({ line: span.startLine, column: span.startColumn }), span: () => span };
  readAll(scope, plain, exact ? locatedLines(scope.lines, plain) : whole);
}
