import { joinTexts, placeOf, sliceText, textFor, type LocatedText } from '../../../languages/located-text.js';
import type { LoopSource, RoutineStatement } from '../../../languages/plpgsql.js';
import { sqlTokens } from '../../../languages/sql-token.js';
import type { CatalogTest } from '../../condition.js';
import { outcomesOf, type Outcomes } from './catalog-test.js';
import { asSelect, parseQuery, valueOf } from './expression.js';
import { asList } from './functions.js';
import { knownRows, MAXIMUM_ROWS } from './rows.js';
import { endOfStatement, find, wordBefore, type Found } from './routine-text.js';
import { opaque, readOnly, runFound, runValue } from './run-sql.js';
import { assignedIn, commitsIn, fileLine, leavesIn, lookup, meet, onOneWay, setUnknown, type Scope } from './scope.js';
import { NULL_VALUE, text, unknown, type Value } from './value.js';

/** Whether what follows can still be reached. */
type Outcome = 'goes-on' | 'left';

type Statement<Kind extends RoutineStatement['kind']> = Extract<RoutineStatement, { readonly kind: Kind }>;

/** An expression that only reads: a step when it reads a table. */
function readExpression(scope: Scope, expression: string, line: number): LocatedText {
  const found = find(scope.text, expression, line);
  readOnly(scope, { ...found, located: asSelect(found.located) });
  return found.located;
}

/** Declares what stands between the last statement and a block's BEGIN. Gives the values that the names had outside. */
function declare(scope: Scope, line: number): Map<string, Value | null> {
  const shadowed = new Map<string, Value | null>();
  const here = scope.waiting.filter((variable) => line === 0 || variable.line <= line);
  scope.waiting = scope.waiting.filter((variable) => !here.includes(variable));
  for (const variable of here) {
    if (!shadowed.has(variable.name)) shadowed.set(variable.name, lookup(scope, variable.name));
    const value = variable.default === null ? NULL_VALUE : valueOf(scope, readExpression(scope, variable.default, variable.line));
    scope.values.set(variable.name, variable.type.endsWith('[]') ? asList(value) : named(scope, variable.name, value));
    if (variable.query !== null) runFound(scope, find(scope.text, variable.query, variable.line));
  }
  return shadowed;
}

function walkBlock(scope: Scope, block: Statement<'block'>): Outcome {
  // The block around everything that the parser may add has no line of its own.
  const shadowed = block.line === 0 ? new Map<string, Value | null>() : declare(scope, block.line);
  const guarded = block.handlers.length > 0 ? 1 : 0;
  const assigned = guarded === 1 ? assignedIn(block.body) : new Set<string>();
  scope.conditions += guarded;
  scope.guarded += guarded;
  let outcome = walkAll(scope, block.body);
  const ways = [scope.values];
  for (const handler of block.handlers) {
    const way = onOneWay(scope, () => {
      for (const name of assigned) setUnknown(scope, name, 'which is set where an error may interrupt');
      if (walkAll(scope, handler) === 'goes-on') outcome = 'goes-on';
    });
    ways.push(way);
  }
  if (guarded === 1) meet(scope, ways);
  scope.conditions -= guarded;
  scope.guarded -= guarded;
  for (const [name, value] of shadowed) if (value !== null) scope.values.set(name, value);
  return outcome;
}

function walkBranch(scope: Scope, branch: Statement<'branch'>): Outcome {
  const [first, ...others] = branch.tests;
  const before = scope.tests;
  // Of CASE with an operand the tests are not the arms' own.
  const plain = branch.tests.length === branch.arms.length - (branch.complete ? 1 : 0);
  const outcomes = (test: LocatedText): Outcomes => (plain ? outcomesOf(scope, test) : NOTHING_KNOWN);
  let here = first === undefined ? NOTHING_KNOWN : outcomes(readExpression(scope, first, branch.line));
  let passed: readonly CatalogTest[] = [];
  const ways: Map<string, Value>[] = [];
  scope.conditions += 1;
  for (const [index, arm] of branch.arms.entries()) {
    const test = others[index - 1];
    if (index > 0) passed = [...passed, ...here.whenFalse];
    if (index > 0) here = NOTHING_KNOWN;
    if (test !== undefined && !test.startsWith('"__Case__Variable')) here = outcomes(readExpression(scope, test, branch.line));
    scope.tests = [...before, ...passed, ...here.whenTrue];
    const way = onOneWay(scope, () => {
      if (walkAll(scope, arm) === 'goes-on') ways.push(scope.values);
    });
    if (scope.budget <= 0) ways.push(way);
  }
  scope.conditions -= 1;
  scope.tests = endsRoutine(branch) ? [...before, ...here.whenFalse] : before;
  if (!branch.complete) ways.push(scope.values);
  meet(scope, ways);
  return ways.length === 0 ? 'left' : 'goes-on';
}

const NOTHING_KNOWN: Outcomes = { whenTrue: [], whenFalse: [] };

/** `IF … THEN RETURN; END IF`: what follows runs only where the condition does not hold. */
function endsRoutine({ arms, complete }: Statement<'branch'>): boolean {
  const last = arms[0]?.at(-1);
  return arms.length === 1 && !complete && last?.kind === 'leave' && last.what === 'return' && last.test === null;
}

/** The values that a loop's variables get, turn by turn; null when that is not known. */
function turns(scope: Scope, loop: Statement<'loop'>): ReadonlyMap<string, Value>[] | null {
  const { source } = loop;
  const [name = ''] = loop.variables;
  if (source.kind === 'integers') return integers(scope, source, loop.line, name);
  if (source.kind === 'array') {
    const value = asList(valueOf(scope, readExpression(scope, source.expression, loop.line)));
    return value.kind !== 'list' || source.slice || value.items.length > MAXIMUM_ROWS ? null : value.items.map((item) => new Map([[name, item]]));
  }
  if (source.kind !== 'query') return null;
  const found = find(scope.text, source.text, loop.line);
  runFound(scope, found);
  const query = parseQuery(scope, found.located);
  const rows = query === null ? null : knownRows(query.evaluation, query.select);
  return rows?.map((row) => bind(scope, loop, row.columns)) ?? null;
}

function bind(scope: Scope, loop: Statement<'loop'>, columns: readonly { readonly name: string; readonly value: Value }[]): Map<string, Value> {
  const because = rowWords(scope, loop);
  if (loop.record) return new Map([[loop.variables[0] ?? '', { kind: 'record', fields: new Map(columns.map((column) => [column.name, column.value])), because }]]);
  return new Map(loop.variables.map((name, index) => [name, columns[index]?.value ?? unknown(`\`${name}\`, ${because}`)]));
}

function rowWords(scope: Scope, loop: Statement<'loop'>): string {
  const from = { integers: 'the loop', array: 'the list', query: 'the query', execute: 'the query', cursor: 'the cursor', test: 'the loop' }[loop.source.kind];
  return loop.source.kind === 'integers' || loop.source.kind === 'test' ? `which changes in ${from} on line ${String(fileLine(scope, loop.line))}` : `from ${from} on line ${String(fileLine(scope, loop.line))}`;
}

function integers(scope: Scope, source: Extract<LoopSource, { kind: 'integers' }>, line: number, name: string): ReadonlyMap<string, Value>[] | null {
  const lower = valueOf(scope, readExpression(scope, source.lower, line));
  const upper = valueOf(scope, readExpression(scope, source.upper, line));
  const step = source.step === null ? 1 : Number(source.step);
  if (lower.kind !== 'text' || upper.kind !== 'text' || !(step > 0)) return null;
  const [from, to] = [Number(lower.text.text), Number(upper.text.text)];
  const count = Math.floor(((source.reverse ? from - to : to - from) + step) / step);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count) || count > MAXIMUM_ROWS) return null;
  const place = placeOf(lower.text, 0);
  return Array.from({ length: Math.max(0, count) }, (_, turn) => new Map([[name, text(textFor(String(source.reverse ? from - turn * step : from + turn * step), place))]]));
}

function walkLoop(scope: Scope, loop: Statement<'loop'>): Outcome {
  const known = turns(scope, loop);
  if (loop.source.kind === 'test' && loop.source.test !== null) readExpression(scope, loop.source.test, loop.line);
  if (loop.source.kind === 'execute') execute(scope, { query: loop.source.query, parameters: loop.source.parameters, line: loop.line });
  const begins = scope.text.cursor;
  const fixed = loop.variables.filter((name) => scope.fixed.delete(name));
  scope.conditions += 1;
  if (known === null) walkUnknownTurns(scope, loop);
  for (const turn of known ?? []) {
    scope.text.cursor = begins;
    for (const [name, value] of turn) scope.values.set(name, value);
    walkAll(scope, loop.body);
  }
  scope.conditions -= 1;
  // EXIT and CONTINUE may leave some of it out.
  if (known === null || leavesIn(loop.body)) for (const name of assignedIn(loop.body)) setUnknown(scope, name, `which changes in the loop on line ${String(fileLine(scope, loop.line))}`);
  for (const name of fixed) scope.fixed.add(name);
  return 'goes-on';
}

function walkUnknownTurns(scope: Scope, loop: Statement<'loop'>): void {
  for (const name of assignedIn(loop.body)) setUnknown(scope, name, `which changes in the loop on line ${String(fileLine(scope, loop.line))}`);
  for (const name of loop.variables) setUnknown(scope, name, rowWords(scope, loop));
  const alone = commitsIn(loop.body) ? 0 : 1;
  scope.loops += alone;
  walkAll(scope, loop.body);
  scope.loops -= alone;
}

/** PERFORM's text as the SELECT that it is. */
function performed(scope: Scope, statement: Statement<'sql'>): Found {
  const found = find(scope.text, statement.text.replace(/^SELECT\s*/, ''), statement.line);
  const start = wordBefore(scope.text, 'perform', statement.line, found.start);
  return { ...found, start, located: joinTexts([textFor('SELECT ', placeOf(scope.text.body, start)), found.located]) };
}

function walkSql(scope: Scope, statement: Statement<'sql'>): void {
  runFound(scope, statement.perform ? performed(scope, statement) : find(scope.text, statement.text, statement.line));
  for (const name of statement.into) setUnknown(scope, name, `read by the query on line ${String(fileLine(scope, statement.line))}`);
}

function execute(scope: Scope, statement: { readonly query: string; readonly parameters: readonly string[]; readonly line: number }): void {
  const found = find(scope.text, statement.query, statement.line);
  for (const parameter of statement.parameters) readExpression(scope, parameter, statement.line);
  const start = wordBefore(scope.text, 'execute', statement.line, found.start);
  const whole = { start, end: endOfStatement(scope.text, found.end), located: found.located };
  const mask = scope.masks.find((each) => each.start < found.end && each.end > found.start);
  if (mask === undefined) runValue(scope, valueOf(scope, found.located), whole);
  else opaque(scope, whole, mask.reason);
}

/** The value's name in a reason is the variable's, which is what a reader looks for. */
function named(scope: Scope, name: string, value: Value): Value {
  return value.kind === 'unknown' ? { ...value, because: value.because.startsWith('`') ? value.because : `\`${name}\`, ${value.because}`, numeric: value.numeric === true || scope.numeric.has(name) } : value;
}

function walkAssignment(scope: Scope, statement: Statement<'assign'>): void {
  const found = find(scope.text, statement.text, statement.line);
  const { located } = found;
  const operator = [...sqlTokens(located.text)].find((token) => token.kind === 'symbol' && /^:?=$/.test(located.text.slice(token.start, token.end)));
  if (operator === undefined) return;
  const target = located.text.slice(0, operator.start).trim();
  const expression = sliceText(located, operator.end, located.text.length);
  readOnly(scope, { ...found, located: asSelect(expression) });
  if (/[.[]/.test(target)) setUnknown(scope, statement.variable, `part of which is set on line ${String(fileLine(scope, statement.line))}`);
  else scope.values.set(statement.variable, named(scope, statement.variable, valueOf(scope, expression)));
}

function walkTransaction(scope: Scope, statement: Statement<'transaction'>): void {
  const found = find(scope.text, statement.action.toUpperCase(), statement.line);
  // The server refuses it where an exception could be caught.
  if (scope.guarded > 0) return;
  const from = placeOf(scope.text.body, found.start);
  const span = scope.lines.span(from, from + statement.action.length);
  const conditional = scope.conditions > 0 || scope.mayHaveEnded;
  scope.drafts.push({ body: { kind: 'transaction', action: statement.action }, span, statement: { text: statement.action.toUpperCase(), span }, ...(conditional ? { conditional } : {}) });
}

function walkLeave(scope: Scope, statement: Statement<'leave'>): Outcome {
  for (const expression of [statement.test, statement.value]) if (expression !== null) readExpression(scope, expression, statement.line);
  if (statement.what === 'return' && scope.conditions > 0) scope.mayHaveEnded = true;
  return statement.test === null ? 'left' : 'goes-on';
}

function walkOther(scope: Scope, statement: Statement<'other'>): void {
  for (const expression of statement.expressions) readExpression(scope, expression, statement.line);
  for (const query of statement.queries) runFound(scope, find(scope.text, query, statement.line));
  for (const name of statement.into) setUnknown(scope, name, `set on line ${String(fileLine(scope, statement.line))}`);
}

function walkOne(scope: Scope, statement: RoutineStatement): Outcome {
  switch (statement.kind) {
    case 'block':
      return walkBlock(scope, statement);
    case 'branch':
      return walkBranch(scope, statement);
    case 'loop':
      return walkLoop(scope, statement);
    case 'leave':
      return walkLeave(scope, statement);
    case 'raise':
      return 'left';
    case 'sql':
      walkSql(scope, statement);
      break;
    case 'execute':
      execute(scope, statement);
      for (const name of statement.into) setUnknown(scope, name, `read by the query on line ${String(fileLine(scope, statement.line))}`);
      break;
    case 'assign':
      walkAssignment(scope, statement);
      break;
    case 'transaction':
      walkTransaction(scope, statement);
      break;
    case 'other':
      walkOther(scope, statement);
  }
  return 'goes-on';
}

/** Deeper bodies are not followed. */
const MAXIMUM_NESTING = 200;

function giveUp(scope: Scope, reason: string): Outcome {
  opaque(scope, { start: scope.text.cursor, end: scope.text.cursor + 1, located: textFor('', 0) }, reason);
  return 'goes-on';
}

function walkEach(scope: Scope, statements: readonly RoutineStatement[]): Outcome {
  for (const statement of statements) {
    scope.budget -= 1;
    if (scope.budget === 0) return giveUp(scope, 'more statements than are followed');
    if (scope.budget < 0) return 'goes-on';
    if (walkOne(scope, statement) === 'left') return 'left';
  }
  return 'goes-on';
}

/** Statements one after the other, as far as they can be reached. */
export function walkAll(scope: Scope, statements: readonly RoutineStatement[]): Outcome {
  if (scope.nesting >= MAXIMUM_NESTING) return giveUp(scope, 'statements nested too deeply');
  scope.nesting += 1;
  const outcome = walkEach(scope, statements);
  scope.nesting -= 1;
  return outcome;
}
