import type { QualifiedName } from '../migrations/definition.js';
import type { Step } from '../migrations/step.js';
import { editsOfText } from './edits-of-text.js';
import { edit, losesValues, type SchemaEdit } from './schema-edit.js';

/** What the steps of one direction do. What the parser could not read is looked at by lighter means. */
export function editsOfSteps(steps: readonly Step[]): readonly SchemaEdit[] {
  return steps.flatMap(editsOfStep);
}

function named(name: QualifiedName | null): string | null {
  if (name === null) return null;
  return name.schema === null || name.schema === 'public' ? name.name : `${name.schema}.${name.name}`;
}

function editsOfStep(step: Step): readonly SchemaEdit[] {
  return ofTable(step) ?? ofColumn(step) ?? ofConstraint(step) ?? ofOther(step) ?? [];
}

function ofTable(step: Step): readonly SchemaEdit[] | null {
  switch (step.kind) {
    case 'create-table':
      return [edit(step.persistence === 'temporary' ? 'other' : 'create-table', named(step.table))];
    case 'create-table-as':
      return [edit(step.temporary ? 'create-table' : 'copy-table', named(step.table))];
    case 'drop-table':
      return step.tables.map((table) => edit('drop-table', named(table)));
    case 'truncate':
      return step.tables.map((table) => edit('truncate', named(table)));
    case 'rename-relation':
      return step.relation === 'index' || step.relation === 'sequence' ? [] : [edit('rename-table', named(step.table), null, step.to)];
    case 'set-relation-schema':
      return step.relation === 'index' ? [] : [edit('rename-table', named(step.table), null, `${step.schema}.${step.table.name}`)];
    case 'drop-view':
      return step.views.map((view) => edit('drop-view', named(view)));
    case 'create-view':
      return [edit('create-view', named(step.view))];
    case 'create-materialized-view':
      return [edit('create-view', named(step.view))];
    default:
      return null;
  }
}

function ofColumn(step: Step): readonly SchemaEdit[] | null {
  switch (step.kind) {
    case 'add-column': {
      const { column } = step;
      const required = column.notNull && column.default === null && column.identity === null && column.generated === null && !column.type.name.includes('serial');
      return [edit(required ? 'new-required-column' : 'add-column', named(step.table), column.name)];
    }
    case 'drop-column':
      return [edit('drop-column', named(step.table), step.column)];
    case 'rename-column':
      return [edit('rename-column', named(step.table), step.column, step.to)];
    case 'set-type':
      return [
        ...(step.using !== null && losesValues(step.using.text) ? [edit('update', named(step.table), step.column)] : []),
        edit('set-type', named(step.table), step.column, typeText(step.type)),
      ];
    case 'set-not-null':
      return [edit('not-null', named(step.table), step.column)];
    case 'drop-not-null':
    case 'drop-default':
      return [edit('loosen', named(step.table), step.column)];
    default:
      return null;
  }
}

function typeText(type: { readonly name: string; readonly modifiers: readonly number[]; readonly array: boolean }): string {
  return `${type.name}${type.modifiers.length > 0 ? `(${type.modifiers.join(',')})` : ''}${type.array ? '[]' : ''}`;
}

function ofConstraint(step: Step): readonly SchemaEdit[] | null {
  switch (step.kind) {
    case 'add-constraint': {
      const { constraint } = step;
      const table = named(step.table);
      switch (constraint.kind) {
        case 'check':
          return [constraint.provesNotNull.length > 0 ? edit('not-null', table, constraint.provesNotNull[0] ?? null) : edit('check', table, null, constraint.name)];
        case 'foreign-key':
          return [edit('foreign-key', table, constraint.columns[0] ?? null)];
        case 'unique':
        case 'exclude':
          return [edit('unique', table, constraint.columns.join(', ') || null)];
        case 'primary-key':
          return [edit('primary-key', table, constraint.columns.join(', ') || null)];
        case 'not-null':
          return [edit('not-null', table, constraint.column)];
      }
      return [];
    }
    case 'drop-constraint':
      return [edit(/_pkey$/.test(step.constraint) ? 'primary-key' : 'loosen', named(step.table))];
    case 'create-index':
      return step.unique ? [edit('unique', named(step.table), step.elements.flatMap((element) => ('column' in element && element.column !== null ? [element.column] : [])).join(', ') || null)] : [];
    case 'drop-index':
      return [edit('loosen')];
    default:
      return null;
  }
}

function ofOther(step: Step): readonly SchemaEdit[] | null {
  switch (step.kind) {
    case 'create-enum':
    case 'create-domain':
    case 'create-composite':
      return [edit('create-type', named(step.kind === 'create-domain' ? step.domain : step.type))];
    case 'add-enum-value':
      return [edit('enum-value', named(step.type), null, step.value)];
    case 'rename-enum-value':
      return [edit('rename-value', named(step.type), step.value, step.to)];
    case 'rename-type':
      return [edit('rename-type', named(step.type), null, step.to)];
    case 'drop-type':
      return step.types.map((type) => edit('drop-type', named(type)));
    case 'drop-schema':
      return step.schemas.map((schema) => edit('drop-schema', schema));
    case 'rename-schema':
      return [edit('rename-table', step.schema, null, step.to)];
    case 'drop-database':
      return [edit('drop-schema', step.database)];
    case 'update':
      return [{ ...edit('update', named(step.table), step.columns[0] ?? null), columns: step.columns }];
    case 'delete':
      return [edit('delete', named(step.table))];
    case 'merge':
      return [edit('update', named(step.table))];
    case 'insert':
      return [edit(step.onConflict && /\bdo\s+update\b/i.test(step.statement) ? 'update' : 'insert', named(step.table))];
    case 'copy':
      return step.from ? [edit('insert', named(step.table))] : [];
    case 'opaque':
      return editsOfText(step.statement);
    default:
      return null;
  }
}
