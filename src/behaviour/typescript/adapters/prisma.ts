import { syntax } from '../../../languages/typescript.js';
import { conjuncts } from '../../query.js';
import type { Query } from '../../query.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { relationsIn } from './relations.js';
import { assignmentsOf, property, selectedColumns, whereOf } from './where-object.js';

const READS: Readonly<Record<string, { readonly many: boolean; readonly orThrow: boolean }>> = {
  findUnique: { many: false, orThrow: false },
  findUniqueOrThrow: { many: false, orThrow: true },
  findFirst: { many: false, orThrow: false },
  findFirstOrThrow: { many: false, orThrow: true },
  findMany: { many: true, orThrow: false },
};
const COUNTS = new Set(['count', 'aggregate', 'groupBy']);
const WRITES: Readonly<Record<string, 'insert' | 'update' | 'delete' | 'upsert'>> = {
  create: 'insert',
  createMany: 'insert',
  createManyAndReturn: 'insert',
  update: 'update',
  updateMany: 'update',
  updateManyAndReturn: 'update',
  upsert: 'upsert',
  delete: 'delete',
  deleteMany: 'delete',
};
/** Spellings no other library has. */
const OWN = new Set(['findUnique', 'findUniqueOrThrow', 'findFirstOrThrow', 'createManyAndReturn', 'updateManyAndReturn']);
const CLIENT = /prisma|^db$|^\$?tx$|^trx$|^t$|client|database|^orm$|transaction|^dbx?$|conn(ection)?$/i;

/** Prisma Client: `prisma.account.update({ where, data })`. Raw queries are the SQL adapter's. */
export const prisma: Adapter = {
  library: 'prisma',
  matches(call: CallNames): boolean {
    const { links, root } = call.chain;
    const model = links.at(-2);
    if (model === undefined || model.call !== null || links.at(-1)?.call == null) return false;
    if (READS[call.name] === undefined && !COUNTS.has(call.name) && WRITES[call.name] === undefined) return false;
    const client = links.at(-3)?.name ?? root;
    if (client === 'query' || call.file.typed.has(model.name)) return false;
    if (OWN.has(call.name)) return links.length > 2 || root !== 'this';
    return CLIENT.test(client) || call.scope.handles.has(client) || isShaped(call);
  },
  read(call: CallSite): Recognition | null {
    const argument = call.values[0];
    if (call.values.length > 1) return null;
    // Prisma takes one object; anything else belongs to another library.
    if (argument !== undefined && argument.kind !== 'object' && argument.kind !== 'parameter' && argument.kind !== 'field' && argument.kind !== 'opaque') return null;
    const model = call.chain.links.at(-2)?.name ?? '';
    return { is: 'query', query: queryOf(call, model) };
  },
};

/** `anything.account.update({ where, data })`: whatever the client is called, no other library is asked like that. */
function isShaped(call: CallNames): boolean {
  const argument = call.chain.links.at(-1)?.call?.arguments[0];
  if (argument === undefined || !syntax.isObjectLiteralExpression(argument)) return false;
  const names = new Set(argument.properties.map((one) => one.name?.getText() ?? ''));
  if (/^(update|updateMany)$/.test(call.name)) return names.has('where') && names.has('data');
  if (call.name === 'upsert') return names.has('where') && names.has('create') && names.has('update');
  if (/^(create|createMany)$/.test(call.name)) return names.has('data') && call.chain.links.length > 2;
  return /^(findFirst|findMany|deleteMany)$/.test(call.name) && names.has('where') && call.chain.links.length > 1;
}

function queryOf(call: CallSite, model: string): Query {
  const [argument] = call.values;
  const { where, known } = whereOf(property(argument, 'where'));
  const whereKnown = known && argument?.kind !== 'parameter';
  const base = { library: 'prisma', entityName: model, where, whereKnown, handle: call.receiver.slice(0, -(model.length + 1)) };
  const read = READS[call.name];
  if (read !== undefined) {
    return { kind: 'read', ...base, ...read, limit: property(argument, 'take') ?? null, columns: selectedColumns(property(argument, 'select')), relations: relationsIn(argument) };
  }
  const operation = WRITES[call.name];
  if (operation === undefined) return { kind: 'count', ...base, aggregate: aggregateOf(call) };
  const many = call.name.includes('Many');
  const { data, known: dataKnown } = assignmentsOf(property(argument, operation === 'upsert' ? 'update' : 'data'));
  const skips = property(argument, 'skipDuplicates');
  return {
    kind: 'write',
    ...base,
    operation,
    data,
    dataKnown,
    many,
    // `update` and `delete` throw P2025 when nothing matched; further conditions beside the unique key count as well.
    failsWhenMissing: !many && operation !== 'insert' && operation !== 'upsert' && conjuncts(where).length > 0,
    onConflict: operation === 'upsert' ? 'update' : skips?.kind === 'literal' && skips.value === true ? 'nothing' : 'fail',
  };
}

function aggregateOf(call: CallSite): 'count' | 'max' | 'min' | 'sum' | 'average' {
  if (call.name === 'count') return 'count';
  const [argument] = call.values;
  if (property(argument, '_max') !== undefined) return 'max';
  if (property(argument, '_min') !== undefined) return 'min';
  if (property(argument, '_sum') !== undefined) return 'sum';
  return property(argument, '_avg') !== undefined ? 'average' : 'count';
}
