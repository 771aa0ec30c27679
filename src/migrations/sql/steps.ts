import type { CommentStmt, CreateFunctionStmt, CreatePublicationStmt, CreateSeqStmt, CreateTrigStmt, GrantStmt, IndexStmt, Node, ReindexStmt, RuleStmt, ViewStmt, AlterPublicationStmt } from '../../languages/sql.js';
import type { LineIndex } from '../../languages/line-index.js';
import type { QualifiedName, TypeName } from '../definition.js';
import type { StepBody } from '../step.js';
import { readAlterTable, relationKind } from './alter-table.js';
import { readColumn, readIndexElement } from './constraint.js';
import { readCreateForeignTable, readCreateTable, readCreateTableAs } from './create-table.js';
import { readCopy, readData } from './data.js';
import { queryDetails } from './query-shape.js';
import { readExpression, readQuery, relationsIn } from './expression.js';
import { dottedName, functionName, objectName, relationName, strings, typeName } from './names.js';
import { optionName, parameterText, sequenceOptionText, storageText, withOptions } from './options.js';
import { readOther } from './other.js';
import { queryBehindAs } from './query-text.js';
import { readDo } from './routine/do-block.js';
import { readAlterDomain, readAlterEnum, readCreateDomain, readDrop, readRename, readSetSchema } from './objects.js';
import { readExtension, readSchema, schemaElements } from './schema.js';
import { hasOption, lockMode, readSet, readTransaction, readVacuum } from './session.js';
import { withNode, type Draft, type Statement } from './statement.js';

function relations(nodes: readonly Node[] | undefined): QualifiedName[] {
  return (nodes ?? []).flatMap((node) => ('RangeVar' in node ? [relationName(node.RangeVar)] : []));
}

function readIndex(statement: Statement, node: IndexStmt): StepBody {
  return {
    kind: 'create-index',
    index: node.idxname ?? null,
    table: relationName(node.relation),
    method: node.accessMethod ?? 'btree',
    elements: (node.indexParams ?? []).flatMap((each) => readIndexElement(statement, each)),
    include: (node.indexIncludingParams ?? []).flatMap((each) => readIndexElement(statement, each).flatMap((element) => element.column ?? [])),
    unique: node.unique ?? false,
    nullsNotDistinct: node.nulls_not_distinct ?? false,
    concurrently: node.concurrent ?? false,
    ifNotExists: node.if_not_exists ?? false,
    only: node.relation?.inh !== true,
    predicate: node.whereClause === undefined ? null : readExpression(statement, node.whereClause, 'where'),
    ...withOptions(storageText({ method: undefined, parameters: node.options, tablespace: node.tableSpace })),
  };
}

function readView(statement: Statement, node: ViewStmt): StepBody {
  return {
    kind: 'create-view',
    view: relationName(node.view),
    replace: node.replace ?? false,
    temporary: node.view?.relpersistence === 't',
    columns: strings(node.aliases),
    query: { ...readQuery(statement, node.query), ...queryDetails(node.query), text: queryBehindAs(statement) },
    ...(isRecursive(statement) ? { recursive: true } : {}),
    ...withOptions(parameterText(node.options)),
    ...(CHECK_OPTIONS[node.withCheckOption ?? ''] ?? {}),
  };
}

const CHECK_OPTIONS: Readonly<Record<string, { readonly checkOption: 'local' | 'cascaded' }>> = { LOCAL_CHECK_OPTION: { checkOption: 'local' }, CASCADED_CHECK_OPTION: { checkOption: 'cascaded' } };

/** CREATE RECURSIVE VIEW: the parser shows what it stands for. */
function isRecursive(statement: Statement): boolean {
  const words = statement.tokens.slice(0, 5).map((token) => statement.word(token));
  const at = words.indexOf('recursive');
  return at > 0 && words[at + 1] === 'view';
}

function readReindex(node: ReindexStmt): StepBody {
  const scopes = { REINDEX_OBJECT_INDEX: 'index', REINDEX_OBJECT_TABLE: 'table', REINDEX_OBJECT_SCHEMA: 'schema', REINDEX_OBJECT_SYSTEM: 'system', REINDEX_OBJECT_DATABASE: 'database' } as const;
  const name = node.relation === undefined ? (node.name === undefined ? null : { schema: null, name: node.name }) : relationName(node.relation);
  return { kind: 'reindex', scope: scopes[node.kind ?? 'REINDEX_OBJECT_TABLE'], name, concurrently: hasOption(node.params, 'concurrently'), ...tablespaceOf(node.params) };
}

function tablespaceOf(params: readonly Node[] | undefined): { readonly tablespace?: string } {
  const tablespace = optionName(params, 'tablespace');
  return tablespace === null ? {} : { tablespace };
}

// Bits of the server's trigger events.
const EVENTS = [
  [1 << 2, 'insert'],
  [1 << 3, 'delete'],
  [1 << 4, 'update'],
  [1 << 5, 'truncate'],
] as const;

// The server's bit for BEFORE.
const BEFORE = 1 << 1;

function readTrigger(node: CreateTrigStmt): StepBody {
  const bits = node.events ?? 0;
  return {
    kind: 'create-trigger',
    trigger: node.trigname ?? '',
    table: relationName(node.relation),
    function: functionName(node.funcname),
    replace: node.replace ?? false,
    events: EVENTS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name),
    constraint: node.isconstraint ?? false,
    eachRow: node.row ?? false,
    before: ((node.timing ?? 0) & BEFORE) !== 0,
    ...(node.constrrel === undefined ? {} : { from: relationName(node.constrrel) }),
  };
}

/** What the actions of a rule write to and read. */
function ruleRelations(node: RuleStmt): { readonly writes: readonly QualifiedName[]; readonly reads: readonly QualifiedName[] } {
  const writes = (node.actions ?? []).flatMap((action) => {
    const written = 'InsertStmt' in action ? action.InsertStmt : 'UpdateStmt' in action ? action.UpdateStmt : 'DeleteStmt' in action ? action.DeleteStmt : undefined;
    return written === undefined ? [] : [relationName(written.relation)];
  });
  return { writes, reads: relationsIn(node.actions).filter((name) => !['old', 'new'].includes(name.name)) };
}

function optionText(nodes: readonly Node[] | undefined, name: string): string {
  for (const node of nodes ?? []) {
    if (!('DefElem' in node) || node.DefElem.defname !== name || node.DefElem.arg === undefined) continue;
    const { arg } = node.DefElem;
    return 'String' in arg ? (arg.String.sval ?? '') : 'List' in arg ? strings(arg.List.items).join('\n') : '';
  }
  return '';
}

/** Types of the arguments that count for a function's identity. */
function inputTypes(parameters: readonly Node[] | undefined): TypeName[] {
  const outputs = new Set(['FUNC_PARAM_OUT', 'FUNC_PARAM_TABLE']);
  return (parameters ?? []).flatMap((each) => ('FunctionParameter' in each && !outputs.has(each.FunctionParameter.mode ?? '') ? [typeName(each.FunctionParameter.argType)] : []));
}

function readFunction(node: CreateFunctionStmt): StepBody {
  const volatility = optionText(node.options, 'volatility');
  return {
    kind: 'create-function',
    function: functionName(node.funcname),
    language: optionText(node.options, 'language') || 'sql',
    volatility: volatility === 'stable' || volatility === 'immutable' ? volatility : 'volatile',
    body: optionText(node.options, 'as'),
    replace: node.replace ?? false,
    procedure: node.is_procedure ?? false,
    arguments: inputTypes(node.parameters),
  };
}

function ownedBy(options: readonly Node[] | undefined): { readonly table: QualifiedName; readonly column: string } | null {
  for (const node of options ?? []) {
    if (!('DefElem' in node) || node.DefElem.defname !== 'owned_by' || node.DefElem.arg === undefined || !('List' in node.DefElem.arg)) continue;
    const parts = strings(node.DefElem.arg.List.items);
    if (parts.length >= 2) return { table: { schema: parts.at(-3) ?? null, name: parts.at(-2) ?? '' }, column: parts.at(-1) ?? '' };
  }
  return null;
}

/** `OWNED BY NONE`, which the grammar gives as a name of one part. */
function isReleased(options: readonly Node[] | undefined): boolean {
  return (options ?? []).some((node) => 'DefElem' in node && node.DefElem.defname === 'owned_by' && node.DefElem.arg !== undefined && 'List' in node.DefElem.arg && strings(node.DefElem.arg.List.items).length === 1);
}

const PERSISTENCE: Readonly<Record<string, { readonly persistence: 'unlogged' | 'temporary' }>> = { u: { persistence: 'unlogged' }, t: { persistence: 'temporary' } };

function readCreateSequence(node: CreateSeqStmt): StepBody {
  return {
    kind: 'create-sequence',
    sequence: relationName(node.sequence),
    ifNotExists: node.if_not_exists ?? false,
    ownedBy: ownedBy(node.options),
    ...(PERSISTENCE[node.sequence?.relpersistence ?? ''] ?? {}),
    ...withOptions(sequenceOptionText(node.options, 'without owner')),
  };
}

function publicationTables(node: CreatePublicationStmt | AlterPublicationStmt): QualifiedName[] {
  return (node.pubobjects ?? []).flatMap((each) => ('PublicationObjSpec' in each && each.PublicationObjSpec.pubtable !== undefined ? [relationName(each.PublicationObjSpec.pubtable.relation)] : []));
}

function readComment(node: CommentStmt): StepBody {
  const parts = node.object !== undefined && 'List' in node.object ? strings(node.object.List.items) : [];
  switch (node.objtype) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_INDEX':
    case 'OBJECT_FOREIGN_TABLE':
      return { kind: 'comment', on: relationKind(node.objtype), table: objectName(node.object), text: node.comment ?? null };
    case 'OBJECT_COLUMN':
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return { kind: 'comment', on: node.objtype === 'OBJECT_COLUMN' ? 'column' : node.objtype === 'OBJECT_TABCONSTRAINT' ? 'constraint' : 'other', table: { schema: parts.at(-3) ?? null, name: parts.at(-2) ?? '' }, name: parts.at(-1) ?? '', text: node.comment ?? null };
    default:
      return { kind: 'comment', on: 'other', table: null };
  }
}

function readGrant(node: GrantStmt): StepBody {
  return { kind: 'grant', relations: (node.objtype === 'OBJECT_TABLE' || node.objtype === 'OBJECT_SEQUENCE') && node.targtype === 'ACL_TARGET_OBJECT' ? relations(node.objects) : [], revoke: node.is_grant !== true };
}

/** Statements about relations. Null: not one of them. */
function readRelational(statement: Statement, node: Node): StepBody | null {
  if ('CreateStmt' in node) return readCreateTable(statement, node.CreateStmt);
  if ('CreateForeignTableStmt' in node) return readCreateForeignTable(statement, node.CreateForeignTableStmt);
  if ('CreateTableAsStmt' in node) return readCreateTableAs(statement, node.CreateTableAsStmt);
  if ('IndexStmt' in node) return readIndex(statement, node.IndexStmt);
  if ('ViewStmt' in node) return readView(statement, node.ViewStmt);
  if ('RefreshMatViewStmt' in node) {
    const refresh = node.RefreshMatViewStmt;
    return { kind: 'refresh-materialized-view', view: relationName(refresh.relation), concurrently: refresh.concurrent ?? false, withData: refresh.skipData !== true };
  }
  if ('TruncateStmt' in node) return { kind: 'truncate', tables: relations(node.TruncateStmt.relations), cascade: node.TruncateStmt.behavior === 'DROP_CASCADE', restartIdentity: node.TruncateStmt.restart_seqs ?? false };
  if ('LockStmt' in node) return { kind: 'lock-table', tables: relations(node.LockStmt.relations), mode: lockMode(node.LockStmt.mode), ...(node.LockStmt.nowait === true ? { nowait: true } : {}) };
  if ('ClusterStmt' in node) return { kind: 'cluster', table: node.ClusterStmt.relation === undefined ? null : relationName(node.ClusterStmt.relation), index: node.ClusterStmt.indexname ?? null };
  if ('VacuumStmt' in node) return readVacuum(node.VacuumStmt);
  if ('ReindexStmt' in node) return readReindex(node.ReindexStmt);
  if ('CopyStmt' in node) return readCopy(node.CopyStmt);
  if ('CreateSeqStmt' in node) return readCreateSequence(node.CreateSeqStmt);
  if ('AlterSeqStmt' in node) return { kind: 'alter-sequence', sequence: relationName(node.AlterSeqStmt.sequence), ifExists: node.AlterSeqStmt.missing_ok ?? false, ownedBy: ownedBy(node.AlterSeqStmt.options), ...(isReleased(node.AlterSeqStmt.options) ? { released: true } : {}), ...withOptions(sequenceOptionText(node.AlterSeqStmt.options, 'without owner')) };
  if ('CreateStatsStmt' in node) return { kind: 'create-statistics', table: relations(node.CreateStatsStmt.relations)[0] ?? { schema: null, name: '' } };
  return null;
}

/** Triggers, policies, rules, functions, publications. Null: not one of them. */
function readProgram(node: Node): StepBody | null {
  if ('CreateTrigStmt' in node) return readTrigger(node.CreateTrigStmt);
  if ('CreatePolicyStmt' in node) return { kind: 'create-policy', policy: node.CreatePolicyStmt.policy_name ?? '', table: relationName(node.CreatePolicyStmt.table), reads: relationsIn([node.CreatePolicyStmt.qual, node.CreatePolicyStmt.with_check]) };
  if ('AlterPolicyStmt' in node) return { kind: 'alter-policy', policy: node.AlterPolicyStmt.policy_name ?? '', table: relationName(node.AlterPolicyStmt.table), reads: relationsIn([node.AlterPolicyStmt.qual, node.AlterPolicyStmt.with_check]) };
  if ('RuleStmt' in node) return { kind: 'create-rule', rule: node.RuleStmt.rulename ?? '', table: relationName(node.RuleStmt.relation), replace: node.RuleStmt.replace ?? false, ...ruleRelations(node.RuleStmt) };
  if ('CreateFunctionStmt' in node) return readFunction(node.CreateFunctionStmt);
  if ('CreatePublicationStmt' in node) return { kind: 'set-publication-tables', publication: node.CreatePublicationStmt.pubname ?? '', tables: publicationTables(node.CreatePublicationStmt), change: 'create' };
  if ('AlterPublicationStmt' in node) {
    const changes = { AP_AddObjects: 'add', AP_DropObjects: 'drop', AP_SetObjects: 'set' } as const;
    return { kind: 'set-publication-tables', publication: node.AlterPublicationStmt.pubname ?? '', tables: publicationTables(node.AlterPublicationStmt), change: changes[node.AlterPublicationStmt.action ?? 'AP_AddObjects'] };
  }
  if ('CommentStmt' in node) return readComment(node.CommentStmt);
  if ('GrantStmt' in node) return readGrant(node.GrantStmt);
  return null;
}

/** Schemas, types, extensions. Null: not one of them. */
function readTypes(statement: Statement, node: Node): StepBody | null {
  if ('CreateSchemaStmt' in node) return readSchema(node.CreateSchemaStmt);
  if ('CreateExtensionStmt' in node) return readExtension(node.CreateExtensionStmt);
  if ('CreateEnumStmt' in node) return { kind: 'create-enum', type: dottedName(node.CreateEnumStmt.typeName), values: strings(node.CreateEnumStmt.vals) };
  if ('AlterEnumStmt' in node) return readAlterEnum(node.AlterEnumStmt);
  if ('CreateDomainStmt' in node) return readCreateDomain(statement, node.CreateDomainStmt);
  if ('AlterDomainStmt' in node) return readAlterDomain(statement, node.AlterDomainStmt);
  if ('CompositeTypeStmt' in node) {
    const columns = (node.CompositeTypeStmt.coldeflist ?? []).flatMap((each) => ('ColumnDef' in each ? [readColumn(statement, each.ColumnDef)] : []));
    return { kind: 'create-composite', type: relationName(node.CompositeTypeStmt.typevar), columns };
  }
  if ('CreateRangeStmt' in node) return { kind: 'create-type', type: dottedName(node.CreateRangeStmt.typeName) };
  if ('DefineStmt' in node && node.DefineStmt.kind === 'OBJECT_TYPE') return { kind: 'create-type', type: dottedName(node.DefineStmt.defnames) };
  if ('DropdbStmt' in node) return { kind: 'drop-database', database: node.DropdbStmt.dbname ?? '', ...(node.DropdbStmt.missing_ok === true ? { ifExists: true } : {}), ...(hasOption(node.DropdbStmt.options, 'force') ? { force: true } : {}) };
  return null;
}

/** Session, transactions, changes that go by an object's kind. Null: not one of them. */
function readRest(node: Node): StepBody | null {
  if ('DropStmt' in node) return readDrop(node.DropStmt);
  if ('RenameStmt' in node) return readRename(node.RenameStmt);
  if ('AlterObjectSchemaStmt' in node) return readSetSchema(node.AlterObjectSchemaStmt);
  if ('VariableSetStmt' in node) return readSet(node.VariableSetStmt);
  if ('TransactionStmt' in node) return readTransaction(node.TransactionStmt);
  if ('CallStmt' in node) return { kind: 'call', procedure: functionName(node.CallStmt.funccall?.funcname) };
  return null;
}

/** The statement that EXPLAIN ANALYZE runs, or whose rows a cursor reads. */
function innerStatement(node: Node): Node | null {
  if ('ExplainStmt' in node) return hasOption(node.ExplainStmt.options, 'analyze') ? (node.ExplainStmt.query ?? null) : null;
  return 'DeclareCursorStmt' in node ? (node.DeclareCursorStmt.query ?? null) : null;
}

/** One parsed statement → its steps, in the order the server carries them out as written. Never empty. */
export function readStatement(statement: Statement, lines: LineIndex): Draft[] {
  const { node, tag } = statement.parsed;
  if ('AlterTableStmt' in node) {
    const drafts = readAlterTable(statement, node.AlterTableStmt, lines);
    if (drafts.length > 0) return drafts;
  }
  if ('DoStmt' in node) return readDo(statement, lines, optionText(node.DoStmt.args, 'language') || 'plpgsql', optionText(node.DoStmt.args, 'as'), readStatement);
  const data = readData(statement, node);
  if (data.length > 0) return data;
  const inner = innerStatement(node);
  if (inner !== null) return readStatement(withNode(statement, inner), lines);
  const body = readRelational(statement, node) ?? readProgram(node) ?? readTypes(statement, node) ?? readRest(node) ?? readOther(node, tag);
  const elements = 'CreateSchemaStmt' in node ? schemaElements(statement, node.CreateSchemaStmt) : [];
  return [{ body }, ...elements.flatMap((element) => readStatement(element, lines))];
}
