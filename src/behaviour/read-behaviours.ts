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

/** Why a file has no behaviour to show. */
export interface BehaviourProblem {
  readonly kind: 'syntax' | 'too-large' | 'minified';
  /** 1-based; null where the whole file is meant. */
  readonly line: number | null;
  readonly message: string;
}

/** The functions of a file, or why there are none. */
export interface Behaviours {
  readonly functions: readonly FunctionBehaviour[];
  readonly problem: BehaviourProblem | null;
}

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
export function readBehaviours(path: string, text: string, options: BehaviourOptions): Behaviours {
  if (!hasBehaviour(path)) return { functions: [], problem: null };
  const parsed = parseTypeScript(path, text);
  if (parsed.kind === 'syntax') return { functions: [], problem: { kind: 'syntax', line: parsed.line, message: parsed.message } };
  if (parsed.kind !== 'tree') return { functions: [], problem: { kind: parsed.kind, line: null, message: parsed.detail } };
  try {
    return { functions: readFile(path, parsed.tree, options.lockWrappers), problem: null };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { functions: [], problem: { kind: 'too-large', line: null, message: 'nested deeper than can be followed' } };
  }
}

/** The functions alone, for those who do not ask why there are none. */
export function behavioursOf(path: string, text: string, options: BehaviourOptions): readonly FunctionBehaviour[] {
  return readBehaviours(path, text, options).functions;
}
