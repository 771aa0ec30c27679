import pg from 'pg';
import type { Operation, Refusal } from '../../../src/behaviour/simulate/program.js';
import { opened, tablesOf } from '../../../src/behaviour/simulate/serial-ends.js';
import { step, type Choice, type Happened } from '../../../src/behaviour/simulate/step.js';
import type { Run, Transaction, World } from '../../../src/behaviour/simulate/world.js';
import type { Played } from './schedules.js';
import { columnsOf, literal, statementOf, type Columns } from './sql.js';

const CODES: Readonly<Record<Refusal, string>> = { duplicate: '23505', serialization: '40001', deadlock: '40P01', conflict: '55P03', failed: '25P02' };

type Answer = { readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly code: string };

interface Asked {
  readonly operation: Operation;
  readonly answer: Promise<Answer>;
  settled: Answer | null;
}

/** Two connections for each of two runs, and one that watches who waits. */
export interface Sessions {
  readonly clients: readonly pg.Client[];
  readonly pids: readonly number[];
  readonly watcher: pg.Client;
  close(): Promise<void>;
}

export async function openSessions(url: string): Promise<Sessions> {
  const clients: pg.Client[] = [];
  for (let count = 0; count < 5; count += 1) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.push(client);
  }
  const pids: number[] = [];
  for (const client of clients) pids.push(((await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0] ?? { pid: 0 }).pid);
  const [watcher] = clients.slice(4);
  if (watcher === undefined) throw new Error('no connection to watch from');
  return { clients: clients.slice(0, 4), pids, watcher, async close() { for (const client of clients) await client.end(); } };
}

/** Makes the tables of a shape, empty. */
export async function makeTables({ watcher, clients }: Sessions, { subject }: Played): Promise<Columns> {
  const tables = columnsOf(subject.programs);
  await watcher.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  for (const [table, columns] of tables) {
    await watcher.query(`CREATE TABLE "${table}" (place serial, ${[...columns].map(([name, type]) => `"${name}" ${type}`).join(', ') || 'nothing text'})`);
    for (const index of subject.context.unique.filter((one) => one.table === table)) await watcher.query(`CREATE UNIQUE INDEX ON "${table}" (${index.columns.map((one) => `"${one}"`).join(', ')})`);
  }
  for (const client of clients) await client.query(`SET default_transaction_isolation = '${subject.context.isolation.replace('-', ' ')}'`);
  return tables;
}

/** Follows one schedule on the server and says where it does not agree; null where it agrees to the end. */
export async function disagreement(sessions: Sessions, played: Played, tables: Columns, schedule: readonly Choice[]): Promise<string | null> {
  const { subject, initial } = played;
  const { clients, watcher } = sessions;
  const begins = initial.rows.map((row) => {
    const given = Object.entries(row.values);
    return given.length === 0 ? `INSERT INTO "${row.table}" DEFAULT VALUES` : `INSERT INTO "${row.table}" (${given.map(([name]) => `"${name}"`).join(', ')}) VALUES (${given.map(([, one]) => literal(one)).join(', ')})`;
  });
  await watcher.query([...[...tables.keys()].map((table) => `DELETE FROM "${table}"`), ...begins].join('; '));
  // Whoever the schedule lets be ended looks for a deadlock at once, nobody else does.
  const victims = schedule.flatMap((one) => (one.victim === null ? [] : [one.victim]));
  if (victims.length > 0) for (const [session, client] of clients.entries()) await client.query(`SET deadlock_timeout = '${victims.includes(session >> 1) ? '1ms' : '1h'}'`);
  const asked = new Map<number, Asked>();
  let world = opened(subject, initial);
  try {
    await follow(sessions, null, world);
    for (const choice of schedule) {
      const told = await one(sessions, played, world, choice, asked);
      if (typeof told === 'string') return told;
      world = told;
    }
    return await ends(sessions, tables, world);
  } finally {
    for (const each of asked.values()) await each.answer;
    await Promise.all(clients.map((client) => client.query('ROLLBACK; SELECT pg_advisory_unlock_all()')));
  }
}

/** One choice: sends its statement, and compares what happened to it and to those that waited. */
async function one(sessions: Sessions, { subject }: Played, before: World, choice: Choice, asked: Map<number, Asked>): Promise<World | string> {
  const next = step(before, choice.run, subject).find((each) => each.choice.victim === choice.victim);
  const run = before.runs[choice.run];
  const operation = run?.program.operations[run.pc];
  if (next === undefined || run === undefined || operation === undefined) return 'the schedule cannot be followed';
  const pooled = (operation.op === 'read' || operation.op === 'write' || operation.op === 'lock') && operation.connection === 'pool' && run.inTransaction;
  const session = choice.run * 2 + (pooled ? 1 : 0);
  if (savepoints(operation)) await sessions.clients[session]?.query('SAVEPOINT before');
  asked.set(choice.run, ask(sessions, session, operation, run));
  for (const happened of next.happened) {
    const each = asked.get(happened.run);
    if (each === undefined) return `run ${String(happened.run)} was not waiting`;
    const told = happened.what === 'waits' ? await waits(sessions, each, session) : await came(each, happened, next.world);
    if (told !== null) return `run ${String(happened.run)}, operation ${String(happened.at)} (${happened.what}): ${told}`;
    if (happened.what === 'waits') continue;
    asked.delete(happened.run);
    if (happened.what === 'refused' && savepoints(each.operation)) await sessions.clients[happened.run * 2]?.query('ROLLBACK TO before');
  }
  await follow(sessions, before, next.world);
  return next.world;
}

function savepoints(operation: Operation): boolean {
  return operation.op === 'write' && operation.handlers.duplicate?.savepoint === true;
}

function ask(sessions: Sessions, session: number, operation: Operation, run: Run): Asked {
  const answer = (sessions.clients[session] ?? sessions.watcher).query<Record<string, unknown>>(statementOf(operation, run)).then(
    ({ rows }): Answer => ({ rows }),
    (error: unknown): Answer => ({ code: error instanceof pg.DatabaseError ? (error.code ?? '') : String(error) }),
  );
  const asked: Asked = { operation, answer, settled: null };
  void answer.then((settled) => { asked.settled = settled; });
  return asked;
}

/** Looks at the server until it says that the session waits for another, or has answered instead. */
async function waits(sessions: Sessions, asked: Asked, session: number): Promise<string | null> {
  for (;;) {
    const { rows } = await sessions.watcher.query<{ blocked: boolean }>('SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked', [sessions.pids[session]]);
    if (rows[0]?.blocked === true) return null;
    // Who closes a circle may be told so before anybody can look.
    if (asked.settled !== null && 'code' in asked.settled && asked.settled.code === CODES.deadlock) return null;
    if (asked.settled !== null) return `does not wait: ${JSON.stringify(asked.settled)}`;
  }
}

async function came(asked: Asked, happened: Happened, world: World): Promise<string | null> {
  const answer = await asked.answer;
  if (happened.what === 'refused') return 'code' in answer && answer.code === CODES[happened.refusal ?? 'failed'] ? null : `should be refused (${happened.refusal ?? ''}): ${JSON.stringify(answer)}`;
  if ('code' in answer) return `is refused: ${answer.code}`;
  const { operation } = asked;
  if (operation.op !== 'read' && operation.op !== 'write') return null;
  const held = world.runs[happened.run]?.variables[operation.as];
  if (held === undefined) return 'nothing is held';
  if (held.kind !== 'rows') return answer.rows[0]?.['value'] === held.value ? null : `holds ${String(held.value)}, is ${JSON.stringify(answer.rows)}`;
  const expected = held.rows.map((row) => known(row.values)).sort().join();
  const actual = answer.rows.map((row) => known(row)).sort().join();
  return expected === actual ? null : `holds ${expected}, is ${actual}`;
}

function known(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).filter(([name, each]) => each !== null && name !== 'place').sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What happens beside the operations themselves: transactions begin with the first one in them, and end when a function fails. */
async function follow({ clients }: Sessions, before: World | null, after: World): Promise<void> {
  for (const [session, client] of clients.entries()) {
    const [old, now]: (Transaction | null | undefined)[] = [before?.transactions[session], after.transactions[session]];
    const run = after.runs[session >> 1];
    if (old?.explicit === true && old.id !== now?.id) await client.query('ROLLBACK');
    if (now?.explicit === true && old?.id !== now.id) await client.query(`BEGIN ISOLATION LEVEL ${now.isolation.replace('-', ' ')}`);
    if (run?.outcome != null && before?.runs[session >> 1]?.outcome == null) await client.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
  }
}

async function ends({ watcher }: Sessions, tables: Columns, world: World): Promise<string | null> {
  const rows: string[] = [];
  for (const table of tables.keys()) rows.push(...(await watcher.query<Record<string, unknown>>(`SELECT * FROM "${table}"`)).rows.map((row) => `${table} ${known(row)}`));
  const [actual, expected] = [rows.sort().join('\n'), tablesOf(world)];
  return actual === expected ? null : `ends with ${actual}, not ${expected}`;
}
