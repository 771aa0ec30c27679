import { readFileSync } from 'node:fs';
import { parseSql } from '../../../src/languages/sql.js';
import type { Engine } from '../../../src/proof/engine.js';
import { runDirection, type RanStatement } from '../../../src/proof/run-direction.js';
import { sentUp } from '../../../src/proof/sent-statements.js';
import { readRelations } from '../../../src/proof/observe.js';
import { apply, settle } from '../../../src/migrations/apply.js';
import { EMPTY_CATALOG } from '../../../src/migrations/catalog.js';
import { classify, mergeEffects } from '../../../src/migrations/classify.js';
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

/** Rows on which proofs, the file and the classifier are not of one mind, and why. */
export const DIFFERENT: Readonly<Record<string, string>> = {
  vacuum_full: 'when the file was measured the statement waited for its lock and gave up; a proof runs it, and it writes the table anew',
  create_index_on_partitioned: 'the partition is empty: the classifier counts its scan, a measurement does not',
};

/** What a statement of the matrix did; the database is as before afterwards. */
export type Observe = (row: MatrixRow) => Promise<RanStatement | { readonly setupRefused: string }>;

const MADE = `
  select format('drop publication %I', pubname) as drop from pg_publication
  union all select format('drop extension %I cascade', extname) from pg_extension where extname <> 'plpgsql'
  union all select format('drop schema %I cascade', nspname) from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
  union all select format('drop access method %I', amname) from pg_am where oid >= 16384`;

/** Empties the database and runs the common set-up; the words of the first refusal, null for none. */
async function setUp(engine: Engine): Promise<string | null> {
  await engine.attempt('discard all');
  const drops = (await engine.query(MADE)).map((row) => row['drop'] ?? '');
  for (const statement of [...drops, 'create schema public', ...matrixSetup()]) {
    const refusal = await engine.attempt(statement);
    if (refusal !== null) return `${refusal.message}: ${statement}`;
  }
  return null;
}

/** An engine whose commits undo: what a transaction did is seen, and gone after it. */
function undone(engine: Engine): Engine {
  return { ...engine, server: engine.server, major: engine.major, attempt: (sql) => engine.attempt(sql === 'commit' ? 'rollback' : sql) };
}

/** Observes rows on an engine whose database is theirs alone. */
export function observer(engine: Engine): Observe {
  let isAsSetUp = false;
  return async ({ setup, statement }) => {
    if (!isAsSetUp) {
      const refused = await setUp(engine);
      if (refused !== null) throw new Error(`The common set-up was refused: ${refused}`);
    }
    isAsSetUp = false;
    for (const { text } of parseSql(setup).statements) {
      const refusal = await engine.attempt(text);
      if (refusal !== null) return { setupRefused: refusal.message };
    }
    const ran = await runDirection(undone(engine), sentUp(migrationOf(statement)), { existing: await readRelations(engine), leaveOut: () => null, mend: () => Promise.resolve(false) });
    const one = ran.statements[0];
    if (one === undefined) throw new Error(`nothing ran of: ${statement}`);
    // What ran outside of transactions stays.
    isAsSetUp = setup === '' && (one.observation !== null || one.refusal !== null);
    return one;
  };
}

/** What the classifier says of rows on a major. */
export function classifier(): (row: MatrixRow, major: number) => Seen {
  const base = settle(matrixSetup().flatMap((text) => readSql(text).steps).reduce(apply, EMPTY_CATALOG));
  return ({ setup, statement }, major) => {
    const before = readSql(setup).steps.reduce(apply, base);
    // What the session has set stays; that tables are new does not.
    let state = { ...settle(before), settings: before.settings };
    const effects = readSql(statement).steps.map((step) => {
      const effect = classify(step, state, { engine: 'postgres', version: major, source: 'the matrix' });
      state = apply(state, step);
      return effect;
    });
    return mergeEffects(effects);
  };
}

/** A row as a proof tells it on a server, in the matrix's words. */
export interface MatrixResult {
  /** `observed`; `documented` where the statement ran outside of transactions and its locks are the classifier's; `refused`. */
  readonly how: 'observed' | 'documented' | 'refused';
  readonly words: string;
}

export async function matrixResult(observe: Observe, classified: ReturnType<typeof classifier>, row: MatrixRow, major: number): Promise<MatrixResult> {
  const one = await observe(row);
  if ('setupRefused' in one) return { how: 'refused', words: `set-up refused: ${one.setupRefused}` };
  if (one.refusal !== null) return { how: 'refused', words: `refused: ${one.refusal.message} (${one.refusal.code})` };
  if (one.observation !== null) return { how: 'observed', words: matrixWords(one.observation) };
  const known = classified(row, major);
  return { how: 'documented', words: matrixWords({ ...known, rewrite: [...new Set([...known.rewrite, ...one.rewrittenOutside])] }) };
}
