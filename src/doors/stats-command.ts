import { UsageError } from '../core/errors.js';
import { EXIT } from './exit-code.js';
import { printOut } from './print.js';

/** Flags of `belay stats dump`. */
export interface StatsOptions {
  readonly format: string;
  readonly database?: string;
  readonly sql: boolean;
}

/** `belay stats dump`: sizes and write rates of a server's tables, as the JSON to commit, or the script that prints it. */
export async function statsDumpCommand(options: StatsOptions): Promise<void> {
  const { dumpStatistics, STATISTICS_SCRIPT } = await import('../proof/dump-statistics.js');
  if (options.sql) {
    await printOut(STATISTICS_SCRIPT);
    return;
  }
  if (options.database === undefined) throw new UsageError('Name a server with --database URL; or print the script for psql with --sql.');
  const { readStatistics } = await import('../core/statistics.js');
  const text = `${JSON.stringify(await dumpStatistics(options.database), null, options.format === 'json' ? 0 : 2)}\n`;
  const read = readStatistics(text);
  if ('problem' in read) throw new Error(`the server's answer does not count: ${read.problem}`);
  await printOut(text);
  process.exitCode = EXIT.nothingBlocking;
}
