import type { AlterDomainStmt, AlterEnumStmt, AlterObjectSchemaStmt, CreateDomainStmt, DropStmt, Node, ObjectType, RenameStmt } from '../../languages/sql.js';
import type { QualifiedName, TypeName } from '../definition.js';
import type { StepBody } from '../step.js';
import { relationKind } from './alter-table.js';
import { readConstraint } from './constraint.js';
import { readExpression } from './expression.js';
import { dottedName, objectName, relationName, strings, typeName } from './names.js';
import type { Statement } from './statement.js';

/** Splits `schema.table.trigger` of DROP TRIGGER, POLICY and RULE. */
function onTable(node: Node | undefined): { readonly table: QualifiedName; readonly name: string } {
  const parts = node !== undefined && 'List' in node ? strings(node.List.items) : [];
  return { name: parts.at(-1) ?? '', table: { schema: parts.at(-3) ?? null, name: parts.at(-2) ?? '' } };
}

type Dropped = readonly QualifiedName[];

function argumentsOf(node: Node): readonly TypeName[] | null {
  if (!('ObjectWithArgs' in node) || node.ObjectWithArgs.args_unspecified === true) return null;
  return (node.ObjectWithArgs.objargs ?? []).flatMap((each) => ('TypeName' in each ? [typeName(each.TypeName)] : []));
}

const ROUTINES: Readonly<Partial<Record<ObjectType, 'procedure' | 'routine' | 'aggregate'>>> = { OBJECT_PROCEDURE: 'procedure', OBJECT_ROUTINE: 'routine', OBJECT_AGGREGATE: 'aggregate' };

function routineOf(type: ObjectType): { readonly routine?: 'procedure' | 'routine' | 'aggregate' } {
  const routine = ROUTINES[type];
  return routine === undefined ? {} : { routine };
}

function dropRelations(type: ObjectType, objects: readonly Node[] | undefined, shared: { readonly ifExists: boolean; readonly cascade: boolean }, concurrently: boolean): StepBody | null {
  const names: Dropped = (objects ?? []).map(objectName);
  switch (type) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
      return { kind: 'drop-table', tables: names, ...shared, ...(type === 'OBJECT_FOREIGN_TABLE' ? { foreign: true } : {}) };
    case 'OBJECT_INDEX':
      return { kind: 'drop-index', indexes: names, concurrently, ...shared };
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return { kind: 'drop-view', views: names, materialized: type === 'OBJECT_MATVIEW', ...shared };
    case 'OBJECT_SEQUENCE':
      return { kind: 'drop-sequence', sequences: names, ...shared };
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return { kind: 'drop-type', types: names, ...shared, ...(type === 'OBJECT_DOMAIN' ? { domain: true } : {}) };
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return { kind: 'drop-function', functions: names, arguments: (objects ?? []).map(argumentsOf), ...shared, ...routineOf(type) };
    case 'OBJECT_SCHEMA':
      return { kind: 'drop-schema', schemas: names.map((name) => name.name), ...shared };
    case 'OBJECT_EXTENSION':
      return { kind: 'drop-extension', extensions: names.map((name) => name.name), cascade: shared.cascade, ...(shared.ifExists ? { ifExists: true } : {}) };
    default:
      return null;
  }
}

/** DROP of anything; one statement stays one step, since its objects go together. */
export function readDrop(node: DropStmt): StepBody {
  const type = node.removeType ?? 'OBJECT_TABLE';
  const shared = { ifExists: node.missing_ok ?? false, cascade: node.behavior === 'DROP_CASCADE' };
  const on = onTable(node.objects?.[0]);
  if (type === 'OBJECT_TRIGGER') return { kind: 'drop-trigger', trigger: on.name, table: on.table, ...shared };
  if (type === 'OBJECT_POLICY') return { kind: 'drop-policy', policy: on.name, table: on.table, ifExists: shared.ifExists, ...(shared.cascade ? { cascade: true } : {}) };
  if (type === 'OBJECT_RULE') return { kind: 'drop-rule', rule: on.name, table: on.table, ifExists: shared.ifExists, ...(shared.cascade ? { cascade: true } : {}) };
  return dropRelations(type, node.objects, shared, node.concurrent ?? false) ?? { kind: 'raw', tag: `DropStmt ${type}` };
}

export function readRename(node: RenameStmt): StepBody {
  const table = relationName(node.relation);
  const ifExists = node.missing_ok ?? false;
  const name = node.subname ?? '';
  const to = node.newname ?? '';
  const only = node.relation?.inh === true ? {} : { only: true };
  switch (node.renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_INDEX':
    case 'OBJECT_SEQUENCE':
    case 'OBJECT_FOREIGN_TABLE':
      return { kind: 'rename-relation', table, ifExists, relation: relationKind(node.renameType), to };
    case 'OBJECT_COLUMN':
      return { kind: 'rename-column', table, ifExists, ...only, relation: relationKind(node.relationType), column: name, to };
    case 'OBJECT_TABCONSTRAINT':
      return { kind: 'rename-constraint', table, ifExists, ...only, constraint: name, to };
    case 'OBJECT_TRIGGER':
      return { kind: 'rename-trigger', trigger: name, table, to };
    case 'OBJECT_SCHEMA':
      return { kind: 'rename-schema', schema: name, to };
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return { kind: 'rename-type', type: objectName(node.object), to, ...(node.renameType === 'OBJECT_DOMAIN' ? { domain: true } : {}) };
    case 'OBJECT_POLICY':
      return { kind: 'alter-policy', policy: name, table };
    default:
      return { kind: 'raw', tag: `RenameStmt ${node.renameType ?? ''}`, ...(node.renameType === 'OBJECT_RULE' ? { alters: table } : {}) };
  }
}

export function readSetSchema(node: AlterObjectSchemaStmt): StepBody {
  const schema = node.newschema ?? '';
  if (node.relation !== undefined) return { kind: 'set-relation-schema', table: relationName(node.relation), ifExists: node.missing_ok ?? false, relation: relationKind(node.objectType), schema };
  if (node.objectType === 'OBJECT_TYPE' || node.objectType === 'OBJECT_DOMAIN') return { kind: 'set-type-schema', type: objectName(node.object), schema, ...(node.objectType === 'OBJECT_DOMAIN' ? { domain: true } : {}) };
  return { kind: 'raw', tag: `AlterObjectSchemaStmt ${node.objectType ?? ''}` };
}

export function readAlterEnum(node: AlterEnumStmt): StepBody {
  const type = dottedName(node.typeName);
  if (node.oldVal !== undefined) return { kind: 'rename-enum-value', type, value: node.oldVal, to: node.newVal ?? '' };
  return { kind: 'add-enum-value', type, value: node.newVal ?? '', ifNotExists: node.skipIfNewValExists ?? false, neighbour: node.newValNeighbor ?? null, after: node.newValIsAfter ?? false };
}

export function readCreateDomain(statement: Statement, node: CreateDomainStmt): StepBody {
  const nodes = (node.constraints ?? []).flatMap((each) => ('Constraint' in each ? [each.Constraint] : []));
  const fallback = nodes.find((each) => each.contype === 'CONSTR_DEFAULT')?.raw_expr;
  return {
    kind: 'create-domain',
    domain: dottedName(node.domainname),
    type: typeName(node.typeName),
    notNull: nodes.some((each) => each.contype === 'CONSTR_NOTNULL'),
    default: fallback === undefined ? null : readExpression(statement, fallback, 'default'),
    constraints: nodes.flatMap((each) => (each.contype === 'CONSTR_CHECK' ? (readConstraint(statement, each, null) ?? []) : [])),
    ...(node.collClause === undefined ? {} : { collation: dottedName(node.collClause.collname) }),
  };
}

/** The subtypes are letters of the server's own. */
export function readAlterDomain(statement: Statement, node: AlterDomainStmt): StepBody {
  const domain = dottedName(node.typeName);
  switch (node.subtype) {
    case 'T':
    case 'AD_AlterDefault':
      return { kind: 'set-domain-default', domain, default: node.def === undefined ? null : readExpression(statement, node.def, 'value') };
    case 'N':
    case 'AD_DropNotNull':
      return { kind: 'set-domain-not-null', domain, notNull: false };
    case 'O':
    case 'AD_SetNotNull':
      return { kind: 'set-domain-not-null', domain, notNull: true };
    case 'X':
    case 'AD_DropConstraint':
      return { kind: 'drop-domain-constraint', domain, constraint: node.name ?? '', ...(node.missing_ok === true ? { ifExists: true } : {}), ...(node.behavior === 'DROP_CASCADE' ? { cascade: true } : {}) };
    case 'V':
    case 'AD_ValidateConstraint':
      return { kind: 'validate-domain-constraint', domain, constraint: node.name ?? '' };
    default: {
      const constraint = node.def !== undefined && 'Constraint' in node.def ? readConstraint(statement, node.def.Constraint, null) : null;
      if (node.def !== undefined && 'Constraint' in node.def && node.def.Constraint.contype === 'CONSTR_NOTNULL') return { kind: 'set-domain-not-null', domain, notNull: true };
      return constraint === null ? { kind: 'raw', tag: 'AlterDomainStmt' } : { kind: 'add-domain-constraint', domain, constraint };
    }
  }
}
