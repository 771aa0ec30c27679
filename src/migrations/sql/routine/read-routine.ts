import type { LineIndex } from '../../../languages/line-index.js';
import { literalText, textAt } from '../../../languages/located-text.js';
import type { Routine } from '../../../languages/plpgsql.js';
import { maskSql } from '../../../languages/sql-mask.js';
import { sqlTokens } from '../../../languages/sql-token.js';
import { parseOne, parseRoutine, parseSql } from '../../../languages/sql.js';
import { openStatement, type Draft, type StatementContext } from '../statement.js';
import { dollarQuoted } from './do-block.js';
import { openScope, type ReadStatement } from './scope.js';
import { unknown, type Value } from './value.js';
import { walkAll } from './walk.js';

/** A function or procedure as its CREATE statement declares it. */
export interface RoutineDefinition {
  readonly language: string;
  readonly body: string;
  readonly statement: string;
}

/** Longer bodies are not followed into. */
const MAXIMUM_BODY = 50_000;

/** Statements followed in one call. */
const CALL_BUDGET = 500;

// The same routine may be called many times; what the parser makes of it does not change.
const PARSED = new WeakMap<RoutineDefinition, Routine | null>();

/** The CREATE statement with its body as the parser can take it. */
function parseDefinition(definition: RoutineDefinition): Routine | null {
  const known = PARSED.get(definition);
  if (known !== undefined) return known;
  const { statement, body } = definition;
  const source = textAt(statement, 0);
  const token = [...sqlTokens(statement)].find((each) => each.kind === 'string' && literalText(source, each.start, each.end)?.text === body);
  const text = token === undefined ? statement : `${statement.slice(0, token.start)} ${dollarQuoted(maskSql(body).text)} ${statement.slice(token.end)}`;
  const routine = parseRoutine(text);
  const read = typeof routine === 'string' ? null : routine;
  PARSED.set(definition, read);
  return read;
}

function parameterNames(statement: string): string[] {
  const parsed = parseOne(statement);
  if (parsed === null || !('CreateFunctionStmt' in parsed.node)) return [];
  return (parsed.node.CreateFunctionStmt.parameters ?? []).flatMap((each) => ('FunctionParameter' in each ? [each.FunctionParameter.name ?? ''] : []));
}

function readSqlBody(definition: RoutineDefinition, lines: LineIndex, context: StatementContext, read: ReadStatement): Draft[] {
  const file = parseSql(definition.body, lines);
  const variables = new Set([...context.variables, ...parameterNames(definition.statement)]);
  return file.statements.flatMap((statement): Draft[] => {
    const own = { text: statement.text, span: statement.span };
    if (statement.kind !== 'parsed') return [{ body: { kind: 'opaque', reason: statement.kind === 'opaque' ? statement.reason : statement.message }, span: statement.span, statement: own }];
    return read(openStatement(statement, file.text, { variables, depth: context.depth + 1 }), lines).map((draft) => ({ ...draft, span: draft.span ?? statement.span, statement: draft.statement ?? own }));
  });
}

/**
 * What a call of a routine runs, its arguments as far as they are known; null when its body cannot be read. `lines` places all
 * of it, where the call stands.
 */
export function readRoutine(definition: RoutineDefinition, values: readonly Value[], lines: LineIndex, depth: number, read: ReadStatement): Draft[] | null {
  const language = definition.language.toLowerCase();
  if (definition.body === '' || definition.body.length > MAXIMUM_BODY) return null;
  if (language === 'sql') return readSqlBody(definition, lines, { variables: new Set(), depth }, read);
  const routine = language === 'plpgsql' ? parseDefinition(definition) : null;
  if (routine === null) return null;
  const scope = openScope(routine, textAt(definition.body, 0), lines, depth, read);
  scope.budget = CALL_BUDGET;
  const end = routine.variables.findIndex((variable) => variable.name === 'found');
  for (const [index, { name }] of routine.variables.slice(0, end === -1 ? undefined : end).entries()) {
    const value = values[index] ?? unknown(`the parameter \`${name}\``, scope.numeric.has(name));
    scope.values.set(name, value).set(`$${String(index + 1)}`, value);
    scope.fixed.add(name);
  }
  walkAll(scope, routine.body);
  return scope.drafts;
}
