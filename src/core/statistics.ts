import { z } from 'zod';
import type { TableSize } from './config.js';

/** Larger files are none that the command wrote. */
const MOST_CHARACTERS = 8_000_000;
const MOST_TABLES = 50_000;

const amount = z.number().min(0).max(1e15);
const statisticsSchema = z.object({
  version: z.literal(1),
  server: z.string().max(100),
  /** When they were read, and since when the server has counted writes; ISO 8601. */
  at: z.string().max(40),
  since: z.string().max(40).nullable(),
  tables: z.record(z.string().min(1).max(300), z.object({ rows: amount.nullable(), bytes: amount.nullable(), writesPerSecond: amount.nullable() })),
});

/** What a server knows of its tables, by `schema.name`. */
export type Statistics = z.infer<typeof statisticsSchema>;

/** Reads the text of the file. `problem` says in words why it does not count. */
export function readStatistics(text: string): { readonly statistics: Statistics } | { readonly problem: string } {
  if (text.length > MOST_CHARACTERS) return { problem: 'it is larger than anything `belay stats dump` prints' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const read = statisticsSchema.safeParse(value);
  if (!read.success) return { problem: `it is not what \`belay stats dump\` prints (${read.error.issues[0]?.path.slice(0, 3).map(String).join('.').slice(0, 80) ?? ''})` };
  if (Object.keys(read.data.tables).length > MOST_TABLES) return { problem: `it names more than ${MOST_TABLES.toLocaleString('en-US')} tables` };
  return { statistics: read.data };
}

/** What is known of tables from both; what the configuration says of a table is all that counts for it. */
export function withStatistics(tables: ReadonlyMap<string, TableSize>, statistics: Statistics): ReadonlyMap<string, TableSize> {
  const all = new Map(tables);
  for (const [name, { rows, writesPerSecond }] of Object.entries(statistics.tables)) {
    const short = name.startsWith('public.') ? name.slice('public.'.length) : name;
    if (tables.has(name) || tables.has(short) || rows === null) continue;
    all.set(name, { rows: Math.round(rows), ...(writesPerSecond === null ? {} : { writes: writesPerSecond }), from: 'statistics' });
  }
  return all;
}
