// What the statements of test/migrations/lock-matrix.tsv do, as a proof observes it, on the embedded server and on real ones, and
// where that differs from what the file has: `npm run bench:matrix -- [--majors 10,14,18]`. Needs `npm run build`. Writes docs/proof.md.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadSql } from '../src/languages/sql.js';
import type { EngineLimits, OpenEngine } from '../src/proof/engine.js';
import { openPool } from '../src/proof/engine/pglite-engine.js';
import { openPostgres } from '../src/proof/engine/postgres-engine.js';
import { startPostgres } from '../test/support/postgres/start-postgres.js';
import { binariesOf } from '../test/support/postgres/postgres-majors.js';
import { cellOf, cellWords, classifier, DIFFERENT, matrixResult, matrixRows, observer, type MatrixResult, type MatrixRow } from '../test/support/proof/lock-matrix.js';
import { table } from './measure.js';

const { values } = parseArgs({ options: { majors: { type: 'string', default: '' } } });
const LIMITS: EngineLimits = { milliseconds: 1_800_000, bytes: 2_000_000_000 };
const DOCUMENT = new URL('../docs/proof.md', import.meta.url);
const [BEGIN, END] = ['<!-- lock matrix: begin -->', '<!-- lock matrix: end -->'];

interface Column {
  readonly name: string;
  readonly major: number;
  readonly results: ReadonlyMap<MatrixRow, MatrixResult>;
}

const all = matrixRows();
await loadSql();
const classified = classifier();

async function measured(name: string, open: OpenEngine): Promise<Column> {
  const engine = await open({ limits: LIMITS, extensions: ['pg_trgm'], signal: new AbortController().signal });
  try {
    // A statement of the matrix names it.
    await engine.attempt('create role postgres');
    const observe = observer(engine);
    const results = new Map<MatrixRow, MatrixResult>();
    for (const row of all) if (cellOf(row, engine.major) !== null) results.set(row, await matrixResult(observe, classified, row, engine.major));
    return { name: `${name} ${engine.server.version}`, major: engine.major, results };
  } finally {
    await engine.close();
  }
}

async function onMajor(major: string): Promise<Column> {
  const server = await startPostgres({ binaries: await binariesOf(major) });
  try {
    return await measured('Postgres', openPostgres(await server.freshDatabase()));
  } finally {
    await server.stop();
  }
}

/** How a row's result differs from the file's; null for not at all. */
function difference({ major, results }: Column, row: MatrixRow): string | null {
  const [result, cell] = [results.get(row), cellOf(row, major)];
  if (result === undefined || cell === null) return null;
  // The file's refusals are those of a transaction: outside of it the statement runs.
  if (cell.startsWith('ERR') && result.how !== 'observed') return null;
  if (result.how !== 'refused' && result.words === cellWords(cell)) return null;
  const why = DIFFERENT[row.id];
  return `${result.how === 'refused' ? '' : `${result.how} `}${said({ ...result, how: 'observed' })}; the file has \`${cell}\`${why === undefined ? '' : `: ${why}`}`;
}

/** All differences, those that several servers share as one. */
function differences(columns: readonly Column[]): readonly string[] {
  return all.flatMap((row) => {
    const servers = new Map<string, string[]>();
    for (const column of columns) {
      const one = difference(column, row);
      if (one !== null) servers.set(one, [...(servers.get(one) ?? []), column.name]);
    }
    return [...servers].map(([words, names]) => `- \`${row.id}\` on ${names.length === columns.length && names.length > 1 ? 'all of them' : names.join(', ')}: ${words}`);
  });
}

function said(result: MatrixResult | undefined): string {
  if (result === undefined) return '–';
  const words = result.how === 'refused' ? result.words : result.words === '' ? 'no lock' : `\`${result.words}\``;
  return `${words}${result.how === 'documented' ? ' (documented)' : ''}`.replaceAll('|', '\\|');
}

function counts(column: Column): readonly (string | number)[] {
  const results = [...column.results.values()];
  const of = (how: MatrixResult['how']): number => results.filter((result) => result.how === how).length;
  return [column.name, results.length, of('observed'), of('documented'), of('refused'), all.filter((row) => difference(column, row) !== null).length];
}

function text(columns: readonly [Column, ...Column[]]): string {
  const [first, ...others] = columns;
  const otherwise = (row: MatrixRow): string =>
    others.flatMap(({ major, results }) => (results.has(row) && said(results.get(row)) !== said(first.results.get(row)) ? [`${String(major)}: ${said(results.get(row))}`] : [])).join('; ');
  const lines = all.map((row) => `| \`${row.setup === '' ? '' : `${row.setup}; `.replaceAll('|', '\\|')}${row.statement.replaceAll('|', '\\|')}\` | ${said(first.results.get(row))} | ${otherwise(row)} |`);
  const different = differences(columns);
  return [
    table(['server', 'statements', 'observed', 'documented', 'refused', 'other than the file'], columns.map(counts)),
    '',
    ...(different.length === 0 ? [] : ['Other than the file:', '', ...different, '']),
    `| statement | ${first.name} | ${others.length === 0 ? 'real servers' : `Postgres ${others.map(({ major }) => String(major)).join(', ')}`}, where it does otherwise |`,
    '|---|---|---|',
    ...lines,
  ].join('\n');
}

const pool = openPool();
const columns: [Column, ...Column[]] = [await measured('PGlite', pool.open)];
await pool.close();
for (const major of values.majors.split(',').filter((each) => each !== '')) columns.push(await onMajor(major));
const written = text(columns);
const document = await readFile(DOCUMENT, 'utf8');
const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
if (from < 0 || to < from) throw new Error(`docs/proof.md lacks the lines ${BEGIN} and ${END}.`);
await writeFile(DOCUMENT, `${document.slice(0, from + BEGIN.length)}\n\n${written}\n\n${document.slice(to)}`);
console.log(written.slice(0, written.indexOf('| statement |')));
process.exit(0);
