import type { ModelBudget, ModelUsage } from '../core/model.js';

/** Money set aside for one attempt that is under way. */
export interface Reservation {
  readonly dollars: number;
  /** Books what the attempt really cost and gives the rest back. When the ledger fails, the money stays set aside. */
  settle(usage: ModelUsage, asked: { readonly question: string; readonly model: string }): Promise<void>;
}

/** Which cap stands in the way, and by how much. */
export interface OverBudget {
  readonly cap: 'pull' | 'month';
  readonly limit: number;
  /** Booked and set aside by now. */
  readonly taken: number;
}

/** Keeps calls that run at the same time within the caps together. Share one among all asks of a process. */
export interface Reservations {
  reserve(budget: ModelBudget, dollars: number, signal: AbortSignal): Promise<Reservation | OverBudget>;
}

/** Reservations are made and settled one after the other, so that no two asks count on the same dollar. */
export function createReservations(): Reservations {
  let last: Promise<unknown> = Promise.resolve();
  let month = 0;
  const pulls = new WeakMap<ModelBudget, number>();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  }

  function setAside(budget: ModelBudget, dollars: number): void {
    month += dollars;
    pulls.set(budget, (pulls.get(budget) ?? 0) + dollars);
  }

  async function reserveNow(budget: ModelBudget, dollars: number, signal: AbortSignal): Promise<Reservation | OverBudget> {
    signal.throwIfAborted();
    const spent = await budget.spent();
    signal.throwIfAborted();
    const takenByPull = spent.pull + (pulls.get(budget) ?? 0);
    if (takenByPull + dollars > budget.caps.pull) return { cap: 'pull', limit: budget.caps.pull, taken: takenByPull };
    const takenByAll = spent.month + month;
    if (takenByAll + dollars > budget.caps.month) return { cap: 'month', limit: budget.caps.month, taken: takenByAll };
    setAside(budget, dollars);
    return {
      dollars,
      settle: (usage, asked) =>
        inTurn(async () => {
          await budget.book(usage, asked);
          setAside(budget, -dollars);
        }),
    };
  }

  return { reserve: (budget, dollars, signal) => inTurn(() => reserveNow(budget, dollars, signal)) };
}
