import { readSqlQuery } from '../../sql-query.js';
import type { Expression } from '../../expression.js';
import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { property } from './where-object.js';

const METHODS = new Set(['query', 'execute', 'one', 'oneOrNone', 'none', 'any', 'many', 'manyOrNone', 'result', 'raw', 'run', '$queryRawUnsafe', '$executeRawUnsafe', '$queryRaw', '$executeRaw', 'unsafe']);
/** The tags of `sql\`…\`` templates that run what they hold. */
export const SQL_TAGS: ReadonlySet<string> = new Set(['$queryRaw', '$executeRaw', 'sql', 'SQL', 'query']);

/** SQL as text: pg, mysql2, postgres.js, pg-promise, `prisma.$queryRaw`, TypeORM's `query`, `knex.raw`. */
export const rawSql: Adapter = {
  library: 'sql',
  matches(call: CallNames): boolean {
    return METHODS.has(call.name) && call.receiver !== '';
  },
  read(call: CallSite): Recognition | null {
    const [first, second] = call.values;
    const config = first?.kind === 'object' ? property(first, 'text') ?? property(first, 'sql') : first;
    const parameters = first?.kind === 'object' ? property(first, 'values') : second;
    if (config === undefined) return null;
    const named = call.name.startsWith('$') ? call.values.slice(1) : parameters?.kind === 'array' ? parameters.elements : parameters?.kind === 'object' ? [parameters] : [];
    const found = readSqlQuery(config, named, libraryOf(call), call.receiver);
    return found === null ? null : recognitionOf(found);
  },
};

/** A tagged template that is SQL: `prisma.$queryRaw\`SELECT …\``, `sql\`UPDATE …\``. */
export function readTagged(template: Expression, callee: string): Recognition | null {
  const receiver = callee.includes('.') ? callee.slice(0, callee.lastIndexOf('.')) : callee;
  const found = readSqlQuery(template, [], callee.includes('$') ? 'prisma' : 'sql', receiver);
  return found === null ? null : recognitionOf(found);
}

function recognitionOf(found: NonNullable<ReturnType<typeof readSqlQuery>>): Recognition {
  if (found.is === 'query') return { is: 'query', query: found.query };
  if (found.is === 'begin') return { is: 'begin', isolation: found.isolation, handle: found.handle };
  if (found.is === 'end') return { is: 'end', outcome: found.outcome };
  if (found.is === 'isolation') return found;
  return { is: 'lock', name: found.name, key: found.key, scope: found.scope, tries: found.tries };
}

function libraryOf(call: CallSite): string {
  if (call.name.startsWith('$')) return 'prisma';
  for (const name of ['pg', 'mysql2', 'mysql', 'typeorm', 'knex', 'postgres']) {
    if ([...call.file.modules].some((module) => module === name || module.startsWith(`${name}/`))) return name;
  }
  return 'pg';
}
