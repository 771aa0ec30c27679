import type { Expression } from '../expression.js';
import { readSqlQuery } from '../sql-query.js';
import { place } from './builder.js';
import { valuesOf, type CallSite } from './call-site.js';
import { setIsolation } from './transactions.js';
import { emit, nextId, resultOf } from './walk.js';
import type { Walk } from './walk.js';

/** Methods of `DB`, PDO and Doctrine's connection that run SQL as text. */
const RUNS = /^(select|selectOne|selectFromWriteConnection|insert|update|delete|statement|affectingStatement|unprepared|query|exec|executeQuery|executeStatement|executeUpdate|fetchAssociative|fetchAssoc|fetchOne|fetchColumn|fetchAllAssociative|fetchAll|fetchArray|fetchNumeric|fetchFirstColumn|fetchAllKeyValue|iterateAssociative|scalar|prepare|createNativeQuery|get_row|get_results|get_var)$/;
const FETCHES = /^(fetch|fetchAll|fetchColumn|fetchObject|fetchAssociative|fetchAllAssociative|fetchOne|fetchNumeric|getResult|getSingleResult|getOneOrNullResult|fetch_assoc|fetch_object|get_result)$/;

/** SQL as text: PDO, Doctrine's DBAL, Laravel's `DB::select`. null for anything else. */
export function sqlCall(walk: Walk, site: CallSite, self: Expression | null): Expression | null {
  const { name, receiver } = site;
  if (receiver === undefined) return null;
  const prepared = self === null ? undefined : walk.statements.get(self);
  if (prepared !== undefined && self !== null) return onStatement(walk, site, self, prepared);
  // What a query yielded is fetched: the rows are those of the query.
  const fetched = self?.kind === 'result' && FETCHES.test(name) ? walk.events[self.event]?.kind : undefined;
  if (self !== null && (fetched === 'read' || fetched === 'count')) return self;
  if (!RUNS.test(name) || site.arguments.length === 0) return null;
  const values = valuesOf(walk, site);
  const [text, parameters] = values;
  if (text === undefined || !isText(text)) return null;
  if (name === 'prepare') {
    const value: Expression = { kind: 'opaque', text: site.callee, uses: [] };
    walk.statements.set(value, text);
    return value;
  }
  return run(walk, site, text, parameters);
}

function isText(value: Expression): boolean {
  const head = value.kind === 'template' ? value.parts[0] : value;
  return head?.kind === 'literal' && typeof head.value === 'string' && /^\s*(select|insert|update|delete|with|begin|start|commit|rollback|set|replace|lock)\b/i.test(head.value);
}

function onStatement(walk: Walk, site: CallSite, self: Expression, text: Expression): Expression {
  if (/^(execute|executeQuery|executeStatement)$/.test(site.name)) {
    const ran = run(walk, site, text, valuesOf(walk, site)[0]);
    if (ran !== null) walk.ran.set(self, ran);
    return ran ?? self;
  }
  if (FETCHES.test(site.name) || site.name === 'rowCount') {
    const ran = walk.ran.get(self);
    if (ran?.kind !== 'result') return self;
    if (site.name === 'rowCount') return { kind: 'affected', event: ran.event };
    return ran;
  }
  valuesOf(walk, site);
  return self;
}

function run(walk: Walk, site: CallSite, text: Expression, parameters: Expression | undefined): Expression | null {
  const { statement, values } = numbered(text, parameters);
  const found = readSqlQuery(statement, values, 'sql', site.callee);
  if (found === null) return null;
  switch (found.is) {
    case 'query': {
      const id = place(walk, site, found.query);
      if (found.query.kind === 'write') return /^(update|delete|affectingStatement|exec|executeStatement|executeUpdate)$/.test(site.name) ? { kind: 'affected', event: id } : resultOf(id);
      return resultOf(id);
    }
    case 'begin':
      emit(walk, site.node, { kind: 'tx-begin', transaction: nextId(walk), handle: null, isolation: found.isolation, style: 'statements' });
      return { kind: 'literal', value: null };
    case 'isolation':
      setIsolation(walk, found.isolation);
      return { kind: 'literal', value: null };
    case 'lock':
      return resultOf(emit(walk, site.node, { kind: 'lock-acquire', lock: nextId(walk), name: found.name, key: found.key, scope: found.scope, ttl: null, tries: found.tries, promise: 'none' }));
    case 'end':
      return { kind: 'literal', value: null };
  }
}

/** Named parameters (`:id`) get the numbers that the SQL reader knows. */
function numbered(text: Expression, parameters: Expression | undefined): { readonly statement: Expression; readonly values: readonly Expression[] } {
  const values: Expression[] = parameters?.kind === 'array' ? [...parameters.elements] : [];
  const given = parameters?.kind === 'object' ? parameters.properties : [];
  const numbers = new Map<string, number>();
  const rewrite = (written: string): string =>
    written.replace(/(?<![:\w]):([A-Za-z_]\w*)/g, (_whole, name: string) => {
      const known = numbers.get(name) ?? values.length + 1;
      if (!numbers.has(name)) {
        numbers.set(name, known);
        values.push(given.find((one) => one.name.replace(/^:/, '') === name)?.value ?? { kind: 'parameter', name, outer: true });
      }
      return `$${known}`;
    });
  const part = (one: Expression): Expression => (one.kind === 'literal' && typeof one.value === 'string' ? { kind: 'literal', value: rewrite(one.value) } : one);
  return { statement: text.kind === 'template' ? { kind: 'template', parts: text.parts.map(part) } : part(text), values };
}
