const STRING = /'((?:[^']|'')*)'/g;

function stringsIn(condition: string): string[] {
  return [...condition.matchAll(STRING)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
}

function numbersIn(condition: string): number[] {
  const found = [...condition.replace(STRING, (text) => (/^'-?\d+(\.\d+)?'$/.test(text) ? text.slice(1, -1) : ' ')).matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])/g)].map((match) => Number(match[0]));
  return [...new Set(found)].slice(0, 12);
}

function turned<T>(values: readonly T[], n: number): readonly T[] {
  const at = values.length === 0 ? 0 : n % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

/** Texts of the shapes that conditions usually ask for. */
function usual(n: number): readonly string[] {
  const [one, letter] = [String(n + 1), 'abcdefghijklmnop'.charAt(n % 16)];
  return [
    `a${one}`, `${letter}bc`, `A${one}`, `${letter.toUpperCase()}BC`, one, one.padStart(5, '0'), `${one}.0.0`, `a${one}@example.com`, `https://example.com/${one}`, `/a/${one}`, `#${one.padStart(6, '0')}`, `#${letter.repeat(6)}`, `+1555000${one.padStart(4, '0')}`,
    `00000000-0000-4000-8000-${(n + 10).toString(16).padStart(12, '0')}`, `example${one}.com`, `${letter}.b`, `a-${one}`, `a_${one}`, `2024-01-${String((n % 28) + 1).padStart(2, '0')}`, one.padStart(32, 'a'), one.padStart(40, 'a'), one.padStart(64, 'a'), letter, '', ' ',
  ];
}

/** Texts to try for a column whose table has these conditions on it. */
export function candidateTexts(conditions: readonly string[], n: number): readonly string[] {
  const all = conditions.join(' ');
  const numbers = numbersIn(all);
  const lengths = /length|octet|cardinality/.test(all) ? numbers.filter((number) => Number.isInteger(number) && number >= 0 && number <= 5000) : [];
  const near = numbers.flatMap((number) => [number + n + 1, number - n - 1, number, number / 2].map((each) => String(Math.round(each * 1000) / 1000)));
  const filled = lengths.flatMap((length) => [length, length + 1, length - 1].filter((each) => each > 0).map((each) => String(n + 1).padStart(each, 'a').slice(-each)));
  return [...new Set([...turned(stringsIn(all), n), ...filled, ...near, ...usual(n)])];
}
