import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/core/errors.js';
import { localProver } from '../../src/doors/local-proof.js';
import { openServerProof, type ServerProof } from '../../src/doors/server-proof.js';
import type { ProofQuestion } from '../../src/migrations/proof-question.js';

const QUESTION: ProofQuestion = { history: [], changed: [], starts: new Map(), settled: false, baseCode: new Map(), target: { engine: 'postgres', version: 18, source: 'a test' }, tables: new Map() };
const log = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };

describe('proofs of the server', () => {
  let folder: string;
  let proof: ServerProof;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-server-proof-'));
    proof = openServerProof(folder, log, {});
  });
  afterAll(async () => {
    await proof.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('let a waiting review go when it is aborted, while the one before still runs', async () => {
    const order: string[] = [];
    const first = proof.prove(QUESTION, new AbortController().signal).then((report) => {
      order.push('the first one is done');
      return report;
    });
    const waiting = new AbortController();
    const second = proof.prove(QUESTION, waiting.signal).catch((error: unknown) => order.push(error instanceof Error ? error.message : ''));
    waiting.abort(new Error('a newer commit is there'));
    await second;
    expect(order).toEqual(['a newer commit is there']);
    expect(await first).toMatchObject({ schemaVersion: 1, server: { kind: 'pglite' } });
    // The turn of the one that let go is not lost.
    expect(await proof.prove(QUESTION, new AbortController().signal)).toMatchObject({ schemaVersion: 1 });
  });

  it.each(['soon', '0', '1e3', '-5', '99999'])('refuse BELAY_PROOF_SECONDS=%s before anything is opened', (seconds) => {
    const environment = { BELAY_PROOF_SECONDS: seconds };
    expect(() => openServerProof(join(folder, 'never'), log, environment)).toThrow(UsageError);
    expect(() => localProver(environment)).toThrow(/BELAY_PROOF_SECONDS must be a whole number from 1 to 3600/);
  });
});
