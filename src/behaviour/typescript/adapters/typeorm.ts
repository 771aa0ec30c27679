import { syntax } from '../../../languages/typescript.js';
import type { Expression } from '../../expression.js';
import type { RowLock } from '../../event.js';
import { allOf, compare } from '../../query.js';
import type { Relation } from '../../query.js';
import { rowOf } from '../../same-row.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { byPaths, namedRelations } from './relations.js';
import { sqlFragment } from './sql-fragment.js';
import { declaredRepository, repositoryIn } from './typeorm-repositories.js';
import { assignmentsOf, property, selectedColumns, whereOf } from './where-object.js';

const OBJECT_READS = new Set(['findOne', 'find', 'findOneOrFail', 'findAndCount']);
const BY_READS = new Set(['findOneBy', 'findBy', 'findOneByOrFail', 'findOneById', 'findByIds', 'findAndCountBy']);
const COUNTS = new Set(['count', 'countBy', 'exist', 'exists', 'existsBy']);
const WRITES = new Set(['save', 'update', 'insert', 'delete', 'remove', 'softDelete', 'softRemove', 'restore', 'upsert', 'increment', 'decrement']);
const RECEIVER = /(repo|repository|repositories)$|manager$|^(em|mgr)$|getRepository|withRepository/i;
const BUILDER_END = new Set(['getOne', 'getOneOrFail', 'getMany', 'getManyAndCount', 'getRawOne', 'getRawMany', 'getCount', 'getExists', 'execute']);

/** TypeORM: repositories, the entity manager, `getRepository(Order)`, and query builders. */
export const typeorm: Adapter = {
  library: 'typeorm',
  matches(call: CallNames): boolean {
    if (BUILDER_END.has(call.name)) return call.chain.links.some((link) => /^(createQueryBuilder|select|update|delete|insert|from)$/.test(link.name) && link.call !== null);
    if (!OBJECT_READS.has(call.name) && !BY_READS.has(call.name) && !COUNTS.has(call.name) && !WRITES.has(call.name)) return false;
    if (BY_READS.has(call.name) && call.receiver !== '') return true;
    return (RECEIVER.test(call.receiver) && usesTypeorm(call)) || declaredRepository(call) !== null;
  },
  read(call: CallSite): Recognition | null {
    if (BUILDER_END.has(call.name)) return builder(call);
    const { entityName, values } = subject(call);
    const base = { library: 'typeorm', entityName, handle: handleOf(call) };
    if (WRITES.has(call.name)) return write(call, base, values);
    const wholeOptions = OBJECT_READS.has(call.name) || call.name === 'count' || /^exists?$/.test(call.name);
    const found = whereOf(wholeOptions ? property(values[0], 'where') : values[0]);
    const conditions = { where: found.where, whereKnown: found.known && values[0]?.kind !== 'parameter' };
    if (COUNTS.has(call.name)) return { is: 'query', query: { kind: 'count', ...base, ...conditions, aggregate: call.name.startsWith('exist') ? 'exists' : 'count' } };
    const many = !call.name.startsWith('findOne');
    const lock = lockOf(property(property(values[0], 'lock'), 'mode'));
    const columns = selectedColumns(property(values[0], 'select'));
    return { is: 'query', query: { kind: 'read', ...base, ...conditions, many, lock, columns, limit: property(values[0], 'take') ?? null, relations: namedRelations(property(values[0], 'relations')), orThrow: call.name.endsWith('OrFail') } };
  },
};

/** The file knows TypeORM, the chain asks for a repository, or a manager is handed an entity. A bare name says too little. */
function usesTypeorm(call: CallNames): boolean {
  if ([...call.file.modules].some((name) => name.includes('typeorm'))) return true;
  const { links } = call.chain;
  if (links.some((link) => /^(getRepository|getTreeRepository|withRepository)$/.test(link.name) && link.call !== null)) return true;
  const first = links.at(-1)?.call?.arguments[0];
  return /(^|\.)(\w*[mM]anager|em|mgr)$/.test(call.receiver) && first !== undefined && syntax.isIdentifier(first) && /^[A-Z]/.test(first.text);
}

export function lockOf(mode: Expression | undefined): RowLock {
  if (mode?.kind !== 'literal' || typeof mode.value !== 'string') return 'none';
  if (mode.value === 'optimistic') return 'version';
  if (/read$|^for_key_share$/.test(mode.value)) return 'share';
  return /pessimistic|update|dirty|or_fail/.test(mode.value) ? 'update' : 'none';
}

/** The entity and the arguments behind it: a manager's methods take the entity first. */
function subject(call: CallSite): { readonly entityName: string; readonly values: readonly Expression[] } {
  const { links, root } = call.chain;
  const made = links.findLast((link) => /^(getRepository|getTreeRepository|getCustomRepository|withRepository|forEntity)$/.test(link.name));
  const argument = made?.call?.arguments.at(-1);
  if (argument !== undefined) return { entityName: repositoryIn(call, argument)?.entityName ?? nameOf(argument.getText()), values: call.values };
  const declared = declaredRepository(call);
  if (declared !== null) return { entityName: declared.entityName, values: call.values };
  const receiver = links.at(-2)?.name ?? root;
  const first = call.node.arguments[0];
  if (/manager$|^(em|mgr)$/i.test(receiver) && first !== undefined && syntax.isIdentifier(first) && /^[A-Z]/.test(first.text)) {
    return { entityName: first.text, values: call.values.slice(1) };
  }
  const row = call.values[0] === undefined ? null : rowOf(call.values[0]);
  if (/manager$|^(em|mgr)$/i.test(receiver)) return { entityName: (row === null ? null : call.entityOfRow(row)) ?? '', values: call.values };
  return { entityName: nameOf(receiver), values: call.values };
}

function nameOf(text: string): string {
  return text.replace(/^this\./, '').replace(/(Repository|Repo|Repositories)$/, '');
}

function handleOf(call: CallSite): string {
  const { links, root } = call.chain;
  const made = links.find((link) => link.name === 'withRepository');
  if (made !== undefined) return root;
  const askedOf = declaredRepository(call)?.askedOf ?? [];
  if (askedOf.length > 0) return askedOf.join('.');
  const manager = [root, ...links.map((link) => link.name)].find((name) => /manager$|^(em|mgr)$|queryRunner|^tx$|^trx$/i.test(name));
  return manager ?? call.receiver;
}

type Base = { readonly library: string; readonly entityName: string; readonly handle: string };

function write(call: CallSite, base: Base, values: readonly Expression[]): Recognition {
  const [first, second, third] = values;
  if (call.name === 'increment' || call.name === 'decrement') return atomic(call.name, base, values);
  if (call.name === 'save' || call.name === 'remove' || call.name === 'softRemove') return saved(call, base, first);
  const operation = call.name === 'update' ? 'update' : call.name === 'insert' ? 'insert' : call.name === 'upsert' ? 'upsert' : call.name === 'restore' ? 'update' : 'delete';
  const criteria = operation === 'insert' || operation === 'upsert' ? { where: null, known: true } : criteriaOf(first);
  const changed = operation === 'update' ? second : operation === 'delete' ? undefined : first;
  const { data, known } = assignmentsOf(changed);
  void third;
  return { is: 'query', query: { kind: 'write', ...base, where: criteria.where, whereKnown: criteria.known, operation, data, dataKnown: known || operation === 'delete', onConflict: operation === 'upsert' ? 'update' : 'fail' } };
}

function atomic(name: string, base: Base, values: readonly Expression[]): Recognition {
  const [first, column, amount] = values;
  const { where, known } = whereOf(first);
  const target = column?.kind === 'literal' && typeof column.value === 'string' ? column.value : '';
  const value: Expression = { kind: 'binary', operator: name === 'increment' ? 'add' : 'subtract', left: { kind: 'column', name: target }, right: amount ?? { kind: 'literal', value: 1 } };
  const span = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
  return { is: 'query', query: { kind: 'write', ...base, where, whereKnown: known, operation: 'update', data: [{ column: target, value, span }], dataKnown: true } };
}

/** `save(row)` writes back what was read; `save({ id, … })` and `save(Object.assign(row, …))` too; a fresh object is an insert. */
function saved(call: CallSite, base: Base, value: Expression | undefined): Recognition {
  const row = value === undefined ? null : rowOf(value);
  const spread = value?.kind === 'object' ? value.spreads.map((one) => rowOf(one)).find((one) => one !== null) : undefined;
  const target = row ?? spread ?? null;
  const fresh = value?.kind === 'object' || (value?.kind === 'call' && /create$|^new /.test(value.callee));
  const { data } = value?.kind === 'object' ? assignmentsOf(value) : { data: [] };
  const written = target === null ? data : [...data, ...call.assigned(target).map((one) => ({ column: one.field, value: one.value, span: one.span }))];
  const hasId = data.some((one) => one.column === 'id');
  const removes = call.name !== 'save';
  const operation = removes ? 'delete' : target === null && fresh && !hasId ? 'insert' : 'save';
  const id = data.find((one) => one.column === 'id');
  const where = id === undefined ? null : compare('id', 'equal', id.value);
  const entityName = base.entityName === '' && target !== null ? (call.entityOfRow(target) ?? '') : base.entityName;
  return { is: 'query', query: { kind: 'write', ...base, entityName, where, whereKnown: target !== null || hasId, operation, data: written, dataKnown: row !== null, target, wholeRow: target !== null && !removes } };
}

function criteriaOf(value: Expression | undefined): { readonly where: Expression | null; readonly known: boolean } {
  if (value === undefined) return { where: null, known: false };
  return value.kind === 'object' || value.kind === 'array' ? whereOf(value) : { where: compare('id', 'equal', value), known: true };
}

/** `leftJoinAndSelect('order.items', 'item')`. Only what hangs on the row itself: deeper joins go by their alias. */
function joined(call: CallSite): readonly Relation[] {
  const paths = call.chain.links.flatMap((link, place) => {
    const [path] = /JoinAndSelect$/.test(link.name) ? (call.linkValues[place] ?? []) : [];
    return path?.kind === 'literal' && typeof path.value === 'string' ? [path.value.split('.').slice(1)] : [];
  });
  return byPaths(paths);
}

function builder(call: CallSite): Recognition | null {
  const { links } = call.chain;
  const at = (name: string): readonly Expression[] | undefined => {
    const place = links.findIndex((link) => link.name === name && link.call !== null);
    return place === -1 ? undefined : call.linkValues[place];
  };
  const conditions = links.flatMap((link, place) => (/^(where|andWhere)$/.test(link.name) ? [sqlFragment(call.linkValues[place] ?? [])] : []));
  const repository = links.findIndex((link) => link.name === 'createQueryBuilder');
  const owner = repository > 0 ? (links[repository - 1]?.name ?? '') : call.chain.root;
  const entity = ['update', 'from', 'into'].map((name) => at(name)?.[0]).find((one) => one !== undefined && one.kind === 'parameter');
  const typed = links.find((link) => link.name === 'getRepository' && link.call !== null)?.call?.arguments.at(-1)?.getText();
  const entityName = entity?.kind === 'parameter' ? entity.name : (declaredRepository(call)?.entityName ?? nameOf(typed ?? owner));
  const base = { library: 'typeorm', entityName, handle: handleOf(call), where: allOf(conditions), whereKnown: conditions.every((one) => one !== null) };
  const set = at('set');
  if (call.name === 'execute') {
    const operation = at('delete') !== undefined ? 'delete' : at('insert') !== undefined ? 'insert' : 'update';
    const { data, known } = assignmentsOf(set?.[0] ?? at('values')?.[0]);
    return { is: 'query', query: { kind: 'write', ...base, operation, data, dataKnown: known, onConflict: at('orIgnore') !== undefined ? 'nothing' : at('orUpdate') !== undefined ? 'update' : 'fail' } };
  }
  if (/^get(Count|Exists)$/.test(call.name)) return { is: 'query', query: { kind: 'count', ...base, aggregate: call.name === 'getCount' ? 'count' : 'exists' } };
  const wait = at('setOnLocked')?.[0];
  return {
    is: 'query',
    query: { kind: 'read', ...base, many: /Many/.test(call.name), lock: lockOf(at('setLock')?.[0]), wait: wait?.kind === 'literal' && wait.value === 'skip_locked' ? 'skip' : 'block', limit: at('take')?.[0] ?? at('limit')?.[0] ?? null, relations: joined(call) },
  };
}
