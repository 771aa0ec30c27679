import type { Node, RangeVar } from '../../languages/sql.js';

interface Pending {
  readonly value: unknown;
  /** Names of WITH clauses that count here. */
  readonly own: ReadonlySet<string>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cteName(node: unknown): string {
  return isRecord(node) && isRecord(node['CommonTableExpr']) && typeof node['CommonTableExpr']['ctename'] === 'string' ? node['CommonTableExpr']['ctename'] : '';
}

/** A statement with its WITH clause: each part sees those before it, all of them when RECURSIVE; the statement sees all. */
function statementParts(record: Readonly<Record<string, unknown>>, own: ReadonlySet<string>): Pending[] {
  const clause = isRecord(record['withClause']) ? record['withClause'] : {};
  const parts = Array.isArray(clause['ctes']) ? (clause['ctes'] as unknown[]) : [];
  const all = new Set([...own, ...parts.map(cteName)]);
  let seen = own;
  const pending: Pending[] = [];
  for (const part of parts) {
    pending.push({ value: part, own: clause['recursive'] === true ? all : seen });
    seen = new Set([...seen, cteName(part)]);
  }
  for (const [key, value] of Object.entries(record)) if (key !== 'withClause') pending.push({ value, own: all });
  return pending;
}

/** Visits every relation that is named below `root` and is no name of a WITH clause there. Trees may be thousands deep. */
export function visitRelations(root: unknown, visit: (relation: RangeVar) => void): void {
  const pending: Pending[] = [{ value: root, own: new Set() }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, own } = next;
    if (Array.isArray(value)) for (let at = value.length - 1; at >= 0; at -= 1) pending.push({ value: value[at], own });
    else if (isRecord(value)) {
      const tagged = value as Partial<Extract<Node, { RangeVar: unknown }>>;
      if (tagged.RangeVar !== undefined && (tagged.RangeVar.schemaname !== undefined || !own.has(tagged.RangeVar.relname ?? ''))) visit(tagged.RangeVar);
      // FOR UPDATE OF names what stands in FROM.
      const rest = 'lockingClause' in value ? { ...value, lockingClause: [] } : value;
      const parts = isRecord(rest['withClause']) ? statementParts(rest, own) : Object.values(rest).map((each) => ({ value: each, own }));
      for (let at = parts.length - 1; at >= 0; at -= 1) {
        const part = parts[at];
        if (part !== undefined) pending.push(part);
      }
    }
  }
}
