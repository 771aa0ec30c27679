import type { CheckedWrite, StaleWrite } from './races.js';
import type { Write } from './event.js';
import type { Models } from './models/models.js';
import { DOCTRINE_LOCK, eloquentAtomic, eloquentConditional, eloquentLock } from './php-idiom.js';

/** How each library writes the same thing without the race: in its own words, with the author's names. */
export function atomicIdiom(write: Write, column: string, direction: 'up' | 'down' | null): string {
  const table = write.entityName;
  switch (write.library) {
    case 'prisma':
      return `\`${column}: { ${direction === 'down' ? 'decrement' : 'increment'}: … }\``;
    case 'typeorm':
      return `\`repository.${direction === 'down' ? 'decrement' : 'increment'}({ id }, '${column}', …)\``;
    case 'sequelize':
      return `\`${table}.${direction === 'down' ? 'decrement' : 'increment'}('${column}', { by: …, where: { id } })\``;
    case 'mongoose':
      return `\`updateOne({ _id }, { $inc: { ${column}: … } })\``;
    case 'knex':
      return `\`.${direction === 'down' ? 'decrement' : 'increment'}('${column}', …)\``;
    case 'postgrest':
      return `a database function that counts \`${column}\`, called with \`rpc\``;
    case 'eloquent':
      return eloquentAtomic(write, column, direction);
    case 'objection':
      return `\`.patch({ ${column}: raw('?? ${direction === 'down' ? '-' : '+'} ?', '${column}', …) })\``;
    case 'drizzle':
      return `an \`sql\` expression in \`set\` over \`${table}.${column}\` itself`;
    default:
      return `\`SET ${column} = ${column} ${direction === 'down' ? '-' : '+'} …\``;
  }
}

/** The write that carries its own check: the condition stands in the WHERE, and the affected rows are looked at. */
export function conditionalIdiom(race: CheckedWrite): string {
  const { write, column, kind, direction } = race;
  const table = write.entityName;
  const operator = direction === 'down' ? { object: 'gte', mongo: '$gte', sql: '>=' } : { object: 'lt', mongo: '$lt', sql: '<' };
  const amount = kind === 'amount';
  switch (write.library) {
    case 'prisma':
      return amount
        ? `Put the check into the write: \`updateMany({ where: { …, ${column}: { ${operator.object}: … } }, data: { ${column}: { ${direction === 'down' ? 'decrement' : 'increment'}: … } } })\`, and fail when its \`count\` is 0`
        : `Put the expected \`${column}\` into the write: \`updateMany({ where: { …, ${column}: <the state checked> }, data: … })\`, and stop when its \`count\` is 0, before anything else happens`;
    case 'typeorm':
      return amount
        ? `Put the check into the write: \`createQueryBuilder().update().set({ ${column}: () => '${column} ${direction === 'down' ? '-' : '+'} :n' }).where('… AND ${column} ${operator.sql} :n')\`, and fail when \`affected\` is 0; or read with \`lock: { mode: 'pessimistic_write' }\` inside the transaction`
        : `Put the expected state into the criteria: \`update({ …, ${column}: <the state checked> }, …)\`, and stop when \`affected\` is 0; or read with \`lock: { mode: 'pessimistic_write' }\` inside a transaction`;
    case 'sequelize':
      return `Read with \`{ lock: t.LOCK.UPDATE, transaction: t }\` inside the transaction, or put \`${column}\` into the \`where\` of \`${table}.update\` and stop when it touched no rows`;
    case 'mongoose':
      return amount
        ? `Make it one operation: \`findOneAndUpdate({ _id, ${column}: { ${operator.mongo}: … } }, { $inc: { ${column}: … } })\`, and fail when it returns null`
        : `Make it one operation: \`findOneAndUpdate({ _id, ${column}: <the state checked> }, { $set: … })\`, and stop when it returns null`;
    case 'eloquent':
      return eloquentConditional(race);
    case 'doctrine':
      return `${DOCTRINE_LOCK.charAt(0).toUpperCase()}${DOCTRINE_LOCK.slice(1)}`;
    case 'mikro-orm':
      return 'Read with `{ lockMode: LockMode.PESSIMISTIC_WRITE }` inside `em.transactional`, or give the entity a `version: true` property';
    case 'postgrest':
      return `Put the check into the update: add \`${amount ? `.${direction === 'down' ? 'gte' : 'lt'}('${column}', …)` : `.eq('${column}', <the state checked>)`}.select()\`, and stop when it returns no row; or do both in one database function called with \`rpc\``;
    case 'objection':
    case 'kysely':
    case 'knex':
      return `Read with \`.forUpdate()\` inside the transaction, or add \`.where('${column}', …)\` to the update and stop when it touched no rows`;
    case 'drizzle':
      return `Read with \`.for('update')\` inside the transaction, or put \`${column}\` into the update's \`where\` and stop when \`.returning()\` is empty`;
    default:
      return amount
        ? `Put the check into the statement: \`UPDATE ${table} SET ${column} = ${column} ${direction === 'down' ? '-' : '+'} n WHERE … AND ${column} ${operator.sql} …\`, and fail when no row was affected; or read with \`SELECT … FOR UPDATE\` inside the transaction`
        : `Put the expected state into the statement: \`UPDATE ${table} SET … WHERE … AND ${column} = <the state checked>\`, and stop when no row was affected; or read with \`SELECT … FOR UPDATE\` inside the transaction`;
  }
}

/** How the row is kept still while it is read and written: for values the database cannot compute in one statement. */
export function lockIdiom(write: Write): string {
  switch (write.library) {
    case 'prisma':
      return 'read the row inside `$transaction` with `$queryRaw` and `SELECT … FOR UPDATE`, or add a version column to the `where` and retry when `count` is 0';
    case 'typeorm':
      return "read with `lock: { mode: 'pessimistic_write' }` inside the transaction, or compare a version in the criteria of `update` and try again when `affected` is 0";
    case 'sequelize':
      return 'read with `{ lock: t.LOCK.UPDATE, transaction: t }` inside a transaction, or set `version: true` on the model';
    case 'mongoose':
      return 'use an update operator (`$push`, `$addToSet`, `$pull`, `$set` with a dotted path), or `optimisticConcurrency: true` on the schema';
    case 'eloquent':
      return eloquentLock(write);
    case 'doctrine':
      return DOCTRINE_LOCK;
    case 'mikro-orm':
      return 'read with `{ lockMode: LockMode.PESSIMISTIC_WRITE }` inside `em.transactional`, or give the entity a `version: true` property';
    case 'postgrest':
      return 'do both in one database function called with `rpc`, or add a version column to the filters and try again when no row comes back';
    case 'objection':
    case 'kysely':
    case 'knex':
      return 'read with `.forUpdate()` inside the transaction';
    case 'drizzle':
      return "read with `.for('update')` inside the transaction";
    default:
      return 'read with `SELECT … FOR UPDATE` inside the transaction, or compare a version column in the `WHERE`';
  }
}

/** What to do about a value computed from an old one. */
export function staleIdiom({ write, assignment, computation }: StaleWrite, direction: 'up' | 'down' | null): string {
  if (computation === 'number') return `Let the database compute it: ${atomicIdiom(write, assignment.column, direction)}; or ${lockIdiom(write)}`;
  if (computation === 'list' && write.library === 'prisma') return `Let the database append (\`${assignment.column}: { push: … }\` on a scalar list), or ${lockIdiom(write)}`;
  const idiom = lockIdiom(write);
  return idiom.charAt(0).toUpperCase() + idiom.slice(1);
}

/** A sentence on a guard that only looks like one; empty where there is none. */
export function falseGuard(write: Write, models: Models): string {
  const counted = write.library === 'typeorm' && write.operation === 'save' && write.entity !== null && models.counted.has(write.entity);
  return counted ? ` The \`@VersionColumn\` does not prevent it: TypeORM’s \`save\` raises the version and compares it with nothing.` : '';
}
