/** The longest glob that is understood; a longer one never matches. */
const MAX_GLOB_LENGTH = 500;
/** How many plain globs one with braces may stand for; the rest is left out. */
const MAX_ALTERNATIVES = 200;

/** One place of a path segment: a character, one of several, any one, or any run (`star`). */
type Token = { readonly kind: 'is'; readonly character: string } | { readonly kind: 'one' } | { readonly kind: 'star' } | { readonly kind: 'of'; readonly negated: boolean; readonly ranges: readonly (readonly [string, string])[] };

type Segment = readonly Token[] | 'globstar';

const compiled = new Map<string, (path: string) => boolean>();

/**
 * Whether a path (forward slashes, no leading slash) matches at least one of the globs. No globs match nothing. Known are `**`
 * (any folders, none too), `*` and `?` (within a name, leading dots too), `[a-z]`, `[!a-z]`, `{a,b}` and `\` before a
 * character that is meant as such. The time is bounded by the lengths multiplied, whatever the glob: no regular
 * expression is made of it, which could be made to backtrack without end.
 */
export function matchesAny(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(matcher);
  return (path) => matchers.some((matches) => matches(path));
}

function matcher(glob: string): (path: string) => boolean {
  const known = compiled.get(glob);
  if (known) return known;
  const made = compile(glob);
  if (compiled.size > 5000) compiled.clear();
  compiled.set(glob, made);
  return made;
}

function compile(glob: string): (path: string) => boolean {
  if (glob.length > MAX_GLOB_LENGTH) return () => false;
  const patterns = alternatives(glob.replace(/^(?:\.?\/)+/, '')).map((plain) => splitSegments(plain).map(segmentOf));
  return (path) => {
    const segments = path.split('/');
    return patterns.some((pattern) => matchesSegments(pattern, segments));
  };
}

/** `a{b,c}` as `ab` and `ac`. Braces that are not closed or hold no comma stand for themselves. */
function alternatives(glob: string): readonly string[] {
  let results: readonly string[] = [''];
  for (let at = 0; at < glob.length; at++) {
    const group = glob[at] === '{' ? groupAt(glob, at) : null;
    const parts = group ? group.parts.flatMap(alternatives) : [glob[at] === '\\' ? glob.slice(at, at + 2) : glob.slice(at, at + 1)];
    if (group) at = group.end;
    else if (glob[at] === '\\') at++;
    results = results.flatMap((result) => parts.map((part) => result + part)).slice(0, MAX_ALTERNATIVES);
  }
  return results;
}

/** The comma-separated parts of the braces that open at an offset, and where they close. */
function groupAt(glob: string, start: number): { readonly parts: readonly string[]; readonly end: number } | null {
  const parts: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < glob.length; at++) {
    const character = glob[at];
    if (character === '\\') at++;
    else if (character === '{') depth++;
    else if (character === ',' && depth === 1) {
      parts.push(glob.slice(from, at));
      from = at + 1;
    } else if (character === '}' && --depth === 0) {
      return parts.length === 0 ? null : { parts: [...parts, glob.slice(from, at)], end: at };
    }
  }
  return null;
}

function splitSegments(plain: string): readonly string[] {
  return (plain.endsWith('/') ? `${plain}**` : plain).split('/').filter((segment, index, all) => segment !== '' || all.length === 1);
}

function segmentOf(text: string): Segment {
  if (text === '**') return 'globstar';
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const set = character === '[' ? setAt(text, at) : null;
    if (set) {
      tokens.push(set.token);
      at = set.end;
    } else if (character === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (character === '?') {
      tokens.push({ kind: 'one' });
    } else {
      if (character === '\\' && at + 1 < text.length) at++;
      tokens.push({ kind: 'is', character: text.charAt(at) });
    }
  }
  return tokens;
}

function setAt(text: string, start: number): { readonly token: Token; readonly end: number } | null {
  const end = text.indexOf(']', start + 2);
  if (end === -1) return null;
  const negated = text[start + 1] === '!' || text[start + 1] === '^';
  const ranges: [string, string][] = [];
  for (let at = start + (negated ? 2 : 1); at < end; at++) {
    const first = text.charAt(at);
    const isRange = text[at + 1] === '-' && at + 2 < end;
    ranges.push([first, isRange ? text.charAt(at + 2) : first]);
    if (isRange) at += 2;
  }
  return { token: { kind: 'of', negated, ranges }, end };
}

/** Both levels match alike: greedily, going back to the last star only, which is enough. */
function matchesSegments(pattern: readonly Segment[], path: readonly string[]): boolean {
  return greedy(pattern.length, path.length, (at) => pattern[at] === 'globstar', (at, index) => {
    const segment = pattern[at];
    return segment !== undefined && segment !== 'globstar' && matchesName(segment, path[index] ?? '');
  });
}

function matchesName(tokens: readonly Token[], name: string): boolean {
  if (name === '') return tokens.length === 0;
  return greedy(tokens.length, name.length, (at) => tokens[at]?.kind === 'star', (at, index) => matchesCharacter(tokens[at], name.charAt(index)));
}

function matchesCharacter(token: Token | undefined, character: string): boolean {
  switch (token?.kind) {
    case 'is':
      return token.character === character;
    case 'of':
      return token.ranges.some(([first, last]) => first <= character && character <= last) !== token.negated;
    case 'one':
      return true;
    case 'star':
    case undefined:
      return false;
  }
}

function greedy(patternLength: number, length: number, isStar: (at: number) => boolean, matches: (at: number, index: number) => boolean): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let resume = 0;
  while (index < length) {
    if (at < patternLength && isStar(at)) {
      star = at++;
      resume = index;
    } else if (at < patternLength && matches(at, index)) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  while (at < patternLength && isStar(at)) at++;
  return at === patternLength;
}
