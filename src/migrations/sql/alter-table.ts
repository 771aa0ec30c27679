import type { AlterTableCmd, AlterTableStmt, ColumnDef, Node, RoleSpec } from '../../languages/sql.js';
import type { LineIndex } from '../../languages/line-index.js';
import type { QualifiedName } from '../definition.js';
import { quoteName } from '../quote.js';
import type { RelationKind, StepBody } from '../step.js';
import { readColumn, readConstraint } from './constraint.js';
import { readBound } from './create-table.js';
import { readExpression } from './expression.js';
import { dottedName, relationName, typeName } from './names.js';
import { typeText } from '../print/definition.js';
import { definitions, foreignOptionText, identityChangeText, parameterText, sequenceOptionText, withOptions } from './options.js';
import { subcommandSpans, type Draft, type Statement } from './statement.js';

interface Where {
  readonly statement: Statement;
  readonly on: { readonly table: QualifiedName; readonly ifExists: boolean; readonly only?: boolean; readonly relation?: RelationKind };
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
      return command.def === undefined ? { kind: 'drop-default', ...on } : { kind: 'set-default', ...on, default: readExpression(statement, command.def, 'value') };
    case 'AT_SetNotNull':
      return { kind: 'set-not-null', ...on };
    case 'AT_DropNotNull':
      return { kind: 'drop-not-null', ...on };
    case 'AT_AddIdentity':
      return addIdentity(on, command.def);
    case 'AT_SetIdentity':
      return { kind: 'set-identity', ...on, ...withOptions(identityChangeText(listItems(command.def))) };
    case 'AT_DropIdentity':
      return { kind: 'drop-identity', ...on, ...(command.missing_ok === true ? { identityIfExists: true } : {}) };
    case 'AT_SetExpression':
      return command.def === undefined ? null : { kind: 'set-expression', ...on, expression: readExpression(statement, command.def, 'as') };
    case 'AT_DropExpression':
      return { kind: 'drop-expression', ...on, ...(command.missing_ok === true ? { expressionIfExists: true } : {}) };
    default:
      return columnOption(on, command);
  }
}

type On = Where['on'] & { readonly column: string };

function listItems(node: Node | undefined): readonly Node[] {
  return node !== undefined && 'List' in node ? (node.List.items ?? []) : [];
}

function addIdentity(on: On, node: Node | undefined): StepBody {
  const constraint = node !== undefined && 'Constraint' in node ? node.Constraint : {};
  return { kind: 'add-identity', ...on, identity: constraint.generated_when === 'a' ? 'always' : 'by-default', ...withOptions(sequenceOptionText(constraint.options, 'with owner')) };
}

function nameIn(node: Node | undefined): string {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : '';
}

function columnOption(on: On, command: AlterTableCmd): StepBody | null {
  switch (command.subtype) {
    case 'AT_SetStatistics': {
      const value = command.def !== undefined && 'Integer' in command.def ? String(command.def.Integer.ival ?? 0) : 'DEFAULT';
      // Columns of an index go by number.
      return { kind: 'set-column-option', ...on, column: command.name ?? String(command.num ?? ''), option: 'statistics', value };
    }
    case 'AT_SetStorage':
      return { kind: 'set-column-option', ...on, option: 'storage', value: nameIn(command.def).toUpperCase() };
    case 'AT_SetCompression':
      return { kind: 'set-column-option', ...on, option: 'compression', value: nameIn(command.def) };
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
      return { kind: 'set-column-option', ...on, option: 'options', value: parameterText(listItems(command.def)), ...(command.subtype === 'AT_ResetOptions' ? { reset: true } : {}) };
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
      const deferral = change.alterDeferrability === true;
      return {
        kind: 'alter-constraint',
        ...on,
        constraint: change.conname ?? '',
        deferrable: deferral ? (change.deferrable ?? false) : null,
        initiallyDeferred: deferral ? (change.initdeferred ?? false) : null,
        ...(change.alterEnforceability === true ? { enforced: change.is_enforced ?? false } : {}),
        ...(change.alterInheritability === true ? { inherit: change.noinherit !== true } : {}),
      };
    }
    default:
      return null;
  }
}

const ROW_SECURITY = { AT_EnableRowSecurity: 'enable', AT_DisableRowSecurity: 'disable', AT_ForceRowSecurity: 'force', AT_NoForceRowSecurity: 'no-force' } as const;

function isRowSecurity(subtype: string): subtype is keyof typeof ROW_SECURITY {
  return subtype in ROW_SECURITY;
}

function replicaIdentity(where: Where, node: Node | undefined): StepBody {
  const identity = node !== undefined && 'ReplicaIdentityStmt' in node ? node.ReplicaIdentityStmt : {};
  return { kind: 'set-replica-identity', ...where.on, identity: identity.identity_type ?? '', ...(identity.name === undefined ? {} : { index: identity.name }) };
}

const OWN_ROLES: Readonly<Record<string, string>> = { ROLESPEC_CURRENT_USER: 'CURRENT_USER', ROLESPEC_SESSION_USER: 'SESSION_USER', ROLESPEC_CURRENT_ROLE: 'CURRENT_ROLE' };

/** A role as SQL; empty when none is given. */
export function roleText(role: RoleSpec | undefined): string {
  if (role === undefined) return '';
  return OWN_ROLES[role.roletype ?? ''] ?? quoteName(role.rolename ?? '');
}

function fires(subtype: string): { readonly fires?: 'always' | 'replica' } {
  const mode = /^AT_Enable(Always|Replica)/.exec(subtype)?.[1];
  return mode === undefined ? {} : { fires: mode === 'Always' ? 'always' : 'replica' };
}

// Brief, and nothing that a catalog of tables, columns and constraints would show.
function otherText(command: AlterTableCmd): string | null {
  switch (command.subtype) {
    case 'AT_AddOf':
      return `OF ${typeText(typeName(command.def !== undefined && 'TypeName' in command.def ? command.def.TypeName : undefined))}`;
    case 'AT_DropOf':
      return 'NOT OF';
    case 'AT_DropOids':
      return 'SET WITHOUT OIDS';
    case 'AT_GenericOptions':
      return `OPTIONS (${foreignOptionText(listItems(command.def))})`;
    case 'AT_AlterColumnGenericOptions':
      return `ALTER COLUMN ${quoteName(command.name ?? '')} OPTIONS (${foreignOptionText(listItems(command.def))})`;
    default:
      return null;
  }
}

function tableCommand(where: Where, command: AlterTableCmd): StepBody | null {
  const { on, relation } = where;
  const subtype = command.subtype ?? 'AT_AddColumn';
  if (isRowSecurity(subtype)) return { kind: 'set-row-security', ...on, change: ROW_SECURITY[subtype] };
  const trigger = /^AT_(Enable|Disable)(?:Always|Replica)?Trig(All|User)?$/.exec(subtype);
  if (trigger !== null) return { kind: 'set-trigger', ...on, trigger: command.name ?? null, enabled: trigger[1] === 'Enable', all: trigger[2] !== undefined, ...(trigger[2] === 'User' ? { user: true } : {}), ...fires(subtype) };
  const rule = /^AT_(Enable|Disable)(?:Always|Replica)?Rule$/.exec(subtype);
  if (rule !== null) return { kind: 'set-rule', ...on, rule: command.name ?? '', enabled: rule[1] === 'Enable', ...fires(subtype) };
  const other = otherText(command);
  if (other !== null) return { kind: 'alter-relation', ...on, text: other };
  switch (subtype) {
    case 'AT_ChangeOwner':
      return { kind: 'set-owner', ...on, relation, owner: roleText(command.newowner) };
    case 'AT_SetLogged':
    case 'AT_SetUnLogged':
      return { kind: 'set-persistence', ...on, unlogged: subtype === 'AT_SetUnLogged' };
    case 'AT_SetAccessMethod':
      return { kind: 'set-access-method', ...on, method: command.name ?? null };
    case 'AT_SetTableSpace':
      return { kind: 'set-tablespace', ...on, relation, tablespace: command.name ?? '' };
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions':
      return { kind: 'set-storage-parameters', ...on, relation, parameters: definitions(listItems(command.def)).map((each) => each.defname ?? ''), text: parameterText(listItems(command.def)), reset: subtype === 'AT_ResetRelOptions' };
    case 'AT_ClusterOn':
    case 'AT_DropCluster':
      return { kind: 'set-cluster-index', ...on, index: command.name ?? null };
    case 'AT_ReplicaIdentity':
      return replicaIdentity(where, command.def);
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      return { kind: 'set-inheritance', ...on, parent: command.def !== undefined && 'RangeVar' in command.def ? relationName(command.def.RangeVar) : { schema: null, name: '' }, inherit: subtype === 'AT_AddInherit' };
    default:
      return null;
  }
}

/** ALTER TABLE, VIEW, INDEX, SEQUENCE …: one step per subcommand, each at its own place. */
export function readAlterTable(statement: Statement, node: AlterTableStmt, lines: LineIndex): Draft[] {
  // ALTER TYPE … ADD ATTRIBUTE: no table may use it yet, or the server refuses.
  if (node.objtype === 'OBJECT_TYPE') return [{ body: { kind: 'raw', tag: 'AlterTypeStmt' } }];
  const relation = relationKind(node.objtype);
  const only = node.relation?.inh === true ? {} : { only: true };
  const where: Where = { statement, on: { table: relationName(node.relation), ifExists: node.missing_ok ?? false, ...only, ...(relation === 'table' ? {} : { relation }) }, relation };
  const commands = (node.cmds ?? []).flatMap((each) => ('AlterTableCmd' in each ? [each.AlterTableCmd] : []));
  const spans = commands.length > 1 ? subcommandSpans(statement, lines, statement.parsed.offsetOf(node.relation?.location ?? 0)) : [];
  return commands.map((command, index) => {
    const body = partitionCommand(where, command) ?? columnCommand(where, command) ?? constraintCommand(where, command) ?? tableCommand(where, command);
    const span = spans.length === commands.length ? spans[index] : undefined;
    return { body: body ?? { kind: 'raw', tag: command.subtype ?? 'AlterTableCmd', alters: where.on.table }, ...(span === undefined ? {} : { span }) };
  });
}
