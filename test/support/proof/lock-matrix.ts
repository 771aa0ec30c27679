import { readFileSync } from 'node:fs';
import { parseSql } from '../../../src/languages/sql.js';
import type { Engine } from '../../../src/proof/engine.js';
import { runDirection, type RanStatement } from '../../../src/proof/run-direction.js';
import { sentUp } from '../../../src/proof/sent-statements.js';
import { readRelations } from '../../../src/proof/observe.js';
import type { Migration } from '../../../src/migrations/migration.js';
import { readSql } from '../../../src/migrations/read-sql.js';

/** A row of lock-matrix.tsv. */
export interface MatrixRow {
  readonly id: string;
  /** Statements beyond the common set-up; empty for none. */
  readonly setup: string;
  readonly statement: string;
  /** The measured cells: first and last major, and what was seen. */
  readonly cells: readonly { readonly from: number; readonly to: number; readonly text: string }[];
}

function matrixFile(name: string): string {
  return readFileSync(new URL(`../../migrations/${name}`, import.meta.url), 'utf8');
}

export function matrixRows(): readonly MatrixRow[] {
  const lines = matrixFile('lock-matrix.tsv').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [id = '', setup = '', statement = '', results = ''] = line.split('\t');
    const cells = results.split('||').map((range) => {
      const match = /^\s*(\d+)-(\d+):\s*(.*?)\s*$/.exec(range);
      return { from: Number(match?.[1]), to: Number(match?.[2]), text: match?.[3] ?? '' };
    });
    return { id, setup: setup === '-' ? '' : setup, statement, cells };
  });
}

/** The cell of a major; null where the statement was not measured on it. */
export function cellOf({ cells }: MatrixRow, major: number): string | null {
  return cells.find(({ from, to }) => from <= major && major <= to)?.text ?? null;
}

/** The common set-up, statement by statement. */
export function matrixSetup(): readonly string[] {
  return parseSql(matrixFile('lock-matrix-setup.sql')).statements.map(({ text }) => text);
}

const SHORT: Readonly<Record<string, string>> = { AccessShareLock: 'AS', RowShareLock: 'RS', RowExclusiveLock: 'RX', ShareUpdateExclusiveLock: 'SUX', ShareLock: 'S', ShareRowExclusiveLock: 'SRX', ExclusiveLock: 'X', AccessExclusiveLock: 'AX' };

/** Statements that mean something inside a transaction only. */
const INSIDE_ONLY = /^lock\b/i;

interface Seen {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewrite: readonly string[];
  readonly scan: readonly string[];
  readonly indexRebuild: readonly string[];
  readonly emptyScan?: readonly string[];
}

function listed(word: string, keys: readonly string[]): readonly string[] {
  return keys.length === 0 ? [] : [`${word}(${keys.map((key) => key.replace(/^public\./, '')).sort().join(',')})`];
}

/** An effect in the matrix's words: `t:AX REWRITE(t)`. Empty tables were not counted as read when the matrix was measured. */
export function matrixWords({ locks, rewrite, scan, indexRebuild, emptyScan = [] }: Seen): string {
  const modes = Object.entries(locks).map(([key, mode]) => `${key.replace(/^public\./, '')}:${SHORT[mode] ?? mode}`).sort();
  return [...modes, ...listed('REWRITE', rewrite), ...listed('IDXREBUILD', rewrite.length > 0 ? [] : indexRebuild), ...listed('SCAN', scan.filter((key) => !emptyScan.includes(key)))].join(' ');
}

/** A cell of the file in the same order; one that only waited for its lock says what it waited for. */
export function cellWords(cell: string): string {
  const list = (word: string): string[] => [...cell.matchAll(new RegExp(`(?:^|\\s)${word}\\(([^)]*)\\)`, 'g'))].flatMap((match) => (match[1] ?? '').split(','));
  const locks = Object.fromEntries([...cell.matchAll(/(\w+):([A-Z]+)(?:\(wait\))?(?=\s|$)/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
  return matrixWords({ locks, rewrite: list('REWRITE'), scan: list('SCAN'), indexRebuild: list('IDXREBUILD') });
}

function migrationOf(text: string): Migration {
  const { steps } = readSql(text);
  const span = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  return { id: '1', order: '1', history: '', path: 'matrix.sql', downPath: null, up: steps, down: 'none', spans: { up: span, down: null }, framework: 'sql', transaction: { scope: INSIDE_ONLY.test(text) ? 'per-file' : 'none', implicit: false, reason: '', switchOff: null } };
}

/** What a statement of the matrix did; the database is as before afterwards. null where the server does not know it. */
export type Observe = (row: MatrixRow) => Promise<RanStatement | { readonly setupRefused: string }>;

/** Observes rows on an engine that holds the common set-up; the engine goes back to it after each. */
export function observer(engine: Engine, rebuild: () => Promise<void>): Observe {
  return async ({ setup, statement }) => {
    await rebuild();
    for (const { text } of parseSql(setup).statements) {
      const refusal = await engine.attempt(text);
      if (refusal !== null) return { setupRefused: refusal.message };
    }
    const ran = await runDirection(engine, sentUp(migrationOf(statement)), { existing: await readRelations(engine), leaveOut: () => null, mend: () => Promise.resolve(false) });
    const one = ran.statements[0];
    if (one === undefined) throw new Error(`nothing ran of: ${statement}`);
    return one;
  };
}
