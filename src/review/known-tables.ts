import type { TableSize } from '../core/config.js';
import type { ReviewInput } from './review-input.js';

/** Where a repository keeps what `belay stats dump` printed. It counts from a trusted base only, as the configuration does. */
export const STATISTICS_PATH = '.github/belay-statistics.json';

/** What is known of tables' sizes: from the configuration, and for tables that it does not name from the committed statistics. */
export async function knownTables({ config, statistics }: Pick<ReviewInput, 'config' | 'statistics'>, notices: string[]): Promise<ReadonlyMap<string, TableSize>> {
  const text = (await statistics?.()) ?? null;
  if (text === null) return config.tables;
  // Loaded here: hardly a repository has the file.
  const { readStatistics, withStatistics } = await import('../core/statistics.js');
  const read = readStatistics(text);
  if ('statistics' in read) return withStatistics(config.tables, read.statistics);
  notices.push(`\`${STATISTICS_PATH}\` on the base does not count: ${read.problem}.`);
  return config.tables;
}
