import type { Table } from '../catalog.js';

/** Whether a validated CHECK spares SET NOT NULL its scan (from Postgres 12). */
export function provenByCheck(table: Table | undefined, column: string): boolean {
  return [...(table?.constraints.values() ?? [])].some((each) => each.valid && each.definition.kind === 'check' && each.definition.provesNotNull.includes(column));
}
