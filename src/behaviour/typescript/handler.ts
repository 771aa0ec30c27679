import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Handler } from '../event.js';
import { recognisedErrors, saysWhy, tellingComment } from '../handler-words.js';
import { exitOfAll } from './exits.js';
import { bare, isCallback, spanOf } from './walk.js';

const LOGGING = /^(console|(this\.)?[_#]?\w*log(ger|ging)?|winston|pino|debug|ctx\.log\w*|req\.log|request\.log|fastify\.log|app\.log\w*|server\.log|Logger|Log|context\.log\w*|\w+\.logger|\w+\.log)(\.|$)|^(log|logger|debug|warn|print|logError|consoleError)\w*$/;
const REPORTING = /captureException|captureMessage|reportError|recordException|trackError|Sentry|bugsnag|rollbar|newrelic|noticeError|capture|span\.|metrics?\.|increment|toast|setError|showError|notif/i;

/** What a `catch` block, or the function handed to `.catch`, does with the error. */
export function handlerOf(tree: ts.SourceFile, node: ts.CatchClause | ts.Expression): Handler {
  const span = spanOf(tree, node);
  if (syntax.isCatchClause(node)) {
    const name = node.variableDeclaration?.name;
    const handler = bodyHandler(tree, node.block, name !== undefined && syntax.isIdentifier(name) ? name.text : null, span);
    return handler.outcome !== 'rethrows' && returnsAsIfDone(tree, node) ? { ...handler, outcome: 'success' } : handler;
  }
  const inner = bare(node);
  if (!isCallback(inner)) {
    const logs = LOGGING.test(inner.getText(tree));
    const nothing = /^(noop|_\.noop|lodash\.noop|\(\)\s*=>\s*\{\})$/.test(inner.getText(tree));
    return { span, parameter: null, outcome: nothing ? 'empty' : logs ? 'log-only' : 'handles', exit: null, recognises: [], explained: false, comment: null };
  }
  const parameter = inner.parameters[0]?.name;
  const name = parameter !== undefined && syntax.isIdentifier(parameter) ? parameter.text : null;
  if (syntax.isBlock(inner.body)) return bodyHandler(tree, inner.body, name, span);
  const value = bare(inner.body);
  const outcome = isLogging(tree, value) ? 'log-only' : valueOutcome(tree, value, name);
  return { span, parameter: name, outcome, exit: null, recognises: [], explained: false, comment: null };
}

/** Whether the handler logs and returns just what the `try` returns when all went well. */
function returnsAsIfDone(tree: ts.SourceFile, node: ts.CatchClause): boolean {
  const last = node.block.statements.at(-1);
  if (last === undefined || !syntax.isReturnStatement(last) || last.expression === undefined || !syntax.isTryStatement(node.parent)) return false;
  const others = node.block.statements.slice(0, -1);
  if (!others.every((one) => syntax.isExpressionStatement(one) && isLogging(tree, bare(one.expression)))) return false;
  const parameter = node.variableDeclaration?.name.getText(tree);
  const shape = shapeOf(tree, last.expression);
  const telling = parameter !== undefined && new RegExp(`\\b${parameter.replace(/\$/g, '\\$')}\\b`).test(last.expression.getText(tree));
  return !telling && shape !== null && node.parent.tryBlock.statements.some((one) => syntax.isReturnStatement(one) && one.expression !== undefined && shapeOf(tree, one.expression) === shape);
}

/** What a value is made with: `new Job`, `createJob`. null for what says nothing. */
function shapeOf(tree: ts.SourceFile, value: ts.Expression): string | null {
  const inner = bare(value);
  const made = syntax.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  if (syntax.isNewExpression(made)) return `new ${made.expression.getText(tree)}`;
  return null;
}

function bodyHandler(tree: ts.SourceFile, block: ts.Block, parameter: string | null, span: Handler['span']): Handler {
  const comment = tellingComment(tree.text.slice(block.getStart(tree) + 1, block.getEnd() - 1));
  const exit = exitOfAll(block.statements);
  const outcome = outcomeOf(tree, block.statements, parameter);
  return { span, parameter, outcome, exit, recognises: recognisedErrors(block.getText(tree)), explained: comment !== null || saysWhy(block.getText(tree)), comment };
}

const STRONGER: readonly Handler['outcome'][] = ['empty', 'log-only', 'default', 'success', 'records', 'handles', 'rethrows'];

function outcomeOf(tree: ts.SourceFile, statements: readonly ts.Statement[], parameter: string | null): Handler['outcome'] {
  const outcomes = statements.map((statement) => statementOutcome(tree, statement, parameter));
  return outcomes.reduce<Handler['outcome']>((best, one) => (STRONGER.indexOf(one) > STRONGER.indexOf(best) ? one : best), 'empty');
}

function statementOutcome(tree: ts.SourceFile, statement: ts.Statement, parameter: string | null): Handler['outcome'] {
  if (syntax.isThrowStatement(statement)) return 'rethrows';
  if (syntax.isEmptyStatement(statement)) return 'empty';
  if (syntax.isReturnStatement(statement)) return statement.expression === undefined ? 'empty' : valueOutcome(tree, bare(statement.expression), parameter);
  if (syntax.isContinueStatement(statement) || syntax.isBreakStatement(statement)) return 'empty';
  if (syntax.isExpressionStatement(statement)) {
    const value = bare(statement.expression);
    return isLogging(tree, value) ? 'log-only' : 'handles';
  }
  if (syntax.isBlock(statement)) return outcomeOf(tree, statement.statements, parameter);
  if (syntax.isIfStatement(statement)) {
    const arms = [statement.thenStatement, ...(statement.elseStatement === undefined ? [] : [statement.elseStatement])];
    return outcomeOf(tree, arms, parameter);
  }
  if (syntax.isVariableStatement(statement)) return 'empty';
  return 'handles';
}

/** A value that is returned in place of an error. Whatever carries the error, or says failure, tells the caller. */
function valueOutcome(tree: ts.SourceFile, value: ts.Expression, parameter: string | null): Handler['outcome'] {
  const text = value.getText(tree);
  if (syntax.isAwaitExpression(value) || (parameter !== null && new RegExp(`\\b${parameter.replace(/\$/g, '\\$')}\\b`).test(text))) return 'records';
  if (/error|fail|invalid|denied|message|status|\b[45]\d\d\b|reject/i.test(text) && !/success:\s*true|ok:\s*true/.test(text)) return 'records';
  if (/^(true|'ok'|"ok"|'success'|"success")$/i.test(text) || /success:\s*true|ok:\s*true/.test(text)) return 'success';
  if (text === 'false' || /success:\s*false|ok:\s*false/.test(text)) return 'records';
  if (syntax.isCallExpression(value) || syntax.isNewExpression(value)) return /json\(|Response|send\(/.test(text) ? 'success' : 'handles';
  return /^(null|undefined|\[\]|\{\}|0|''|""|void 0)$/.test(text) ? 'default' : 'handles';
}

function isLogging(tree: ts.SourceFile, value: ts.Expression): boolean {
  const call = syntax.isAwaitExpression(value) ? bare(value.expression) : value;
  if (!syntax.isCallExpression(call)) return syntax.isVoidExpression(call);
  const callee = call.expression.getText(tree).replace(/\s+/g, '').replace(/\?\./g, '.');
  return LOGGING.test(callee) && !REPORTING.test(callee);
}
