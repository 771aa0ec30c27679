import type { Step } from '../../src/migrations/step.js';
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

/** A statement with what it is made of. */
export interface Text {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** Runs statements one after the other up to the first that is refused. `before` are the steps that ran before it. */
export async function runAll(engine: Engine, statements: readonly Text[]): Promise<{ readonly before: readonly Step[]; readonly statement: Text; readonly refusal: Refusal } | null> {
  const before: Step[] = [];
  for (const statement of statements) {
    const refusal = await engine.attempt(statement.text);
    if (refusal !== null) return { before, statement, refusal };
    before.push(...statement.steps);
  }
  return null;
}

export function isRefused(error: unknown): error is EngineRefused {
  return error instanceof EngineRefused;
}
