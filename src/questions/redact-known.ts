/** Replaces a value of a kind by its placeholder. */
export type Replace = (kind: string, value: string) => string;

/**
 * Secrets that can be told by their form. Each pattern starts at a fixed prefix and repeats one class of characters, so a
 * match takes time linear in the text.
 */
const FORMS: readonly (readonly [kind: string, form: RegExp])[] = [
  ['aws', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g],
  ['github', /\b(?:gh[opusr]_|github_pat_)[A-Za-z0-9_.-]{12,}/g],
  ['gitlab', /\bgl(?:pat|dt|rt|cbt|ptt|soat|agent|oas)-[A-Za-z0-9_.-]{12,}/g],
  ['jwt', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}/g],
  ['slack', /\bxox[a-z]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}/g],
  ['slack', /(?<=hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{10,}/g],
  ['stripe', /\b(?:[sr]k|rk)_(?:live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{16,}/g],
  ['google', /\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}/g],
  ['api-key', /\bsk-[A-Za-z0-9_-]{20,}/g],
  ['npm', /\bnpm_[A-Za-z0-9]{30,}/g],
  ['pypi', /\bpypi-[A-Za-z0-9_-]{20,}/g],
  ['huggingface', /\bhf_[A-Za-z0-9]{20,}/g],
  ['sendgrid', /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g],
  ['digitalocean', /\bdo[opr]_v1_[a-f0-9]{32,}/g],
  ['docker', /\bdckr_pat_[A-Za-z0-9_-]{16,}/g],
  ['shopify', /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{16,}/g],
  ['newrelic', /\bNRAK-[A-Z0-9]{20,}/g],
  ['postman', /\bPMAK-[a-f0-9-]{20,}/g],
  ['vault', /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/g],
  ['age', /\bAGE-SECRET-KEY-1[A-Z0-9]{40,}/g],
];

const AUTHORIZATION = /\b(Bearer|Basic)(\s{1,3})([A-Za-z0-9+/=_.~-]{12,})/gi;
const SQL_PASSWORD = /\b((?:PASSWORD|IDENTIFIED\s{1,4}(?:WITH\s{1,4}\S{1,64}\s{1,4})?BY(?:\s{1,4}PASSWORD)?)\s{1,8}')([^'\n]{1,256})(?=')/gi;

/** Keys and tokens with a form of their own, `Authorization` values and SQL passwords. */
export function redactKnown(text: string, replace: Replace): string {
  let result = text;
  for (const [kind, form] of FORMS) result = result.replace(form, (value) => replace(kind, value));
  return result
    .replace(AUTHORIZATION, (all, scheme: string, space: string, value: string) => (/\d|[+/=~]/.test(value) ? `${scheme}${space}${replace('authorization', value)}` : all))
    .replace(SQL_PASSWORD, (_all, before: string, value: string) => `${before}${replace('password', value)}`);
}

const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_LINE = /[^\S\n]*["'+]?[A-Za-z0-9+/=\\]{16,}[^\n]*(?:\n|$)/y;
/** Longer than any real key block. */
const LONGEST_KEY = 65_536;

/** The inside of private key blocks. Their line breaks stay, so that line numbers hold. */
export function redactPrivateKeys(text: string, replace: Replace): string {
  let result = '';
  let done = 0;
  let end = nextEnd(text, 0);
  for (const begin of text.matchAll(KEY_BEGIN)) {
    const start = begin.index + begin[0].length;
    if (begin.index < done) continue;
    while (end !== null && end < start) end = nextEnd(text, end + 1);
    const stop = end !== null && end - start <= LONGEST_KEY ? end : endOfKeyLines(text, start);
    if (stop <= start) continue;
    result += text.slice(done, start) + withLineBreaks(text.slice(start, stop), replace);
    done = stop;
  }
  return result + text.slice(done);
}

function nextEnd(text: string, from: number): number | null {
  KEY_END.lastIndex = from;
  return KEY_END.exec(text)?.index ?? null;
}

/** Where the lines that look like a key's body end, for a block that was cut off. */
function endOfKeyLines(text: string, start: number): number {
  const lineEnd = text.indexOf('\n', start);
  const rest = lineEnd === -1 ? text.length : lineEnd;
  if (text.slice(start, rest).trim() !== '') return startsLikeKey(text, start) ? rest : start;
  let at = lineEnd === -1 ? text.length : lineEnd + 1;
  let stop = start;
  for (let line = 0; line < 400 && at < text.length; line += 1) {
    KEY_LINE.lastIndex = at;
    const match = KEY_LINE.exec(text);
    if (match === null) break;
    at += match[0].length;
    stop = match[0].endsWith('\n') ? at - 1 : at;
  }
  return stop;
}

function startsLikeKey(text: string, at: number): boolean {
  KEY_LINE.lastIndex = at;
  return KEY_LINE.test(text);
}

function withLineBreaks(body: string, replace: Replace): string {
  const breaks = body.split('\n').length - 1;
  if (/^(?:«secret:private-key#\d+»)?$/.test(body.trim())) return body;
  const placeholder = replace('private-key', body.trim());
  return breaks === 0 ? placeholder : `\n${placeholder}${'\n'.repeat(breaks - 1)}`;
}
