import type { LRUCache } from 'lru-cache';
import type { Log } from '../core/store.js';
import type { Client } from './client.js';
import type { KnownRun, Memory } from './memory.js';
import type { Pace, Sleep } from './pace.js';
import type { Identity, PublishedReader } from './published.js';

/** What carrying out needs. */
export interface Carrier extends PublishedReader {
  /** Behind a token that may write issues; refused where the operator did not grant it. */
  readonly issueClient: Client;
  readonly identity: () => Promise<Identity>;
  readonly pace: Pace;
  readonly sleep: Sleep;
  readonly log: Log;
  /** What this job has seen and said so far. */
  readonly memory: Memory;
  /** Runs that this process has made, newest first, by `<owner>/<name>@<head>` in lower case. */
  readonly made: LRUCache<string, readonly KnownRun[]>;
  /** Runs one piece of work at a time under a name, in the whole process. */
  readonly exclusively: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
}
