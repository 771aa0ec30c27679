/** A statement as it stands in a file of code: what fills its holes is numbered. */
export interface SqlLiteral {
  readonly text: string;
  readonly line: number;
}

const LONGEST = 20_000;
const MOST = 400;
const OPENING = /(r#*)?("""|'''|["'`])(?=\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH)\s)|<<[-~<]?\s*["']?(\w+)["']?[^\n]*\n(?=\s*(?:SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH)\s)/gi;

/** String literals of any language that begin as a statement does, whole: pieces put together by `+`, `.` or `\` count as one. */
export function sqlLiterals(source: string): readonly SqlLiteral[] {
  const found: SqlLiteral[] = [];
  const places = lineCounter(source);
  for (const match of source.matchAll(OPENING)) {
    if (found.length >= MOST) break;
    const from = match.index + match[0].length;
    const label = match[3];
    const text = label === undefined ? quoted(source, from, match[2] ?? '"', match[1]?.slice(1) ?? '') : heredoc(source, from, label);
    if (text !== null && text.length <= LONGEST) found.push({ text: withNumberedHoles(text), line: places(from) });
  }
  return found;
}

function lineCounter(source: string): (at: number) => number {
  let [line, last] = [1, 0];
  return (at) => {
    for (let next = source.indexOf('\n', last); next !== -1 && next < at; next = source.indexOf('\n', last)) {
      line += 1;
      last = next + 1;
    }
    return line;
  };
}

function heredoc(source: string, from: number, label: string): string | null {
  const rest = source.slice(from, from + LONGEST + 100);
  const end = new RegExp(`^[ \\t]*${label}\\b`, 'm').exec(rest);
  return end === null ? null : rest.slice(0, end.index);
}

function quoted(source: string, from: number, quote: string, hashes: string): string | null {
  let text = '';
  let at = from;
  for (;;) {
    const end = closing(source, at, quote + hashes);
    if (end === -1) return null;
    text += quote.length === 1 && hashes === '' && quote !== '`' ? unescaped(source.slice(at, end)) : source.slice(at, end);
    const more = /^\s*(?:\+|\.|\\)?\s*(["'`])(?!\1)/.exec(source.slice(end + quote.length + hashes.length, end + quote.length + hashes.length + 200));
    if (more?.[1] !== quote || text.length > LONGEST) return text;
    at = end + quote.length + hashes.length + more[0].length;
  }
}

function closing(source: string, from: number, quote: string): number {
  const last = Math.min(source.length, from + LONGEST + 1);
  for (let at = from; at < last; at += 1) {
    if (source[at] === '\\' && quote !== '`') at += 1;
    else if (source.startsWith(quote, at)) return at;
    else if (source[at] === '\n' && (quote === '"' || quote === "'") && source[at - 1] !== '\\' && from + 400 < at) return -1;
  }
  return -1;
}

function unescaped(text: string): string {
  return text.replace(/\\(\r?\n|.)/gs, (_, letter: string) => (letter === 'n' || letter === 't' || /[\r\n]/.test(letter) ? ' ' : letter));
}

const HOLES = /'(?:[^']|'')*'|"[^"]*"|--[^\n]*|\$\{[^{}]*\}|#\{[^{}]*\}|\{\w+\}|%\(\w+\)s|%[sdvi]\b|\$(\d+)\b|::\s*\w+|:=|:\w+|(?<![\w@])@\w+|sqlc\.n?arg\(\s*'?\w+'?\s*\)|\?(?![|&?])/g;

/** Placeholders of all kinds as `$1`, `$2` …; the same name is the same number. */
export function withNumberedHoles(text: string): string {
  const known = new Map<string, number>();
  let last = Math.max(0, ...[...text.matchAll(/\$(\d{1,3})\b/g)].map((match) => Number(match[1])));
  return text.replace(HOLES, (hole: string, numbered?: string) => {
    if (numbered !== undefined || /^(?:['"]|::|:=|--)/.test(hole)) return /^'[?]'$|^'%s'$/.test(hole) ? hole.slice(0, 0) + `$${String((last += 1))}` : hole;
    const name = /^[?%]/.test(hole) && !hole.startsWith('%(') ? null : hole;
    const before = name === null ? undefined : known.get(name);
    if (before !== undefined) return `$${String(before)}`;
    last += 1;
    if (name !== null) known.set(name, last);
    return `$${String(last)}`;
  });
}
