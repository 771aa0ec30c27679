// What the statements of test/migrations/lock-matrix.tsv do, as a proof observes it, and where that differs from the file:
// `npm run bench:matrix`. On the embedded server; needs `npm run build`.
import { loadSql } from '../src/languages/sql.js';
import { openPool } from '../src/proof/engine/pglite-engine.js';
import { cellOf, cellWords, matrixRows, matrixSetup, matrixWords, observer } from '../test/support/proof/lock-matrix.js';

await loadSql();
const pool = openPool();
const engine = await pool.open({ limits: { milliseconds: 1_800_000, bytes: 2_000_000_000 }, extensions: ['pg_trgm'], signal: new AbortController().signal });
for (const statement of matrixSetup()) await engine.attempt(statement);
const saved = await engine.save();
const observe = observer(engine, () => engine.restore(saved));
const rows: string[] = [];
const different: string[] = [];
let outside = 0;
for (const row of matrixRows()) {
  const cell = cellOf(row, engine.major);
  if (cell === null) continue;
  const one = await observe(row);
  if ('setupRefused' in one) {
    different.push(`${row.id}: its set-up was refused: ${one.setupRefused}`);
    continue;
  }
  const seen = one.refusal !== null ? `refused: ${one.refusal.message}` : one.observation === null ? null : matrixWords(one.observation);
  rows.push(`| \`${row.statement.replaceAll('|', '\\|')}\` | ${seen ?? 'runs outside of transactions: documented'} |`);
  if (seen === null) outside += 1;
  else if (seen !== cellWords(cell)) different.push(`${row.id}: observed ${seen}; measured ${cell}`);
}
await engine.close();
await pool.close();
console.log(['| statement | observed |', '|---|---|', ...rows].join('\n'));
console.log(`\nPostgres ${engine.server.version}: ${String(rows.length)} statements, ${String(outside)} outside of transactions, ${String(different.length)} different`);
for (const line of different) console.log(line);
process.exit(0);
