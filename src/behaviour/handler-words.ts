import type { ErrorClass } from './event.js';

/** Kinds of errors that the text of a handler tells apart: by the codes of databases, and by what libraries call them. */
export function recognisedErrors(text: string): readonly ErrorClass[] {
  const found: ErrorClass[] = [];
  if (/P2002|23505|23000|ER_DUP_ENTRY|1062|11000|UniqueConstraint|UniqueViolation|duplicate|isUnique/i.test(text)) found.push('duplicate');
  if (/P2034|40001|serializ/i.test(text)) found.push('serialization');
  if (/40P01|deadlock/i.test(text)) found.push('deadlock');
  if (/P2025|NotFound|EntityNotFound|ENOENT/i.test(text)) found.push('not-found');
  return found;
}

/** A log line may say why nothing is done as well as a comment: `logger.warn('… failed, retry is queued')`. */
export function saysWhy(text: string): boolean {
  return [...text.matchAll(/'([^'\n]{4,300})'|"([^"\n]{4,300})"|`([^`]{4,300})`/g)].some((one) => /\b(will (be )?retr(y|ied)|retry remains|retrying|queued for|best.?effort|non-?(critical|fatal|blocking)|ignor(e|ed|ing)|skipp(ed|ing)|continu(e|es|ing)|fall(s|ing)? back|keeping|proceeding|safe to)\b/i.test(one[1] ?? one[2] ?? one[3] ?? ''));
}

/** A comment inside the braces: the author says why. Suppressions of linters say nothing. */
export function tellingComment(inside: string): string | null {
  const comments = [...inside.matchAll(/\/\/([^\n]*)|\/\*([\s\S]*?)\*\//g)].map((one) => (one[1] ?? one[2] ?? '').trim());
  const telling = comments.filter((one) => one.length > 8 && !/^(eslint|ts-|@ts|prettier|biome|c8|istanbul|phpcs|phpstan|psalm|@phpstan|@psalm|todo|fixme|want)/i.test(one));
  return telling[0] ?? null;
}
