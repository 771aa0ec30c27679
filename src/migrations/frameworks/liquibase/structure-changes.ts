import { generated, prefixed, unreadable, type Sent } from './change.js';
import { columnConstraints, columnDefinition, columnsOf, tableDefinition } from './columns.js';
import { bodyOf, type Element } from './element.js';
import { isFalse, isTrue, nameList, relation, sqlName, valueExpression, type Naming } from './names.js';
import { postgresType } from './types.js';

/** An element and how its changelog quotes names → what is sent; null when something needed is missing. */
export type ChangeReader = (element: Element, naming: Naming) => readonly Sent[] | null;

function attribute(element: Element, name: string): string | null {
  const value = element.attributes.get(name)?.trim();
  return value === undefined || value === '' ? null : value;
}

function column(element: Element, naming: Naming, name = 'columnName'): string | null {
  const value = attribute(element, name);
  return value === null ? null : sqlName(value, naming);
}

function constraintName(element: Element, naming: Naming, name = 'constraintName'): string {
  const value = attribute(element, name);
  return value === null ? '' : `CONSTRAINT ${sqlName(value, naming)} `;
}

function ifExists(element: Element): string {
  return isTrue(element, 'ifExists') ? 'IF EXISTS ' : '';
}

/** One statement on a table; null when the table is not named or the rest cannot be told. */
function onTable(element: Element, naming: Naming, rest: string | null): readonly Sent[] | null {
  const table = relation(element, naming);
  return table === null || rest === null ? null : [generated(element, `ALTER TABLE ${table} ${rest}`)];
}

const createTable: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const definition = tableDefinition(columnsOf(element), naming);
  if (table === null || definition === null) return null;
  return [generated(element, `CREATE TABLE ${isTrue(element, 'ifNotExists') ? 'IF NOT EXISTS ' : ''}${table} (${definition})`)];
};

const addColumn: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  if (table === null) return null;
  return columnsOf(element).flatMap((each): Sent[] => {
    const definition = columnDefinition(each, naming, true);
    if (definition === null) return [unreadable(each, 'a column without a name or a type')];
    const value = valueExpression(each, 'value');
    const name = sqlName(each.attributes.get('name') ?? '', naming);
    return [
      generated(each, `ALTER TABLE ${table} ADD ${definition}`),
      ...(value === null ? [] : [generated(each, `UPDATE ${table} SET ${name} = ${value}`)]),
      ...columnConstraints(each, naming).map((constraint) => generated(each, `ALTER TABLE ${table} ADD ${constraint}`)),
    ];
  });
};

const dropColumn: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const own = column(element, naming);
  const nested = columnsOf(element);
  if (table === null || (own === null && nested.length === 0)) return null;
  if (own !== null) return [generated(element, `ALTER TABLE ${table} DROP COLUMN ${own}`)];
  return nested.map((each) => generated(each, `ALTER TABLE ${table} DROP COLUMN ${sqlName(each.attributes.get('name') ?? '', naming)}`));
};

const addNotNull: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const name = column(element, naming);
  if (table === null || name === null) return null;
  const fill = attribute(element, 'defaultNullValue');
  const value = fill === null ? null : /^-?\d+(?:\.\d+)?$|\(.*\)$|^(?:true|false|current_\w+)$/i.test(fill) ? fill : `'${fill.replaceAll("'", "''")}'`;
  return [...(value === null ? [] : [generated(element, `UPDATE ${table} SET ${name} = ${value} WHERE ${name} IS NULL`)]), generated(element, `ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`)];
};

function onColumn(rest: (element: Element, name: string, naming: Naming) => string | null): ChangeReader {
  return (element, naming) => {
    const name = column(element, naming);
    return name === null ? null : onTable(element, naming, rest(element, name, naming));
  };
}

function keyConstraint(kind: 'UNIQUE' | 'PRIMARY KEY'): ChangeReader {
  return (element, naming) => {
    const names = attribute(element, 'columnNames');
    const index = attribute(element, 'forIndexName');
    if (names === null && index === null) return null;
    const what = index === null ? `${kind} (${nameList(names ?? '', naming)})` : `${kind} USING INDEX ${sqlName(index, naming)}`;
    const timing = `${isTrue(element, 'deferrable') ? ' DEFERRABLE' : ''}${isTrue(element, 'initiallyDeferred') ? ' INITIALLY DEFERRED' : ''}`;
    return onTable(element, naming, `ADD ${constraintName(element, naming)}${what}${timing}`);
  };
}

const addForeignKey: ChangeReader = (element, naming) => {
  const table = relation(element, naming, 'baseTableName', 'baseTableSchemaName');
  const referenced = relation(element, naming, 'referencedTableName', 'referencedTableSchemaName');
  const own = attribute(element, 'baseColumnNames');
  const theirs = attribute(element, 'referencedColumnNames');
  if (table === null || referenced === null || own === null) return null;
  const action = (event: 'onDelete' | 'onUpdate', words: string): string => {
    const value = attribute(element, event) ?? (event === 'onDelete' && isTrue(element, 'deleteCascade') ? 'CASCADE' : null);
    return value === null ? '' : ` ${words} ${value.toUpperCase()}`;
  };
  const timing = `${isTrue(element, 'deferrable') ? ' DEFERRABLE' : ''}${isTrue(element, 'initiallyDeferred') ? ' INITIALLY DEFERRED' : ''}`;
  const target = `${referenced}${theirs === null ? '' : ` (${nameList(theirs, naming)})`}`;
  return [generated(element, `ALTER TABLE ${table} ADD ${constraintName(element, naming)}FOREIGN KEY (${nameList(own, naming)}) REFERENCES ${target}${action('onUpdate', 'ON UPDATE')}${action('onDelete', 'ON DELETE')}${timing}`)];
};

function dropConstraint(tableAttribute: string, schemaAttribute: string, standard: ((table: string) => string) | null): ChangeReader {
  return (element, naming) => {
    const table = relation(element, naming, tableAttribute, schemaAttribute);
    if (table === null) return null;
    const name = column(element, naming, 'constraintName') ?? (standard === null ? null : sqlName(standard(attribute(element, tableAttribute) ?? ''), naming));
    return name === null ? null : [generated(element, `ALTER TABLE ${table} DROP CONSTRAINT ${name}`)];
  };
}

const createIndex: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const columns = columnsOf(element);
  if (table === null || columns.length === 0) return null;
  const keys = columns.map((each) => {
    const name = each.attributes.get('name') ?? '';
    // An expression, an operator class or an order: no name is written like that.
    const raw = isTrue(each, 'computed') || /[\s()]/.test(name.trim());
    return `${raw ? (/^[\w.]+\s*\(/.test(name) || !/[()]/.test(name) ? name : `(${name})`) : sqlName(name, naming)}${isTrue(each, 'descending') ? ' DESC' : ''}`;
  });
  const index = attribute(element, 'indexName');
  return [generated(element, `CREATE ${isTrue(element, 'unique') ? 'UNIQUE ' : ''}INDEX ${index === null ? '' : `${sqlName(index, naming)} `}ON ${table} (${keys.join(', ')})`)];
};

const dropIndex: ChangeReader = (element, naming) => {
  const index = relation(element, naming, 'indexName');
  return index === null ? null : [generated(element, `DROP INDEX ${ifExists(element)}${index}`)];
};

function renamed(kind: 'TABLE' | 'VIEW' | 'SEQUENCE', from: string, to: string): ChangeReader {
  return (element, naming) => {
    const old = relation(element, naming, from);
    const name = column(element, naming, to);
    return old === null || name === null ? null : [generated(element, `ALTER ${kind} ${old} RENAME TO ${name}`)];
  };
}

function dropped(kind: 'TABLE' | 'VIEW' | 'SEQUENCE', name: string): ChangeReader {
  return (element, naming) => {
    const what = relation(element, naming, name);
    return what === null ? null : [generated(element, `DROP ${kind} ${ifExists(element)}${what}${isTrue(element, 'cascadeConstraints') ? ' CASCADE' : ''}`)];
  };
}

const createView: ChangeReader = (element, naming) => {
  const body = bodyOf(element, ['selectQuery', 'text']);
  if (body.text.trim() === '') return null;
  if (isTrue(element, 'fullDefinition')) return [{ kind: 'written', text: body, together: true }];
  const view = relation(element, naming, 'viewName');
  return view === null ? null : [prefixed(element, `CREATE ${isTrue(element, 'replaceIfExists') ? 'OR REPLACE ' : ''}VIEW ${view} AS `, body)];
};

function sequenceOptions(element: Element): string {
  const numbers = [['incrementBy', 'INCREMENT BY'], ['minValue', 'MINVALUE'], ['maxValue', 'MAXVALUE'], ['startValue', 'START WITH'], ['cacheSize', 'CACHE']] as const;
  const options = numbers.flatMap(([name, words]) => (/^-?\d+$/.test(attribute(element, name) ?? '') ? [`${words} ${attribute(element, name) ?? ''}`] : []));
  return [...options, ...(isTrue(element, 'cycle') ? ['CYCLE'] : [])].map((option) => ` ${option}`).join('');
}

const createSequence: ChangeReader = (element, naming) => {
  const sequence = relation(element, naming, 'sequenceName');
  return sequence === null ? null : [generated(element, `CREATE SEQUENCE IF NOT EXISTS ${sequence}${sequenceOptions(element)}`)];
};

const alterSequence: ChangeReader = (element, naming) => {
  const sequence = relation(element, naming, 'sequenceName');
  return sequence === null ? null : [generated(element, `ALTER SEQUENCE ${sequence}${sequenceOptions(element) || ' RESTART'}`)];
};

const addCheck: ChangeReader = (element, naming) => {
  const body = attribute(element, 'constraintBody') ?? bodyOf(element, ['constraintBody']).text.trim();
  return body === '' ? null : onTable(element, naming, `ADD ${constraintName(element, naming)}CHECK (${body})`);
};

const addLookupTable: ChangeReader = (element, naming) => {
  const existing = relation(element, naming, 'existingTableName', 'existingTableSchemaName');
  const lookup = relation(element, naming, 'newTableName', 'newTableSchemaName');
  const own = column(element, naming, 'existingColumnName');
  const key = column(element, naming, 'newColumnName');
  if (existing === null || lookup === null || own === null || key === null) return null;
  return [
    `CREATE TABLE ${lookup} AS SELECT DISTINCT ${own} AS ${key} FROM ${existing} WHERE ${own} IS NOT NULL`,
    `ALTER TABLE ${lookup} ALTER COLUMN ${key} SET NOT NULL`,
    `ALTER TABLE ${lookup} ADD PRIMARY KEY (${key})`,
    `ALTER TABLE ${existing} ADD ${constraintName(element, naming)}FOREIGN KEY (${own}) REFERENCES ${lookup} (${key})`,
  ].map((sql) => generated(element, sql));
};

const mergeColumns: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  const [first, second, final] = ['column1Name', 'column2Name', 'finalColumnName'].map((name) => column(element, naming, name));
  const type = attribute(element, 'finalColumnType');
  if (table === null || first == null || second == null || final == null || type === null) return null;
  return [
    `ALTER TABLE ${table} ADD ${final} ${postgresType(type)}`,
    `UPDATE ${table} SET ${final} = ${first} || '${(attribute(element, 'joinString') ?? '').replaceAll("'", "''")}' || ${second}`,
    `ALTER TABLE ${table} DROP COLUMN ${first}`,
    `ALTER TABLE ${table} DROP COLUMN ${second}`,
  ].map((sql) => generated(element, sql));
};

/** A change of Liquibase 1, and of an extension today: columns as they shall be. */
const modifyColumn: ChangeReader = (element, naming) => {
  const table = relation(element, naming);
  if (table === null) return null;
  return columnsOf(element).flatMap((each): Sent[] => {
    const name = each.attributes.get('name');
    const type = each.attributes.get('type');
    if (name === undefined || type === undefined) return [unreadable(each, 'a column without a name or a type')];
    const nullable = each.children.find((child) => child.name === 'constraints')?.attributes.get('nullable')?.toLowerCase();
    const alter = `ALTER TABLE ${table} ALTER COLUMN ${sqlName(name, naming)}`;
    return [generated(each, `${alter} TYPE ${postgresType(type)}`), ...(nullable === 'false' ? [generated(each, `${alter} SET NOT NULL`)] : [])];
  });
};

/** Changes of tables, columns, constraints, indexes, views and sequences. */
export const STRUCTURE_CHANGES: Readonly<Record<string, ChangeReader>> = {
  createTable,
  addColumn,
  dropColumn,
  addNotNullConstraint: addNotNull,
  dropNotNullConstraint: onColumn((_, name) => `ALTER COLUMN ${name} DROP NOT NULL`),
  addUniqueConstraint: keyConstraint('UNIQUE'),
  addPrimaryKey: keyConstraint('PRIMARY KEY'),
  addForeignKeyConstraint: addForeignKey,
  addCheckConstraint: addCheck,
  dropUniqueConstraint: dropConstraint('tableName', 'schemaName', null),
  dropCheckConstraint: dropConstraint('tableName', 'schemaName', null),
  dropPrimaryKey: dropConstraint('tableName', 'schemaName', (table) => `${table.toLowerCase()}_pkey`),
  dropForeignKeyConstraint: dropConstraint('baseTableName', 'baseTableSchemaName', null),
  createIndex,
  dropIndex,
  modifyDataType: onColumn((element, name) => {
    const type = attribute(element, 'newDataType');
    return type === null ? null : `ALTER COLUMN ${name} TYPE ${postgresType(type)} USING (${name}::${postgresType(type)})`;
  }),
  addDefaultValue: onColumn((element, name) => {
    const value = valueExpression(element, 'defaultValue');
    return value === null ? null : `ALTER COLUMN ${name} SET DEFAULT ${value}`;
  }),
  dropDefaultValue: onColumn((_, name) => `ALTER COLUMN ${name} DROP DEFAULT`),
  addAutoIncrement: onColumn((element, name) => `ALTER COLUMN ${name} ADD GENERATED ${attribute(element, 'generationType')?.toUpperCase() === 'ALWAYS' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`),
  renameColumn: (element, naming) => {
    const [old, name] = [column(element, naming, 'oldColumnName'), column(element, naming, 'newColumnName')];
    return old === null || name === null ? null : onTable(element, naming, `RENAME COLUMN ${old} TO ${name}`);
  },
  renameTable: renamed('TABLE', 'oldTableName', 'newTableName'),
  renameView: renamed('VIEW', 'oldViewName', 'newViewName'),
  renameSequence: renamed('SEQUENCE', 'oldSequenceName', 'newSequenceName'),
  dropTable: dropped('TABLE', 'tableName'),
  dropView: dropped('VIEW', 'viewName'),
  dropSequence: dropped('SEQUENCE', 'sequenceName'),
  createView,
  createSequence,
  alterSequence,
  setTableRemarks: (element, naming) => {
    const table = relation(element, naming);
    return table === null ? null : [generated(element, `COMMENT ON TABLE ${table} IS ''`)];
  },
  setColumnRemarks: (element, naming) => {
    const [table, name] = [relation(element, naming), column(element, naming)];
    return table === null || name === null ? null : [generated(element, `COMMENT ON COLUMN ${table}.${name} IS ''`)];
  },
  addLookupTable,
  mergeColumns,
  modifyColumn,
};

/** Whether a boolean attribute that is on by default is on. */
export function isOn(element: Element, name: string): boolean {
  return !isFalse(element, name);
}
