import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';

/** A call that brought no message. */
export interface Failure {
  /** One sentence without secrets. */
  readonly detail: string;
  readonly status: number | null;
  readonly retryable: boolean;
  /** What the service asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** `unknown`: the request went out and the answer was lost, so it may have been charged. */
  readonly charged: 'no' | 'unknown';
}

/** Codes of failures before a request left this machine. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);

const RETRYABLE = new Set([408, 409, 429]);

/** What a thrown error means for us. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof APIUserAbortError || thrown instanceof APIConnectionTimeoutError) {
    return { detail: 'No answer came in time.', status: null, retryable: false, retryAfterMs: null, charged: 'unknown' };
  }
  if (thrown instanceof APIConnectionError) return connectionFailure(thrown);
  if (thrown instanceof APIError && typeof thrown.status === 'number') return statusFailure(thrown as APIError, thrown.status);
  if (nameOf(thrown) === 'SyntaxError') {
    return { detail: 'The answer was not JSON.', status: null, retryable: false, retryAfterMs: null, charged: 'unknown' };
  }
  return { detail: 'The connection broke while the answer was read.', status: null, retryable: true, retryAfterMs: null, charged: 'unknown' };
}

/** By name: errors of Node's own fetch can come from another realm, where `instanceof` is blind. */
function nameOf(thrown: unknown): string | null {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && typeof thrown.name === 'string' ? thrown.name : null;
}

function connectionFailure(error: Error): Failure {
  const code = causeCode(error);
  const neverSent = code !== null && NEVER_SENT.has(code);
  const detail = neverSent ? `The API could not be reached (${code}).` : `The connection to the API broke${code === null ? '' : ` (${code})`}.`;
  return { detail, status: null, retryable: true, retryAfterMs: null, charged: neverSent ? 'no' : 'unknown' };
}

/** The system's code at the bottom of a chain of causes. */
function causeCode(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 6 && typeof current === 'object' && current !== null; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    const several: unknown = 'errors' in current && Array.isArray(current.errors) ? current.errors[0] : undefined;
    current = several ?? ('cause' in current ? current.cause : undefined);
  }
  return null;
}

function statusFailure(error: APIError, status: number): Failure {
  const retryable = (RETRYABLE.has(status) || status >= 500) && error.headers?.get('x-should-retry') !== 'false';
  return { detail: statusDetail(error, status), status, retryable, retryAfterMs: retryAfterMs(error.headers), charged: 'no' };
}

function statusDetail(error: APIError, status: number): string {
  if (status === 401 || status === 403) return `The API refused the key (${status}).`;
  if (status === 402) return 'The API account has no credit left (402).';
  if (status === 404) return 'The API does not know this model or address (404).';
  if (status === 413) return 'The request was too large for the API (413).';
  if (status === 429) return 'The rate limit of the API key was reached (429).';
  if (status === 529) return 'The API is overloaded (529).';
  if (status >= 500) return `The API failed (${status}).`;
  const words = (error.apiMessage ?? '').replace(/\s+/g, ' ').slice(0, 200);
  return `The API did not accept the request (${status}${words === '' ? '' : `: ${words}`}).`;
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. Nonsense is null. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const inMilliseconds = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(inMilliseconds) && inMilliseconds >= 0) return inMilliseconds;
  const header = headers?.get('retry-after') ?? '';
  if (header.trim() === '') return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
