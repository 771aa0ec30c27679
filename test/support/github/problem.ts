import type { Json, JsonObject } from './world.js';

const DOCUMENTATION = 'https://docs.github.com/rest';

/** An error answer. `violation` says what was wrong with the request itself, if that is why. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly extra: JsonObject = {},
    readonly violation: string | null = null,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Problem';
  }

  body(): JsonObject {
    return { message: this.message, ...this.extra, documentation_url: DOCUMENTATION, status: String(this.status) };
  }
}

export function notFound(): Problem {
  return new Problem(404, 'Not Found');
}

/** 403: the token lacks a permission. */
export function notPermitted(): Problem {
  return new Problem(403, 'Resource not accessible by integration');
}

/** 422 with GitHub's structured errors. It is the caller's mistake, and recorded as such. */
export function invalid(resource: string, field: string, code: string, detail: string): Problem {
  const error: Json = { resource, field, code, message: detail };
  return new Problem(422, 'Validation Failed', { errors: [error] }, `${resource}.${field}: ${detail}`);
}

/** 422 with plain strings, as reviews are refused. */
export function unprocessable(...errors: readonly string[]): Problem {
  return new Problem(422, 'Unprocessable Entity', { errors }, errors.join('; '));
}

/** 422 for something that depends on the state of the repository and that a careful caller can still run into. */
export function refused(message: string): Problem {
  return new Problem(422, message);
}
