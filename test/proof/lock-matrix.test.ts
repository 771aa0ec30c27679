import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { openPool, type EnginePool } from '../../src/proof/engine/pglite-engine.js';
import { cellOf, cellWords, classifier, DIFFERENT, matrixResult, matrixRows, matrixWords, observer, type MatrixResult, type MatrixRow } from '../support/proof/lock-matrix.js';

let pool: EnginePool;
let major: number;
let results: ReadonlyMap<MatrixRow, MatrixResult>;
let classified: ReturnType<typeof classifier>;

beforeAll(async () => {
  await loadSql();
  pool = openPool();
  const engine = await pool.open({ limits: { milliseconds: 500_000, bytes: 2_000_000_000 }, extensions: ['pg_trgm'], signal: new AbortController().signal });
  ({ major } = engine);
  classified = classifier();
  const observe = observer(engine);
  const found = new Map<MatrixRow, MatrixResult>();
  for (const row of matrixRows()) if (cellOf(row, major) !== null) found.set(row, await matrixResult(observe, classified, row, major));
  results = found;
  await engine.close();
}, 500_000);

afterAll(() => pool.close());

function unlike(words: (row: MatrixRow) => string): readonly string[] {
  return [...results].flatMap(([row, result]) => (row.id in DIFFERENT || result.words === words(row) ? [] : [`${row.id}: ${result.how} ${result.words}, expected ${words(row)}`]));
}

describe('the lock matrix, as a proof observes it on the embedded server', () => {
  it('observes at least 130 kinds of statements, and knows the others only as documented', () => {
    const documented = [...results].filter(([, { how }]) => how !== 'observed').map(([{ id }]) => id);
    expect(results.size - documented.length).toBeGreaterThanOrEqual(130);
    expect(documented.sort()).toEqual(['create_index_concurrently', 'detach_partition_concurrently', 'drop_index_concurrently', 'reindex_table_concurrently', 'vacuum', 'vacuum_full']);
  });

  it('sees what was measured on a real server of its version', () => {
    expect(unlike((row) => cellWords(cellOf(row, major) ?? ''))).toEqual([]);
  });

  it('sees what the classifier says', () => {
    expect(unlike((row) => matrixWords(classified(row, major)))).toEqual([]);
  });

  it('differs in each of the listed rows', () => {
    const alike = [...results].filter(([row, { words }]) => row.id in DIFFERENT && words === cellWords(cellOf(row, major) ?? '') && words === matrixWords(classified(row, major)));
    expect(alike.map(([{ id }]) => id)).toEqual([]);
  });
});
