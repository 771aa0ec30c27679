import { columnOf, entityOf } from '../entity.js';
import { NO_MODELS, type Models } from './models.js';
import { segments } from './segments.js';

/** The unique keys that a `schema.prisma` declares. */
export function readPrismaSchema(text: string): Models {
  const unique = new Map<string, readonly (readonly string[])[]>();
  for (const { name, body } of segments(text, /^(?:model|enum|type|view|datasource|generator)[ \t]+(\w+)/gm)) {
    const keys = body.split('\n').flatMap((line) => keyOf(line.slice(0, 500).trim()));
    const mapped = /@@map\(\s*(?:name:\s*)?"([^"]{1,100})"/.exec(body)?.[1];
    for (const entity of [entityOf(name), mapped === undefined ? null : entityOf(mapped)]) if (entity !== null && keys.length > 0) unique.set(entity, keys);
  }
  return { ...NO_MODELS, unique };
}

function keyOf(line: string): readonly (readonly string[])[] {
  const several = /^@@(?:unique|id)\(\s*(?:fields:\s*)?\[([^\]]*)\]/.exec(line)?.[1];
  if (several !== undefined) return [several.split(',').map((one) => columnOf(one.trim().replace(/\(.*$/, '')))];
  const single = /^(\w+)\s+\w/.exec(line)?.[1];
  return single === undefined || !/\s@(?:unique|id)\b/.test(line) ? [] : [[columnOf(single)]];
}
