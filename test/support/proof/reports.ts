import type { MigrationProof, ProofReport, ProvedStatement } from '../../../src/core/proof-report.js';

/** A statement that ran and did nothing worth telling, with what a test says of it. */
export function statement(more: Partial<ProvedStatement> = {}): ProvedStatement {
  return {
    path: 'db/migrations/0002_plan.up.sql',
    line: 1,
    endLine: 1,
    statement: 'ALTER TABLE users ADD COLUMN plan text',
    direction: 'up',
    locks: { 'public.users': 'AccessExclusiveLock' },
    rewrite: [],
    scan: [],
    class: 'brief',
    inTransaction: true,
    source: 'observed',
    blocks: 'reads and writes of public.users',
    milliseconds: 3,
    indexRebuild: [],
    held: {},
    ...more,
  };
}

export function migrationProof(more: Partial<MigrationProof> = {}): MigrationProof {
  return {
    path: 'db/migrations/0002_plan.up.sql',
    downPath: 'db/migrations/0002_plan.down.sql',
    id: '0002_plan',
    status: 'proved',
    statements: [statement()],
    reversible: true,
    differences: [],
    again: [],
    dataLoss: [],
    oldCode: [],
    ...more,
  };
}

export function proofReport(migrations: readonly MigrationProof[], more: Partial<ProofReport> = {}): ProofReport {
  return { schemaVersion: 1, server: { version: '18.6', kind: 'pglite' }, migrations, base: [], notes: [], disagreements: [], ...more };
}
