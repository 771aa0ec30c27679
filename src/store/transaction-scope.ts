import { AsyncLocalStorage } from 'node:async_hooks';

interface Scope {
  open: boolean;
}

/**
 * Notices when code inside a transaction talks to the store instead of to the transaction: embedded that would wait for
 * itself for ever, on Postgres it would silently escape the transaction.
 */
export interface TransactionScope {
  enter<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Throws when called from inside an open transaction. */
  assertOutside(): void;
}

export function createTransactionScope(): TransactionScope {
  const scopes = new AsyncLocalStorage<Scope>();
  return {
    async enter(work) {
      const scope: Scope = { open: true };
      try {
        return await scopes.run(scope, work);
      } finally {
        scope.open = false;
      }
    },
    assertOutside() {
      if (scopes.getStore()?.open === true) {
        throw new Error('The store was used inside one of its own transactions: use the sql that the transaction hands over.');
      }
    },
  };
}
