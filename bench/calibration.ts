// Rows a second of the work that an ALTER TABLE or a CREATE INDEX does under its lock, on a real server, by the size of the table.
// Each statement runs in a transaction that is rolled back, so that every round starts from the same table. What is printed at
// the end are the constants of src/migrations/calibration.ts.
import { loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { binariesOf } from '../test/support/postgres/postgres-majors.js';
import { startPostgres } from '../test/support/postgres/start-postgres.js';
import { quantile, table } from './measure.js';

const { values } = parseArgs({ options: { major: { type: 'string', default: '18' }, rows: { type: 'string', default: '100000,500000,1000000' }, rounds: { type: 'string', default: '5' } } });

/** What the constants leave for slower disks, tables beyond the memory and a server that is busy; and for faster machines. */
const SLOWER = 4;
const FASTER = 2;

const WORK = {
  scan: ['ALTER TABLE orders ALTER COLUMN email SET NOT NULL', 'ALTER TABLE orders ADD CONSTRAINT orders_amount CHECK (amount >= 0)'],
  foreignKey: ['ALTER TABLE orders ADD CONSTRAINT orders_account FOREIGN KEY (account_id) REFERENCES accounts (id)'],
  rewrite: ['ALTER TABLE orders ALTER COLUMN amount TYPE bigint', "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()"],
  index: ['CREATE INDEX ON orders (account_id)', 'CREATE INDEX ON orders (email)'],
} as const;

/** Rows of about 100 bytes, and the two indexes that a rewrite builds anew. */
async function fill(client: pg.Client, rows: number): Promise<number> {
  await client.query('DROP TABLE IF EXISTS orders, accounts');
  await client.query(`CREATE TABLE accounts AS SELECT id::bigint FROM generate_series(1, ${String(rows / 10)}) AS id`);
  await client.query('ALTER TABLE accounts ADD PRIMARY KEY (id)');
  await client.query(
    `CREATE TABLE orders AS SELECT id::bigint, (1 + random() * ${String(rows / 10 - 1)})::bigint AS account_id, (random() * 1000000)::int AS amount,
       substr(md5(id::text), 1, 16) || '@example.com' AS email, now() - id * interval '1 minute' AS created_at FROM generate_series(1, ${String(rows)}) AS id`,
  );
  await client.query('ALTER TABLE orders ADD PRIMARY KEY (id)');
  await client.query('CREATE INDEX ON orders (created_at)');
  await client.query('VACUUM ANALYZE orders, accounts');
  await client.query('CHECKPOINT');
  const { rows: sizes } = await client.query<{ bytes: number }>(`SELECT round(pg_relation_size('orders') / ${String(rows)}.0)::int AS bytes`);
  return sizes[0]?.bytes ?? 0;
}

/** Rows a second of one run. */
async function rate(client: pg.Client, statement: string, rows: number): Promise<number> {
  await client.query('BEGIN');
  const began = performance.now();
  await client.query(statement);
  const seconds = (performance.now() - began) / 1000;
  await client.query('ROLLBACK');
  return rows / seconds;
}

const server = await startPostgres({ durable: true, binaries: await binariesOf(values.major) });
const client = new pg.Client({ connectionString: await server.freshDatabase() });
try {
  await client.connect();
  const { rows: versions } = await client.query<{ version: string }>("SELECT split_part(current_setting('server_version'), ' ', 1) AS version");
  const measured = new Map<string, number[]>();
  const lines: (readonly (string | number)[])[] = [];
  const loads: number[] = [];
  let bytes = 0;
  for (const rows of values.rows.split(',').map(Number)) {
    bytes = await fill(client, rows);
    for (const [kind, statements] of Object.entries(WORK)) {
      for (const statement of statements) {
        const rates: number[] = [];
        for (let round = 0; round < Number(values.rounds); round += 1) rates.push(await rate(client, statement, rows));
        loads.push(loadavg()[0] ?? 0);
        measured.set(kind, [...(measured.get(kind) ?? []), ...rates]);
        lines.push([kind, `\`${statement.replace('ALTER TABLE orders ', '')}\``, rows.toLocaleString('en-US'), Math.min(...rates), quantile(rates, 0.5), Math.max(...rates)].map((cell) => (typeof cell === 'number' ? rounded(cell) : cell)));
      }
    }
  }
  console.log(`Postgres ${versions[0]?.version ?? ''}, ${new Date().toISOString().slice(0, 10)}, rows of ${String(bytes)} bytes, ${values.rounds} rounds, load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}\n`);
  console.log(table(['work', 'statement', 'rows', 'slowest (rows/s)', 'median', 'fastest'], lines));
  console.log(`\nConstants: the slowest run divided by ${String(SLOWER)}, the fastest times ${String(FASTER)}.\n`);
  console.log(table(['work', 'slowest (rows/s)', 'fastest'], [...measured].map(([kind, rates]) => [kind, rounded(Math.min(...rates) / SLOWER), rounded(Math.max(...rates) * FASTER)])));
} finally {
  await client.end();
  await server.stop();
}

/** Two digits: more would not come again. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}
