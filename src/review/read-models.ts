import { columnOf, entityOf } from '../behaviour/entity.js';
import { readDeclaredModels } from '../behaviour/models/declared-models.js';
import { boundIn, joinModels, type Bound, type Models } from '../behaviour/models/models.js';
import { readPrismaSchema } from '../behaviour/models/prisma-schema.js';
import type { LoadedFiles, Snapshot } from '../core/snapshot.js';
import type { Catalog } from '../migrations/catalog.js';
import { loadFiles } from './load-files.js';

/** Where applications keep their models. */
const MODEL_GLOBS = ['**/*.prisma', '**/*.{entity,model,schema}.{ts,js,mts,cts,mjs,cjs}', '**/{entities,entity,models,model,schemas,schema}/**/*.{ts,js,mts,cts,mjs,cjs}', '**/{schema,models}.{ts,js}'] as const;
/** Enough for a large application, bounded for a hostile one. */
const MODELS_LIMIT = 400;
const LARGEST_FILE = 1_000_000;

/** What the models of a tree and its migrations say. `also` are files that count wherever they lie. */
export async function readModels(head: Snapshot, catalog: Catalog, also: LoadedFiles): Promise<Models> {
  let taken = 0;
  const { files } = await loadFiles(head, MODEL_GLOBS, (path) => !/(^|\/)(node_modules|dist|build)\/|\.d\.[cm]?ts$/.test(path) && ++taken <= MODELS_LIMIT);
  const texts = new Map([...files, ...also]);
  const declared = [...texts].filter(([, text]) => text.length <= LARGEST_FILE).map(([path, text]) => (path.endsWith('.prisma') ? readPrismaSchema(text) : readDeclaredModels(text)));
  return joinModels([...declared, modelsOf(catalog)]);
}

/** The unique keys and bounds that the migrations leave. Partial indexes, and those over expressions, are left out. */
export function modelsOf(catalog: Catalog): Models {
  const unique = new Map<string, (readonly string[])[]>();
  const bounds = new Map<string, Bound[]>();
  const addKey = (table: string, columns: readonly (string | null)[]): void => {
    const entity = entityOf(table);
    const named = columns.flatMap((one) => (one === null ? [] : [columnOf(one)]));
    if (entity !== null && named.length === columns.length && named.length > 0) unique.set(entity, [...(unique.get(entity) ?? []), named]);
  };
  for (const index of catalog.indexes.values()) if (index.unique && !index.partial) addKey(index.table, index.columns);
  for (const table of catalog.tables.values()) {
    for (const { definition } of table.constraints.values()) {
      if (definition.kind === 'unique' || definition.kind === 'primary-key') addKey(table.name, definition.columns);
      const bound = definition.kind === 'check' ? boundIn(definition.expression.text) : null;
      const entity = entityOf(table.name);
      if (bound !== null && entity !== null) bounds.set(entity, [...(bounds.get(entity) ?? []), bound]);
    }
  }
  return { versioned: new Set(), counted: new Set(), unique, bounds };
}
