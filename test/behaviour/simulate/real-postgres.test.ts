/** The simulator beside a real server: every schedule of many shapes, statement by statement, in sessions of their own. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, type TestPostgres } from '../../support/postgres/start-postgres.js';
import { begun, schedules } from '../../support/simulate/schedules.js';
import { disagreement, makeTables, openSessions, type Sessions } from '../../support/simulate/sessions.js';
import { SHAPES, type Shape } from '../../support/simulate/shapes.js';

/** What a database takes part in: no locks of the application's own, no memory. */
function isOfDatabase({ programs, context }: Shape): boolean {
  const outside = programs.some(({ operations }) => operations.some((one) => one.op === 'await' || (one.op === 'lock' && (one.scope === 'cluster' || one.scope === 'process'))));
  return context.engine === 'postgres' && !outside;
}

const played = SHAPES.filter(isOfDatabase).flatMap((shape) => {
  const one = begun(shape);
  return one === null ? [] : [[shape.name, one] as const];
});

describe('in two sessions of Postgres', () => {
  let server: TestPostgres;
  let sessions: Sessions;

  beforeAll(async () => {
    server = await startPostgres();
    sessions = await openSessions(await server.freshDatabase());
  }, 60_000);

  afterAll(async () => {
    await sessions.close();
    await server.stop();
  });

  it('there are shapes enough', () => {
    expect(played.length).toBeGreaterThanOrEqual(30);
  });

  it.each(played)('%s', async (_, one) => {
    const tables = await makeTables(sessions, one);
    const wrong: string[] = [];
    for (const schedule of schedules(one, Number.POSITIVE_INFINITY)) {
      const told = await disagreement(sessions, one, tables, schedule);
      if (told !== null) wrong.push(`${schedule.map(({ run }) => run).join('')}: ${told}`);
    }
    expect(wrong).toEqual([]);
  });
});
