import { looksRandom } from './randomness.js';
import type { Replace } from './redact-known.js';
import { isReference } from './redact-urls.js';

const NAME =
  'pass(?:word|wd|phrase|code)?|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|account[_-]?key|shared[_-]?key|auth[_-]?key|master[_-]?key|credentials?|salt|pepper|signature';
const SUFFIX = '(?:[_-]?(?:value|hash|base64|key|hex|plain|raw|id|\\d{1,2}))?';

/** A name that holds a secret, then something that gives it a value. Every repetition is bounded. */
const ASSIGNMENT = new RegExp(
  `(${NAME})${SUFFIX}(?![A-Za-z0-9_-])["'\`\\])]{0,3}\\??(?:\\s{0,8}:\\s{0,8}(?:string|String|str|&str|&'static str)(?=\\s{0,8}=))?[^\\S\\n]{0,16}(=>|:=|={1,3}|!==?|:|,|>|\\((?=["'\`]))[^\\S\\n]{0,16}(?:[bruf@]{1,2}(?=["'\`]))?`,
  'gi',
);
const FLAG = /(--(?:password|passwd|token|secret|api-key)(?:=|\s))([^\s"'$<{-][^\s"'`]{2,256})/g;

/** The longest value that is looked at. */
const LONGEST = 1024;

/** Files in which what stands behind a name is always a literal. */
const SETTINGS = /(?:^|\/)(?:\.env[^/]*|[^/]*\.(?:env|properties|ini|cfg|conf|ya?ml|toml|tfvars))$/i;
const SHELL_ASSIGNMENT = /(?:^|\n)[^\S\n]*(?:(?:export|ENV|ARG|-)[^\S\n]{1,4})?["']?[A-Z][A-Z0-9_]{0,80}$/;

interface Value {
  readonly from: number;
  readonly to: number;
  readonly quoted: boolean;
}

/** Values given to names like `password`, `clientSecret` or `API_TOKEN`. The names stay. */
export function redactAssignments(text: string, path: string | null, replace: Replace): string {
  const settings = path !== null && SETTINGS.test(path);
  let result = '';
  let done = 0;
  for (const match of text.matchAll(ASSIGNMENT)) {
    const start = match.index + match[0].length;
    if (match.index < done) continue;
    const operator = match[2] ?? '';
    const value = valueAt(text, start, operator);
    if (value === null) continue;
    const literal = value.quoted || operator === '>' || settings || isShellStyle(text, match, operator);
    const strong = operator !== ',' && /^(?:pass|pwd)/i.test(match[1] ?? '') && !/^pass$/i.test(match[1] ?? '');
    if (!isSecret(text.slice(value.from, value.to), strong, literal)) continue;
    result += text.slice(done, value.from) + replace(strong ? 'password' : 'value', text.slice(value.from, value.to));
    done = value.to;
  }
  return (result + text.slice(done)).replace(FLAG, (all, flag: string, value: string) =>
    isSecret(value, flag.startsWith('--pass'), true) ? `${flag}${replace('password', value)}` : all,
  );
}

/** `DB_PASSWORD=…` at the start of a line, as in shells and Dockerfiles. */
function isShellStyle(text: string, match: RegExpExecArray, operator: string): boolean {
  if (operator !== '=' || !match[0].endsWith('=')) return false;
  const name = text.slice(Math.max(0, match.index - 100), match.index + match[0].length - 1);
  return SHELL_ASSIGNMENT.test(match.index <= 100 ? `\n${name}` : name);
}

function valueAt(text: string, start: number, operator: string): Value | null {
  const first = text[start] ?? '';
  const window = text.slice(start, start + LONGEST);
  if (first === '"' || first === "'" || first === '`') {
    const inside = /^(?:[^\\\n]|\\[^\n])*?(?=["'`\n]|$)/.exec(window.slice(1))?.[0] ?? '';
    const length = closing(window, first) ?? inside.length;
    return { from: start + 1, to: start + 1 + length, quoted: true };
  }
  if (operator === ',' || operator === '(') return null;
  const bare = /^[^\s"'`,;)\]}<>]+/.exec(window)?.[0] ?? '';
  if (bare === '') return null;
  if (operator === '>' && !text.startsWith('</', start + bare.length)) return null;
  return { from: start, to: start + bare.length, quoted: false };
}

/** How many characters stand before the closing quote on the same line; null when there is none in the window. */
function closing(window: string, quote: string): number | null {
  for (let at = 1; at < window.length; at += 1) {
    const character = window[at];
    if (character === '\\') at += 1;
    else if (character === quote) return at - 1;
    else if (character === '\n') return null;
  }
  return null;
}

const NO_SECRET = /^(?:pass(?:word|wd)?|secret|string|text|token|hidden|none|null|nil|undefined|required|optional|current-password|new-password|true|false|yes|no|changeme|\d{1,3}|[|>][+-]?)$/i;

function isSecret(value: string, strong: boolean, literal: boolean): boolean {
  if (value === '' || /\s/.test(value) || NO_SECRET.test(value) || isReference(value)) return false;
  if (/\$\{|#\{|\{\{|<%|«secret:/.test(value)) return false;
  if (literal && strong) return value.length >= 3;
  if (literal) return looksRandom(value);
  return value.length >= 20 && /^[A-Za-z0-9+/=_-]+$/.test(value) && (value.match(/\d/g)?.length ?? 0) >= 3 && looksRandom(value);
}
