/**
 * Makes one pattern of words of many languages. Words of scripts with spaces stand alone (`revert`, not `revertible`, unless
 * they end in `*`); those of Chinese, Japanese and Korean are found inside a run.
 */
export function phrases(...words: readonly string[]): RegExp {
  const spaced: string[] = [];
  const runs: string[] = [];
  for (const word of words) (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u.test(word) ? runs : spaced).push(word);
  const parts = spaced.length === 0 ? [] : [`(?<![\\p{L}\\p{N}_])(?:${spaced.map((word) => (word.endsWith('*') && !word.endsWith('\\p{L}*') ? `${word.slice(0, -1)}\\p{L}*` : word)).join('|')})(?![\\p{L}\\p{N}_])`];
  return new RegExp([...parts, ...runs].join('|'), 'iu');
}

/** Sentences of a line, without cutting versions, addresses and abbreviations. */
export function sentences(text: string): string[] {
  return text.split(/(?<!\b(?:sec|no|nr|art|st|vs|ca|approx|e\.g|i\.e|bzw|z\.B|max|min|resp)\.)(?<=[.!?;]["'”)*`]?)\s+(?=\S)|(?<=[。！？；])/u).map((part) => part.trim()).filter((part) => part !== '');
}
