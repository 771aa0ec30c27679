import { resolveRelation, type Catalog } from '../catalog.js';
import type { Migration } from '../migration.js';
import type { Step } from '../step.js';
import { mentionsWord } from './copies.js';

/** Policies of a table whose conditions certainly use a column of it: they mention it and hold no subquery, whose columns could be another table's. */
export function policiesNeeding(catalog: Catalog, history: readonly Migration[], earlier: readonly Step[], key: string, column: string): readonly string[] {
  const there = catalog.tables.get(key)?.policies;
  if (there === undefined || there.size === 0) return [];
  const texts = new Map<string, string>();
  for (const step of [...history.flatMap((migration) => migration.up), ...earlier]) {
    if (step.kind !== 'create-policy' && step.kind !== 'alter-policy') continue;
    if (resolveRelation(catalog, step.table) !== key || !there.has(step.policy)) continue;
    texts.set(step.policy, step.kind === 'create-policy' ? step.statement : `${texts.get(step.policy) ?? ''}\n${step.statement}`);
  }
  return [...texts].flatMap(([name, text]) => (!/\bselect\b/i.test(text) && usesIn(text, column) ? [name] : []));
}

/** Whether the conditions, not the names of policy and table, mention the column. */
function usesIn(text: string, column: string): boolean {
  const conditions = /\b(?:using|with\s+check)\s*\(/i.exec(text);
  return conditions !== null && mentionsWord(text.slice(conditions.index), column);
}
