import { parseSql } from '../../languages/sql.js';
import type { Engine } from '../engine.js';
import { BUNDLED_EXTENSIONS } from './bundles.js';

export interface AskedExtensions {
  /** To be given to `OpenEngine`. */
  readonly load: readonly string[];
  /** Not there: their CREATE EXTENSION is left out, and what needs their types and functions will say so itself. */
  readonly stub: readonly string[];
}

const BUNDLED: ReadonlySet<string> = new Set(BUNDLED_EXTENSIONS);

/** What statements that do not parse ask for. */
const WRITTEN = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]{1,63})"|(\w[\w$]{0,62}))/gi;

/** Texts without these letters need not be parsed. */
const MENTIONED = /\bcreate\s+extension\b/i;

/**
 * The extensions that statements ask for, DO blocks included. `available`: those that the server has; the embedded engine's own if it
 * is not given. Needs `loadSql()`.
 */
export function extensionsAskedFor(statements: readonly string[], available: ReadonlySet<string> = BUNDLED): AskedExtensions {
  const asked = new Set(statements.filter((text) => MENTIONED.test(text)).flatMap(namesIn));
  // The language is there from the start.
  asked.delete('plpgsql');
  const names = [...asked].sort();
  return { load: names.filter((name) => available.has(name)), stub: names.filter((name) => !available.has(name)) };
}

function namesIn(text: string): readonly string[] {
  return parseSql(text).statements.flatMap((statement) => {
    if (statement.kind === 'parsed' && 'CreateExtensionStmt' in statement.node) return [statement.node.CreateExtensionStmt.extname ?? ''];
    return [...statement.text.matchAll(WRITTEN)].map(([, quoted, plain]) => quoted ?? plain?.toLowerCase() ?? '');
  });
}

/** The extensions that an open server has. */
export async function availableExtensions(engine: Engine): Promise<ReadonlySet<string>> {
  const rows = await engine.query('SELECT name::text AS name FROM pg_available_extensions');
  return new Set(rows.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])));
}
