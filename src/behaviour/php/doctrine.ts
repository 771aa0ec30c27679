import type { Expression } from '../expression.js';
import type { RowLock } from '../event.js';
import { allOf, compare } from '../query.js';
import { rowOf } from '../same-row.js';
import { newBuilder, place } from './builder.js';
import { valuesOf, type CallSite } from './call-site.js';
import { isModel } from './file-facts.js';
import { assignedTo, forgetAssigned } from './member.js';
import { assignedData } from './rows.js';
import { resultOf, written } from './walk.js';
import type { Walk } from './walk.js';

const MANAGER = /(^|\.)(em|entityManager|objectManager|documentManager|manager|doctrine|\w*EntityManager|getManager|getEntityManager|getDoctrine)$/i;
const REPOSITORY = /(^|\.)(\w*[a-z]Repository|\w*[a-z]Repo|getRepository)$/;

/** Doctrine's entity manager, and repositories of Doctrine or of an application. null for anything else. */
export function doctrineCall(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const { name, callee, receiver } = site;
  if (receiver === undefined || site.isStatic) return null;
  const owner = callee.slice(0, -name.length - 1);
  if (MANAGER.test(owner) || managerTyped(walk, receiver)) return managerCall(walk, site);
  const entity = self === null ? undefined : walk.repositories.get(self);
  if (entity !== undefined) return repositoryCall(walk, site, entity, 'doctrine');
  if (!REPOSITORY.test(owner)) return null;
  return repositoryCall(walk, site, (owner.split('.').pop() ?? owner).replace(/Repo(sitory)?$/, ''), 'repository');
}

function managerTyped(walk: Walk, receiver: CallSite['receiver']): boolean {
  const name = receiver === undefined ? '' : written(walk, receiver).replace(/^\$(this->)?/, '');
  return /^(EntityManager|EntityManagerInterface|ObjectManager|DocumentManager)$/.test(walk.owner?.properties.get(name) ?? walk.types.get(name) ?? '');
}

function entityNamed(walk: Walk, value: Expression | undefined): string | null {
  if (value?.kind === 'field' && value.name === 'class' && value.of.kind === 'parameter') return value.of.name;
  if (value?.kind !== 'literal' || typeof value.value !== 'string') return null;
  const last = value.value.split(/[\\:]/).pop() ?? '';
  return /^[A-Z]\w*$/.test(last) && isModel(walk.file, last) !== 'no' ? last : null;
}

function managerCall(walk: Walk, site: CallSite): Expression | null {
  const { name } = site;
  if (!/^(find|getReference|getRepository|flush|persist|remove|lock|refresh|createQueryBuilder)$/.test(name)) return null;
  const values = valuesOf(walk, site);
  const [first, second, third] = values;
  if (name === 'flush') return flushed(walk, site);
  if (name === 'getRepository') {
    const value: Expression = { kind: 'opaque', text: site.callee, uses: [] };
    const entity = entityNamed(walk, first);
    if (entity !== null) walk.repositories.set(value, entity);
    return value;
  }
  if (name === 'find' || name === 'getReference') {
    const entity = entityNamed(walk, first);
    if (entity === null || second === undefined) return null;
    return resultOf(place(walk, site, { kind: 'read', library: 'doctrine', entityName: entity, where: compare('id', 'equal', second), whereKnown: true, handle: site.callee, many: false, lock: lockOf(third) }));
  }
  const row = first === undefined ? null : rowOf(first);
  const event = row === null ? undefined : walk.events[row];
  if (name === 'persist') return persisted(walk, site, first);
  if (row === null || (event?.kind !== 'read' && event?.kind !== 'write')) return null;
  if (name === 'remove') return resultOf(place(walk, site, { kind: 'write', library: 'doctrine', entityName: event.entityName, where: null, whereKnown: true, handle: site.callee, operation: 'delete', data: [], dataKnown: true, target: row }));
  if (name === 'lock' || name === 'refresh') {
    const id: Expression = { kind: 'field', of: resultOf(row), name: 'id' };
    place(walk, site, { kind: 'read', library: 'doctrine', entityName: event.entityName, where: compare('id', 'equal', id), whereKnown: true, handle: site.callee, many: false, lock: lockOf(second) });
    return first ?? null;
  }
  return null;
}

/** `LockMode::PESSIMISTIC_WRITE`, `LockMode::OPTIMISTIC`. */
function lockOf(value: Expression | undefined): RowLock {
  const name = value?.kind === 'field' ? value.name : '';
  if (/PESSIMISTIC_WRITE/.test(name)) return 'update';
  if (/OPTIMISTIC/.test(name)) return 'version';
  return /PESSIMISTIC_READ/.test(name) ? 'share' : 'none';
}

/** A flush writes every row that was changed since it was read. */
function flushed(walk: Walk, site: CallSite): Expression {
  const changed = new Set([...walk.scope.values.keys()].flatMap((name) => /^#(\d+)\./.exec(name)?.[1] ?? []).map(Number));
  let last: Expression = { kind: 'literal', value: null };
  for (const row of changed) {
    const event = walk.events[row];
    if ((event?.kind !== 'read' && event?.kind !== 'write') || event.library === 'eloquent' || assignedTo(walk, row).length === 0) continue;
    last = resultOf(place(walk, site, { kind: 'write', library: 'doctrine', entityName: event.entityName, where: null, whereKnown: true, handle: site.callee, operation: 'save', data: assignedData(walk, row), dataKnown: true, target: row }));
    forgetAssigned(walk, row);
  }
  return last;
}

function persisted(walk: Walk, site: CallSite, value: Expression | undefined): Expression {
  if (value?.kind !== 'call' || !value.callee.startsWith('new ')) return { kind: 'literal', value: null };
  const entityName = value.callee.slice(4);
  return resultOf(place(walk, site, { kind: 'write', library: 'doctrine', entityName, where: null, whereKnown: true, handle: site.callee, operation: 'insert', data: walk.madeRows.get(value) ?? [], dataKnown: false }));
}

function repositoryCall(walk: Walk, site: CallSite, entityName: string, library: string): Expression | null {
  const { name } = site;
  const by = /^(?:find|findOne|get|getOne)By([A-Z]\w*)$/.exec(name)?.[1];
  if (!/^(find|findOrFail|findOne|findOneBy|findBy|findAll|findOneWhere|findWhere|findByField|count|createQueryBuilder)$/.test(name) && by === undefined) return null;
  const values = valuesOf(walk, site);
  const [first, second] = values;
  if (name === 'createQueryBuilder') return newBuilder(walk, library, entityName).value;
  const criteria = first?.kind === 'object' ? first.properties.map((one) => compare(one.name, 'equal', one.value)) : [];
  const single = /^find(OrFail|One)?$/.test(name) && first !== undefined && first.kind !== 'object' ? [compare('id', 'equal', first)] : [];
  const column = by?.replace(/And[A-Z]\w*$/, '');
  const dynamic = column !== undefined && first !== undefined ? [compare(column.charAt(0).toLowerCase() + column.slice(1), 'equal', first)] : [];
  const where = allOf([...criteria, ...single, ...dynamic]);
  const base = { library, entityName, where, whereKnown: criteria.length + single.length + dynamic.length > 0, handle: site.callee };
  if (name === 'count') return resultOf(place(walk, site, { kind: 'count', ...base, aggregate: 'count' }));
  const many = /^(findBy|findAll|findWhere|findByField)/.test(name) && by === undefined;
  return resultOf(place(walk, site, { kind: 'read', ...base, many, lock: /lock|forUpdate/i.test(name) ? 'update' : lockOf(second) }));
}
