import type { Replace } from './redact-known.js';

const SCHEME_END = /:\/\//g;
/** Longer than any address with a password in it that a person would write. */
const WINDOW = 400;

/** Passwords in addresses (`postgres://app:hunter2@db/prod`). User, host and path stay. */
export function redactUrlPasswords(text: string, replace: Replace): string {
  let result = '';
  let done = 0;
  for (const match of text.matchAll(SCHEME_END)) {
    const start = match.index + 3;
    if (start < done) continue;
    const rest = /^[^\s'"`<>|\\]*/.exec(text.slice(start, start + WINDOW))?.[0] ?? '';
    const password = passwordIn(rest);
    if (password === null) continue;
    result += text.slice(done, start + password.from) + replace('password', rest.slice(password.from, password.to));
    done = start + password.to;
  }
  return result + text.slice(done);
}

function passwordIn(rest: string): { readonly from: number; readonly to: number } | null {
  const authorityEnd = rest.search(/[/?#]/);
  const authority = authorityEnd === -1 ? rest : rest.slice(0, authorityEnd);
  const from = rest.indexOf(':') + 1;
  if (from === 0) return null;
  let to = authority.lastIndexOf('@');
  // A password with a bare slash in it, which is no port.
  if (to === -1 && !/^\d{1,5}(?:[/?#]|$)/.test(rest.slice(from))) to = rest.indexOf('@');
  if (to <= from || rest.slice(0, to).includes('«secret:')) return null;
  return isReference(rest.slice(from, to)) ? null : { from, to };
}

/** Whether a value is a name of a secret kept elsewhere rather than one: `${DB_PASSWORD}`, `<password>`, `%s`, `***`. */
export function isReference(value: string): boolean {
  return (
    /^\$\{.*\}$|^\$[A-Za-z_]\w*$|^\$\(.*\)?$|^#?\{.*\}$|^<.*>?$|^%.*%$|^%[sdv@]$|^\{\{|^[*x.•]+$|^:\w+$|^«secret:/i.test(value) ||
    /^(?:process\.env|import\.meta|os\.environ|ENV\[|env[.:(]|vault:|arn:|ssm:|secretsmanager|op:\/\/|projects\/|file:|https?:\/\/|\.{0,2}\/)/i.test(value)
  );
}
