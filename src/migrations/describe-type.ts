import type { TypeName } from './definition.js';
import { typeText } from './print/definition.js';

// The server's short names as people write them.
const WORDS: Readonly<Record<string, string>> = {
  int2: 'smallint', int4: 'integer', int8: 'bigint', float4: 'real', float8: 'double precision', bool: 'boolean', bpchar: 'char', smallserial: 'smallint', serial: 'integer', bigserial: 'bigint',
};

/** A type as people write it: `bigint`, `varchar(40)`, `text[]`; a serial is the integer that it stores. */
export function typeWords(type: TypeName): string {
  const word = type.schema === null ? WORDS[type.name] : undefined;
  if (word === undefined) return typeText(type);
  return `${word}${type.modifiers.length === 0 ? '' : `(${type.modifiers.join(', ')})`}${type.array ? '[]' : ''}`;
}
