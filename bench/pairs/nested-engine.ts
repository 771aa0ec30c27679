import { EngineRefused, type Engine, type Refusal } from '../../src/proof/engine.js';

/** An engine whose every call may fail inside the open transaction, and leaves it usable. */
export function nested(engine: Engine): Engine {
  let depth = 0;
  const around = async <T>(run: () => Promise<T>, failed: (result: T) => boolean): Promise<T> => {
    const name = `belay_pair_${String((depth += 1))}`;
    await engine.attempt(`SAVEPOINT ${name}`);
    let bad = true;
    try {
      const result = await run();
      bad = failed(result);
      return result;
    } finally {
      await engine.attempt(bad ? `ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}` : `RELEASE SAVEPOINT ${name}`);
      depth -= 1;
    }
  };
  return {
    ...engine,
    query: async (sql, params) => around(async () => engine.query(sql, params), () => false),
    attempt: async (sql) => around(async () => engine.attempt(sql), (refusal) => refusal !== null),
  };
}

/** Runs statements one after the other up to the first that is refused. */
export async function runAll(engine: Engine, statements: readonly string[]): Promise<{ readonly statement: string; readonly refusal: Refusal } | null> {
  for (const statement of statements) {
    const refusal = await engine.attempt(statement);
    if (refusal !== null) return { statement, refusal };
  }
  return null;
}

export function isRefused(error: unknown): error is EngineRefused {
  return error instanceof EngineRefused;
}
