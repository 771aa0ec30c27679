const NUMBER = /^(?:smallint|integer|bigint|numeric|real|double precision|oid)$/;
const DATES = /^(?:date|timestamp|time)/;

/** Whether two texts say the same value of their types. */
export function sameValue(one: string | null, oneType: string, other: string | null, otherType: string): boolean {
  if (one === other) return true;
  if (one === null || other === null) return false;
  return plain(one, oneType, otherType) === plain(other, otherType, oneType);
}

function plain(text: string, type: string, otherType: string): string {
  if (NUMBER.test(type)) return plainNumber(text);
  if (DATES.test(type) && type !== otherType) return text.replace(/\+00$/, '').replace(/ 00:00:00$/, '');
  if (type === 'character' || otherType === 'character') return text.replace(/ +$/, '');
  if ((type === 'json' || type === 'jsonb') && type !== otherType) return text.replace(/\s+/g, '');
  return text;
}

/** `1.50`, `1.5` and `15e-1` are left as `1.5` where no rounding is needed to see it. */
function plainNumber(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}
