import type { TransactionFact } from '../migrations/migration.js';
import type { Engine, Refusal } from './engine.js';
import type { SentStatement } from './sent-statements.js';

/** The transactions that a direction runs in: its framework's, its batches' and the file's own. */
export interface Transactions {
  isOpen(): boolean;
  start(): Promise<void>;
  /** Before a statement is sent; whether another transaction begins with it. */
  enter(statement: SentStatement): Promise<boolean>;
  /** After it has run; whether a transaction ended with it. */
  leave(statement: SentStatement): Promise<boolean>;
  /** Commits what is open: the server's refusal, where a deferred check fails. */
  end(): Promise<Refusal | null>;
  abandon(): Promise<void>;
}

/** What a statement does to the open transaction; null for nothing. Inside a DO block it does nothing to it. */
function controlOf({ steps: [step], text }: SentStatement): 'begin' | 'end' | null {
  if (step.kind !== 'transaction' || step.block !== undefined) return null;
  if (step.action === 'begin') return 'begin';
  const ends = (step.action === 'commit' || step.action === 'rollback') && !/\band\s+chain\b/i.test(text);
  return ends ? 'end' : null;
}

export function openTransactions(engine: Engine, { scope, implicit, batches = [] }: TransactionFact): Transactions {
  let open = false;
  let batch: readonly [number, number] | null = null;
  let late: Refusal | null = null;
  const begin = async (): Promise<void> => {
    await engine.attempt('begin');
    open = true;
  };
  const commit = async (): Promise<Refusal | null> => {
    if (!open) return null;
    open = false;
    const refusal = await engine.attempt('commit');
    if (refusal !== null) await engine.attempt('rollback');
    return refusal;
  };
  return {
    isOpen: () => open,
    start: async () => {
      if (scope !== 'none') await begin();
    },
    async enter({ index }) {
      const own = batches.find(([first, last]) => first <= index && index <= last) ?? null;
      if (scope !== 'none' || own === batch) return false;
      batch = own;
      if (own !== null && !open) await begin();
      return true;
    },
    async leave(statement) {
      const control = controlOf(statement);
      if (control === 'begin') open = true;
      if (control === 'end') {
        open = false;
        if ((scope !== 'none' && implicit) || (batch !== null && statement.index < batch[1])) await begin();
      }
      const batchEnds = batch !== null && statement.index === batch[1] && open && control === null;
      if (batchEnds) late ??= await commit();
      return control === 'end' || control === 'begin' || batchEnds;
    },
    end: async () => (await commit()) ?? late,
    async abandon() {
      if (open) await engine.attempt('rollback');
      open = false;
    },
  };
}
