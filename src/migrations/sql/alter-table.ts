import type { AlterTableCmd, AlterTableStmt, ColumnDef, Node } from '../../languages/sql.js';
import type { LineIndex } from '../../languages/line-index.js';
import type { QualifiedName } from '../definition.js';
import type { RelationKind, StepBody } from '../step.js';
import { readColumn, readConstraint } from './constraint.js';
import { readBound } from './create-table.js';
import { readExpression } from './expression.js';
import { dottedName, relationName, typeName } from './names.js';
import { subcommandSpans, type Draft, type Statement } from './statement.js';

interface Where {
  readonly statement: Statement;
  readonly on: { readonly table: QualifiedName; readonly ifExists: boolean };
  readonly relation: RelationKind;
}

const RELATIONS: Readonly<Record<string, RelationKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized-view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_INDEX: 'index',
  OBJECT_FOREIGN_TABLE: 'foreign-table',
};

/** Which kind of relation an ALTER names. */
export function relationKind(objectType: string | undefined): RelationKind {
  return RELATIONS[objectType ?? ''] ?? 'table';
}

function columnDefinition(node: Node | undefined): ColumnDef {
  return node !== undefined && 'ColumnDef' in node ? node.ColumnDef : {};
}

function partitionCommand(where: Where, command: AlterTableCmd): StepBody | null {
  if (command.def === undefined || !('PartitionCmd' in command.def)) return null;
  const partition = relationName(command.def.PartitionCmd.name);
  if (where.relation === 'index') return { kind: 'attach-index', index: where.on.table, partition };
  if (command.subtype === 'AT_AttachPartition') return { kind: 'attach-partition', ...where.on, partition, bound: readBound(where.statement, command.def.PartitionCmd.bound) };
  return { kind: 'detach-partition', ...where.on, partition, concurrently: command.def.PartitionCmd.concurrent ?? false, finalize: command.subtype === 'AT_DetachPartitionFinalize' };
}

function columnCommand(where: Where, command: AlterTableCmd): StepBody | null {
  const on = { ...where.on, column: command.name ?? '' };
  const { statement } = where;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return { kind: 'add-column', ...where.on, column: readColumn(statement, columnDefinition(command.def)), ifNotExists: command.missing_ok ?? false };
    case 'AT_DropColumn':
      return { kind: 'drop-column', ...on, columnIfExists: command.missing_ok ?? false, cascade: command.behavior === 'DROP_CASCADE' };
    case 'AT_AlterColumnType': {
      const column = columnDefinition(command.def);
      return {
        kind: 'set-type',
        ...on,
        type: typeName(column.typeName),
        using: column.raw_default === undefined ? null : readExpression(statement, column.raw_default, 'using'),
        collation: column.collClause === undefined ? null : dottedName(column.collClause.collname),
      };
    }
    case 'AT_ColumnDefault':
      return command.def === undefined ? { kind: 'drop-default', ...on } : { kind: 'set-default', ...on, default: readExpression(statement, command.def, 'default') };
    case 'AT_SetNotNull':
      return { kind: 'set-not-null', ...on };
    case 'AT_DropNotNull':
      return { kind: 'drop-not-null', ...on };
    case 'AT_AddIdentity':
      return { kind: 'add-identity', ...on, identity: command.def !== undefined && 'Constraint' in command.def && command.def.Constraint.generated_when === 'a' ? 'always' : 'by-default' };
    case 'AT_SetIdentity':
      return { kind: 'set-identity', ...on };
    case 'AT_DropIdentity':
      return { kind: 'drop-identity', ...on };
    case 'AT_SetExpression':
      return command.def === undefined ? null : { kind: 'set-expression', ...on, expression: readExpression(statement, command.def, 'as') };
    case 'AT_DropExpression':
      return { kind: 'drop-expression', ...on };
    case 'AT_SetStatistics':
      return { kind: 'set-column-option', ...on, column: command.name ?? String(command.num ?? ''), option: 'statistics', value: '' };
    case 'AT_SetStorage':
      return { kind: 'set-column-option', ...on, option: 'storage', value: '' };
    case 'AT_SetCompression':
      return { kind: 'set-column-option', ...on, option: 'compression', value: '' };
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
      return { kind: 'set-column-option', ...on, option: 'options', value: '' };
    default:
      return null;
  }
}

function constraintCommand(where: Where, command: AlterTableCmd): StepBody | null {
  const { on } = where;
  const constraint = command.name ?? '';
  switch (command.subtype) {
    case 'AT_AddConstraint': {
      const read = command.def !== undefined && 'Constraint' in command.def ? readConstraint(where.statement, command.def.Constraint, null) : null;
      return read === null ? null : { kind: 'add-constraint', ...on, constraint: read };
    }
    case 'AT_DropConstraint':
      return { kind: 'drop-constraint', ...on, constraint, constraintIfExists: command.missing_ok ?? false, cascade: command.behavior === 'DROP_CASCADE' };
    case 'AT_ValidateConstraint':
      return { kind: 'validate-constraint', ...on, constraint };
    case 'AT_AlterConstraint': {
      const change = command.def !== undefined && 'ATAlterConstraint' in command.def ? command.def.ATAlterConstraint : {};
      return { kind: 'alter-constraint', ...on, constraint: change.conname ?? '', deferrable: change.deferrable ?? false, initiallyDeferred: change.initdeferred ?? false };
    }
    default:
      return null;
  }
}

const ROW_SECURITY = { AT_EnableRowSecurity: 'enable', AT_DisableRowSecurity: 'disable', AT_ForceRowSecurity: 'force', AT_NoForceRowSecurity: 'no-force' } as const;

function isRowSecurity(subtype: string): subtype is keyof typeof ROW_SECURITY {
  return subtype in ROW_SECURITY;
}

function parameterNames(node: Node | undefined): string[] {
  return node !== undefined && 'List' in node ? (node.List.items ?? []).flatMap((item) => ('DefElem' in item ? [item.DefElem.defname ?? ''] : [])) : [];
}

function replicaIdentity(node: Node | undefined): string {
  return node !== undefined && 'ReplicaIdentityStmt' in node ? (node.ReplicaIdentityStmt.identity_type ?? '') : '';
}

function tableCommand(where: Where, command: AlterTableCmd): StepBody | null {
  const { on, relation } = where;
  const subtype = command.subtype ?? 'AT_AddColumn';
  if (isRowSecurity(subtype)) return { kind: 'set-row-security', ...on, change: ROW_SECURITY[subtype] };
  const trigger = /^AT_(Enable|Disable)(?:Always|Replica)?Trig(All|User)?$/.exec(subtype);
  if (trigger !== null) return { kind: 'set-trigger', ...on, trigger: command.name ?? null, enabled: trigger[1] === 'Enable', all: trigger[2] !== undefined };
  const rule = /^AT_(Enable|Disable)(?:Always|Replica)?Rule$/.exec(subtype);
  if (rule !== null) return { kind: 'set-rule', ...on, rule: command.name ?? '', enabled: rule[1] === 'Enable' };
  switch (subtype) {
    case 'AT_ChangeOwner':
      return { kind: 'set-owner', ...on, relation, owner: command.newowner?.rolename ?? '' };
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      return { kind: 'set-persistence', ...on, unlogged: subtype === 'AT_SetUnLogged' };
    case 'AT_SetAccessMethod':
      return { kind: 'set-access-method', ...on, method: command.name ?? null };
    case 'AT_SetTableSpace':
      return { kind: 'set-tablespace', ...on, relation, tablespace: command.name ?? '' };
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return { kind: 'set-storage-parameters', ...on, relation, parameters: parameterNames(command.def), reset: subtype === 'AT_ResetRelOptions' };
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
      return { kind: 'set-cluster-index', ...on, index: command.name ?? null };
    case 'AT_ReplicaIdentity':
      return { kind: 'set-replica-identity', ...on, identity: replicaIdentity(command.def) };
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return { kind: 'set-inheritance', ...on, parent: command.def !== undefined && 'RangeVar' in command.def ? relationName(command.def.RangeVar) : { schema: null, name: '' }, inherit: subtype === 'AT_AddInherit' };
    default:
      return null;
  }
}

/** ALTER TABLE, VIEW, INDEX, SEQUENCE …: one step per subcommand, each at its own place. */
export function readAlterTable(statement: Statement, node: AlterTableStmt, lines: LineIndex): Draft[] {
  if (node.objtype === 'OBJECT_TYPE') return [{ body: { kind: 'raw', tag: 'AlterTypeStmt' } }];
  const where: Where = { statement, on: { table: relationName(node.relation), ifExists: node.missing_ok ?? false }, relation: relationKind(node.objtype) };
  const commands = (node.cmds ?? []).flatMap((each) => ('AlterTableCmd' in each ? [each.AlterTableCmd] : []));
  const spans = commands.length > 1 ? subcommandSpans(statement, lines, statement.parsed.offsetOf(node.relation?.location ?? 0)) : [];
  return commands.map((command, index) => {
    const body = partitionCommand(where, command) ?? columnCommand(where, command) ?? constraintCommand(where, command) ?? tableCommand(where, command);
    const span = spans.length === commands.length ? spans[index] : undefined;
    return { body: body ?? { kind: 'raw', tag: command.subtype ?? 'AlterTableCmd' }, ...(span === undefined ? {} : { span }) };
  });
}
