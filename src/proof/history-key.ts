import { createHash } from 'node:crypto';
import type { ProofServer } from '../core/proof-report.js';
import type { SentDirection } from './sent-statements.js';

/** Raise it when what a replay makes of the same statements changes. */
const FORMAT = 1;

/** The keys of a database after each of some migrations: the same migrations on the same server make the same one. */
export function historyKeys(server: ProofServer, extensions: readonly string[], history: readonly SentDirection[]): readonly string[] {
  let key = hash([String(FORMAT), server.kind, server.version, ...[...extensions].sort()]);
  return history.map(({ statements, transaction: { scope, implicit, batches = [] } }) => {
    key = hash([key, scope, String(implicit), JSON.stringify(batches), ...statements.flatMap(({ text, opaque }) => [text, opaque ?? ''])]);
    return key;
  });
}

function hash(parts: readonly string[]): string {
  const sum = createHash('sha256');
  // Lengths first: no two lists of parts run together into the same text.
  for (const part of parts) sum.update(`${String(part.length)}:${part}`);
  return sum.digest('hex');
}
