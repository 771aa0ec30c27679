import { loadSql } from '../languages/sql.js';
import { loadTypeScript, parseTypeScript, TYPESCRIPT_EXTENSIONS } from '../languages/typescript.js';
import type { FunctionBehaviour } from './event.js';
import { mayHoldSql } from './sql-query.js';
import { readFile } from './typescript/read-file.js';

/** Endings of the files whose behaviour is read. */
export const BEHAVIOUR_EXTENSIONS: readonly string[] = TYPESCRIPT_EXTENSIONS;

export interface BehaviourOptions {
  /** Names of functions that run their callback under a lock, from the configuration: `withLock`, `Customers::LockService.call`. */
  readonly lockWrappers: readonly string[];
}

/** The functions of a file, or why it was not read. `line` is 1-based, null where the whole file is meant. */
export type Behaviours =
  | { readonly status: 'read'; readonly functions: readonly FunctionBehaviour[] }
  | { readonly status: 'syntax' | 'too-large' | 'minified'; readonly reason: string; readonly line: number | null };

/** Whether files of this name are read at all. Declarations of types do nothing. */
export function hasBehaviour(path: string): boolean {
  return BEHAVIOUR_EXTENSIONS.some((ending) => path.endsWith(ending)) && !/\.d\.[cm]?ts$/.test(path);
}

/** Loads the parsers a file needs, each once. `text` decides whether SQL is among them: pass what will be read. */
export async function loadLanguage(path: string, text: string): Promise<void> {
  if (!hasBehaviour(path)) return;
  await loadTypeScript();
  if (mayHoldSql(text)) await loadSql();
}

/** Reads every function of a file. Synchronous and pure; `loadLanguage` comes first. Never throws on the text. */
export function behavioursOf(path: string, text: string, options: BehaviourOptions): Behaviours {
  if (!hasBehaviour(path)) return { status: 'read', functions: [] };
  const parsed = parseTypeScript(path, text);
  if (parsed.kind === 'syntax') return { status: 'syntax', reason: `does not parse: ${parsed.message} (line ${parsed.line})`, line: parsed.line };
  if (parsed.kind !== 'tree') return { status: parsed.kind, reason: parsed.detail, line: null };
  try {
    return { status: 'read', functions: readFile(path, parsed.tree, options.lockWrappers) };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { status: 'too-large', reason: 'nested deeper than can be followed', line: null };
  }
}
