import { childOf, type SyntaxNode } from '../../languages/tree-sitter.js';
import type { ErrorClass, Handler } from '../event.js';
import { recognisedErrors, saysWhy, tellingComment } from '../handler-words.js';
import { siteOf } from './call-site.js';
import { exitOfAll } from './exits.js';
import { variableName } from './file-facts.js';
import { bare, spanOf, written } from './walk.js';
import type { Walk } from './walk.js';

const LOGGING = /(^|\.)(Log|logger|\w*[lL]og(ger)?)(\.(channel|stack|withContext|getLogger|driver))*\.(debug|info|notice|warning|warn|error|critical|alert|emergency|log|write|addError|err|exception)$|^(error_log|logger|info|syslog|write_log|log_message|logError)$/;
const GENERAL = /^\\?(Exception|Throwable|Error|RuntimeException|QueryException|PDOException|DBALException|DriverException|[\w\\]*\\(QueryException|PDOException))$/;

/** What a `catch` clause does with the error. `clauses` is how many the `try` has. */
export function handlerOf(walk: Walk, node: SyntaxNode, body: SyntaxNode | undefined, clauses: number): Handler {
  const block = childOf(node, 'body');
  const statements = block?.children ?? [];
  const text = block === undefined ? '' : written(walk, block);
  const parameter = variableName(walk.file.tree, childOf(node, 'name')) || null;
  const comment = tellingComment(text.slice(1, -1));
  const outcome = outcomeOf(walk, statements, parameter);
  return {
    span: spanOf(walk, node),
    parameter,
    outcome: outcome !== 'rethrows' && returnsAsIfDone(walk, statements, body) ? 'success' : outcome,
    exit: exitOfAll(walk.file.tree, statements),
    recognises: [...recognisedErrors(text), ...toldApart(walk, node, clauses)],
    explained: comment !== null || saysWhy(text),
    comment,
  };
}

/** A clause for one kind of error, or beside others, tells kinds apart. */
function toldApart(walk: Walk, node: SyntaxNode, clauses: number): readonly ErrorClass[] {
  const types = written(walk, childOf(node, 'type') ?? node).split('|').map((one) => one.trim());
  return clauses > 1 || !types.some((one) => GENERAL.test(one)) ? ['other'] : [];
}

const STRONGER: readonly Handler['outcome'][] = ['empty', 'log-only', 'default', 'success', 'records', 'handles', 'rethrows'];

function outcomeOf(walk: Walk, statements: readonly SyntaxNode[], parameter: string | null): Handler['outcome'] {
  const outcomes = statements.map((statement) => statementOutcome(walk, statement, parameter));
  return outcomes.reduce<Handler['outcome']>((best, one) => (STRONGER.indexOf(one) > STRONGER.indexOf(best) ? one : best), 'empty');
}

function statementOutcome(walk: Walk, node: SyntaxNode, parameter: string | null): Handler['outcome'] {
  switch (node.kind) {
    case 'expression_statement': {
      const value = bare(node.children[0] ?? node);
      if (value.kind === 'throw_expression') return 'rethrows';
      return isLogging(walk, value) ? 'log-only' : 'handles';
    }
    case 'return_statement':
      return node.children[0] === undefined ? 'empty' : valueOutcome(walk, bare(node.children[0]), parameter);
    case 'compound_statement':
    case 'else_clause':
      return outcomeOf(walk, node.children, parameter);
    case 'if_statement':
      return outcomeOf(walk, node.children.filter((one) => one.field === 'body' || one.field === 'alternative'), parameter);
    case 'continue_statement':
    case 'break_statement':
    case 'empty_statement':
      return 'empty';
    default:
      return 'handles';
  }
}

/** A value that is returned in place of an error. Whatever carries the error, or says failure, tells the caller. */
function valueOutcome(walk: Walk, value: SyntaxNode, parameter: string | null): Handler['outcome'] {
  const text = written(walk, value);
  if (parameter !== null && new RegExp(`\\$${parameter}\\b`).test(text)) return 'records';
  const succeeds = /'(success|ok)'\s*=>\s*true/.test(text);
  if (!succeeds && /error|fail|invalid|denied|message|status|\b[45]\d\d\b|reject|danger|warning/i.test(text)) return 'records';
  if (succeeds || /^(true|'ok'|'success'|0|self::SUCCESS|static::SUCCESS|Command::SUCCESS)$/i.test(text)) return 'success';
  if (/^false$/i.test(text)) return 'records';
  return /^(null|\[\]|''|""|array\(\))$/i.test(text) ? 'default' : 'handles';
}

/** Whether the handler returns just what the `try` returns when all went well. */
function returnsAsIfDone(walk: Walk, statements: readonly SyntaxNode[], body: SyntaxNode | undefined): boolean {
  const last = statements.at(-1);
  if (last?.kind !== 'return_statement' || last.children[0] === undefined) return false;
  const text = written(walk, last.children[0]);
  return /^true$/i.test(text) && (body?.children ?? []).some((one) => one.kind === 'return_statement' && one.children[0] !== undefined && written(walk, one.children[0]) === text);
}

function isLogging(walk: Walk, value: SyntaxNode): boolean {
  if (!/call_expression$/.test(value.kind)) return false;
  return LOGGING.test(siteOf(walk, value).callee);
}
