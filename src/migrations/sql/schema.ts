import type { CreateExtensionStmt, CreateSchemaStmt, Node, RangeVar } from '../../languages/sql.js';
import type { SqlToken } from '../../languages/sql-token.js';
import type { StepBody } from '../step.js';
import { roleText } from './alter-table.js';
import { definitions, optionName } from './options.js';
import { withNode, type Statement } from './statement.js';

export function readExtension(node: CreateExtensionStmt): StepBody {
  const version = optionName(node.options, 'new_version');
  return {
    kind: 'create-extension',
    extension: node.extname ?? '',
    schema: optionName(node.options, 'schema'),
    ...(node.if_not_exists === true ? { ifNotExists: true } : {}),
    ...(version === null ? {} : { version }),
    ...(definitions(node.options).some((each) => each.defname === 'cascade') ? { cascade: true } : {}),
  };
}

export function readSchema(node: CreateSchemaStmt): StepBody {
  const owner = roleText(node.authrole);
  // Without a name of its own it is called like its owner, whom the session may know alone.
  return { kind: 'create-schema', schema: node.schemaname ?? node.authrole?.rolename ?? '', ifNotExists: node.if_not_exists ?? false, ...(owner === '' ? {} : { owner }) };
}

function within(schema: string, relation: RangeVar | undefined): RangeVar {
  return relation?.schemaname === undefined ? { ...relation, schemaname: schema } : relation;
}

function placed(schema: string, node: Node): Node {
  if ('CreateStmt' in node) return { CreateStmt: { ...node.CreateStmt, relation: within(schema, node.CreateStmt.relation) } };
  if ('ViewStmt' in node) return { ViewStmt: { ...node.ViewStmt, view: within(schema, node.ViewStmt.view) } };
  if ('IndexStmt' in node) return { IndexStmt: { ...node.IndexStmt, relation: within(schema, node.IndexStmt.relation) } };
  if ('CreateSeqStmt' in node) return { CreateSeqStmt: { ...node.CreateSeqStmt, sequence: within(schema, node.CreateSeqStmt.sequence) } };
  return 'CreateTrigStmt' in node ? { CreateTrigStmt: { ...node.CreateTrigStmt, relation: within(schema, node.CreateTrigStmt.relation) } } : node;
}

// The order in which the server makes them, whatever the order they are written in.
const ORDER = ['CreateSeqStmt', 'CreateStmt', 'ViewStmt', 'IndexStmt', 'CreateTrigStmt', 'GrantStmt'];

/** Each element's tokens: from one CREATE or GRANT to the next. */
function pieces(statement: Statement): readonly SqlToken[][] {
  const found: SqlToken[][] = [];
  let depth = 0;
  for (const token of statement.tokens) {
    const word = token.kind === 'symbol' || token.kind === 'word' ? statement.word(token) : '';
    if (word === '(') depth += 1;
    else if (word === ')') depth -= 1;
    if (depth === 0 && (word === 'create' || word === 'grant')) found.push([]);
    found.at(-1)?.push(token);
  }
  // The first is CREATE SCHEMA itself.
  return found.slice(1);
}

/** What CREATE SCHEMA makes beside the schema, each element in it where it says no other, as statements of their own. */
export function schemaElements(statement: Statement, node: CreateSchemaStmt): Statement[] {
  const schema = node.schemaname ?? node.authrole?.rolename ?? '';
  const tokens = pieces(statement);
  const elements = (node.schemaElts ?? []).map((each, index) => ({ node: placed(schema, each), tokens: tokens[index] ?? [] }));
  return ORDER.flatMap((tag) => elements.filter((each) => tag in each.node)).map((each) => ({ ...withNode(statement, each.node), tokens: each.tokens }));
}
