/** Words of a value: `my-service_v2` is all words, `9f8aK2x…` is none. */
const WORDY_PART = /^(?:[A-Z]{1,20}|[A-Z]?[a-z]{1,20}|(?:[A-Z]?[a-z]{2,20}){1,4}|[A-Za-z]{1,12}\d{1,3}|\d{1,4})$/;

/** Bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Whether a value looks drawn at random rather than written by a person: keys, hashes, tokens; not names, words or dates. */
export function looksRandom(value: string): boolean {
  if (value.length < 8 || value.length > 4096) return value.length > 4096;
  if (value.length <= 120 && value.split(/[-_.:/@ ]/).every((part) => part === '' || WORDY_PART.test(part))) return false;
  const bits = entropy(value);
  if (/\d/.test(value) && /[A-Za-z]/.test(value)) return bits >= 2.75;
  return value.length >= 20 && bits >= 3.5;
}
