import { quoteLiteral, quoteName } from '../../quote.js';
import type { Element } from './element.js';

/** How a changelog wants its names quoted. */
export interface Naming {
  /** `objectQuotingStrategy="QUOTE_ALL_OBJECTS"`: names are taken letter by letter. */
  readonly exact: boolean;
}

/** A name as Liquibase sends it: only one with capital and small letters mixed keeps them. */
export function sqlName(name: string, { exact }: Naming): string {
  const plain = name.trim();
  if (/\$\{/.test(plain)) return `"${plain.replaceAll('"', '')}"`;
  const unquoted = /^"(.*)"$/.exec(plain)?.[1];
  if (unquoted !== undefined) return quoteName(unquoted);
  return quoteName(exact || (/[A-Z]/.test(plain) && /[a-z]/.test(plain)) ? plain : plain.toLowerCase());
}

/** A relation with its schema, by the names of two attributes. */
export function relation(element: Element, naming: Naming, attribute = 'tableName', schemaAttribute = 'schemaName'): string | null {
  const name = element.attributes.get(attribute);
  if (name === undefined || name.trim() === '') return null;
  const schema = element.attributes.get(schemaAttribute);
  if (schema !== undefined && schema.trim() !== '') return `${sqlName(schema, naming)}.${sqlName(name, naming)}`;
  return name.includes('.') && !name.includes('${') ? name.split('.').map((part) => sqlName(part, naming)).join('.') : sqlName(name, naming);
}

/** `a, b` → names. */
export function nameList(names: string, naming: Naming): string {
  return names.split(',').filter((name) => name.trim() !== '').map((name) => sqlName(name, naming)).join(', ');
}

const NUMERIC = /^(?:-?\d+(?:\.\d+)?)$/;

/** The expression that one of the `…Numeric`, `…Boolean`, `…Date`, `…Computed` attributes stands for; null when none is set. */
export function valueExpression(element: Element, prefix: 'value' | 'defaultValue'): string | null {
  const given = (suffix: string): string | undefined => element.attributes.get(`${prefix}${suffix}`);
  const computed = given('Computed');
  if (computed !== undefined) return /^current_(?:timestamp\(\)|datetime)$/i.test(computed.trim()) ? 'CURRENT_TIMESTAMP' : computed;
  const numeric = given('Numeric');
  if (numeric !== undefined) return NUMERIC.test(numeric.trim()) ? numeric : `(${numeric})`;
  const flag = given('Boolean');
  if (flag !== undefined) return /^(?:true|1|t|yes)$/i.test(flag.trim()) ? 'TRUE' : 'FALSE';
  const date = given('Date');
  if (date !== undefined) return /^\d/.test(date.trim()) ? quoteLiteral(date.trim()) : date;
  const sequence = given('SequenceNext');
  if (sequence !== undefined) return `nextval(${quoteLiteral(sequence)})`;
  const text = given('');
  if (text !== undefined) return /^null$/i.test(text.trim()) ? 'NULL' : quoteLiteral(text);
  return ['ClobFile', 'BlobFile'].some((suffix) => given(suffix) !== undefined) ? "''" : null;
}

export function isTrue(element: Element, attribute: string): boolean {
  return element.attributes.get(attribute)?.trim().toLowerCase() === 'true';
}

export function isFalse(element: Element, attribute: string): boolean {
  return element.attributes.get(attribute)?.trim().toLowerCase() === 'false';
}
