import type { TypeName } from '../definition.js';
import { typeText } from '../print/definition.js';

const PLAIN: Readonly<Record<string, string>> = { int2: 'smallint', int4: 'integer', int8: 'bigint', float4: 'real', float8: 'double precision', bool: 'boolean', bpchar: 'char', varbit: 'bit varying' };

/** A type as people write it: `integer`, not `int4`. */
export function typeWords(type: TypeName): string {
  const plain = type.schema === null ? PLAIN[type.name] : undefined;
  if (plain === undefined) return typeText(type).replace(/, /g, ',');
  return `${plain}${type.modifiers.length === 0 ? '' : `(${type.modifiers.join(',')})`}${type.array ? '[]' : ''}`;
}

/** "`a`, `b` and `c`". */
export function listWords(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1) ?? ''}`;
}
