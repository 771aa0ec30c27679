import { readFile } from 'node:fs/promises';
import type { Config } from '../core/config.js';
import { defaultConfig } from '../core/default-config.js';
import { UsageError } from '../core/errors.js';
import type { RuleHeader } from '../core/rule.js';

/** Where a repository keeps its configuration. */
export const CONFIG_PATH = '.github/belay.yml';

/** Reads one configuration file's text. Throws `UsageError` with every problem's line when it is not valid. */
export async function parseConfig(text: string, path: string, rules: readonly RuleHeader[]): Promise<Config> {
  // Loaded here: most runs have no file to read.
  const { describeProblem, readConfig } = await import('../core/read-config.js');
  const read = readConfig(text, path, { rules });
  if ('config' in read) return read.config;
  throw new UsageError(`The configuration is not valid:\n${read.problems.map(describeProblem).join('\n')}`);
}

/** The configuration of a run: the file named by `--config`, else the one `readTrusted` finds, else the defaults. */
export async function localConfig(named: string | undefined, readTrusted: () => Promise<string | null>, rules: readonly RuleHeader[]): Promise<Config> {
  if (named !== undefined) {
    const text = await readFile(named, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`--config ${named}: ${error.code === 'ENOENT' ? 'no such file' : error.message}.`);
    });
    return parseConfig(text, named, rules);
  }
  const text = await readTrusted();
  return text === null ? defaultConfig() : parseConfig(text, CONFIG_PATH, rules);
}
