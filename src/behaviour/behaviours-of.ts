import { loadSql } from '../languages/sql.js';
import type { BehaviourOptions, Behaviours, LanguageReader } from './language-reader.js';
import { phpReader } from './php/reader.js';
import { mayHoldSql } from './sql-query.js';
import { typescriptReader } from './typescript/reader.js';

/** One for each language; a file belongs to the first that reads it. */
const READERS: readonly LanguageReader[] = [typescriptReader, phpReader];

function readerOf(path: string): LanguageReader | undefined {
  return READERS.find((one) => one.reads(path));
}

/** Whether files of this name are read at all. */
export function hasBehaviour(path: string): boolean {
  return readerOf(path) !== undefined;
}

/** Loads the parsers a file needs, each once. `text` decides whether SQL is among them: pass what will be read. */
export async function loadLanguage(path: string, text: string): Promise<void> {
  const reader = readerOf(path);
  if (reader === undefined) return;
  await reader.load();
  if (mayHoldSql(text)) await loadSql();
}

/** Reads every function of a file. Synchronous and pure; `loadLanguage` comes first. Never throws on the text. */
export function behavioursOf(path: string, text: string, options: BehaviourOptions): Behaviours {
  const reader = readerOf(path);
  if (reader === undefined) return { status: 'read', functions: [] };
  try {
    return reader.read(path, text, options);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { status: 'too-large', reason: 'nested deeper than can be followed', line: null };
  }
}
