import { PGlite, types, type Extensions } from '@electric-sql/pglite';
import { EngineRefused, type Engine, type Refusal, type SavedDatabase, type TextRow } from '../../../src/proof/engine.js';

const AS_TEXT = {
  parsers: Object.fromEntries(Object.values(types).flatMap((oid) => (typeof oid === 'number' ? [[oid, (text: string): string => text]] : []))),
  serializers: Object.fromEntries(Object.values(types).flatMap((oid) => (typeof oid === 'number' ? [[oid, (value: string): string => value]] : []))),
};

function refusalOf(error: unknown): Refusal {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { code: error.code, message: error.message };
  throw error;
}

/** An engine without child process and limits, for tests of what stands on one. */
export async function openInProcess(extensions: Extensions = {}): Promise<Engine> {
  const open = async (bytes: Uint8Array | null): Promise<PGlite> => PGlite.create({ ...AS_TEXT, extensions, ...(bytes === null ? {} : { loadDataDir: new Blob([new Uint8Array(bytes)]) }) });
  let database = await open(null);
  const version = (await database.query<{ v: string }>("select split_part(current_setting('server_version'), ' ', 1) as v")).rows[0]?.v ?? '';
  return {
    server: { version, kind: 'pglite' },
    major: Number.parseInt(version, 10),
    async query(sql, params = []) {
      try {
        return (await database.query<TextRow>(sql, [...params])).rows;
      } catch (error) {
        throw new EngineRefused(refusalOf(error));
      }
    },
    async attempt(sql) {
      try {
        await database.exec(sql);
        return null;
      } catch (error) {
        return refusalOf(error);
      }
    },
    async save(): Promise<SavedDatabase> {
      return { kind: 'pglite', name: null, bytes: new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer()) };
    },
    async restore(saved) {
      await database.close();
      database = await open(saved?.bytes ?? null);
    },
    close: async () => database.close(),
  };
}
