import type { FunctionBehaviour } from './event.js';

export interface BehaviourOptions {
  /** Names of functions that run their callback under a lock, from the configuration: `withLock`, `Customers::LockService.call`. */
  readonly lockWrappers: readonly string[];
}

/** The functions of a file, or why it was not read. `line` is 1-based, null where the whole file is meant. */
export type Behaviours =
  | { readonly status: 'read'; readonly functions: readonly FunctionBehaviour[] }
  | { readonly status: 'syntax' | 'too-large' | 'minified'; readonly reason: string; readonly line: number | null };

/** What turns the files of one language into events. */
export interface LanguageReader {
  readonly reads: (path: string) => boolean;
  /** Loads its parser, once. */
  readonly load: () => Promise<void>;
  /** Synchronous and pure; `load` comes first, and `loadSql` where the text may hold SQL. May throw a RangeError on what nests too deeply. */
  readonly read: (path: string, text: string, options: BehaviourOptions) => Behaviours;
}
