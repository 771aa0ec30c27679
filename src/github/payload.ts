import type { RepositoryName } from '../core/job.js';

/** An object of a payload that nobody vouches for. */
export type Fields = Readonly<Record<string, unknown>>;

export function objectIn(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The objects of a list; everything else in it is left out. */
export function listIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(objectIn).filter((item) => item !== null) : [];
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A number that an id or a pull request can have. */
export function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** A whole commit sha, lower case. */
export function shaIn(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) ? value : null;
}

const NAME = /^[A-Za-z0-9._-]{1,100}$/;

/** The repository of a payload, if its names are names: they become parts of addresses. */
export function repositoryIn(value: unknown): RepositoryName | null {
  const repository = objectIn(value);
  const name = textIn(repository?.['name']);
  const owner = textIn(objectIn(repository?.['owner'])?.['login']) ?? textIn(objectIn(repository?.['owner'])?.['name']);
  return name !== null && owner !== null && isName(name) && isName(owner) ? { owner, name } : null;
}

function isName(text: string): boolean {
  return NAME.test(text) && text !== '.' && text !== '..';
}
