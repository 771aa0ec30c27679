import { BelayError } from '../core/errors.js';

/** What is known of a request that failed. */
export interface FailedRequest {
  /** The route, for the message: `GET /repos/{owner}/{repo}/pulls/{pull_number}`. */
  readonly route: string;
  /** Who asked: the App itself, or an installation's token. */
  readonly as: 'app' | 'installation';
  /** Whether what was asked for may be so new that the host does not know it yet. */
  readonly fresh: boolean;
}

interface HttpFailure {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
}

const FRESH_RETRY = 10_000;
const LOST_RETRY = 15_000;
const SECONDARY_RETRY = 60_000;
/** No host asks for more; a longer wait is somebody's mistake. */
const LONGEST_WAIT = 3_600_000;

/** The answer behind an error of Octokit's; null for anything else. Its message is the host's own. */
export function httpFailure(error: unknown): HttpFailure | null {
  if (typeof error !== 'object' || error === null || !('status' in error) || typeof error.status !== 'number') return null;
  const response = 'response' in error && typeof error.response === 'object' && error.response !== null ? (error.response as { headers?: Record<string, string>; data?: unknown }) : null;
  const message = error instanceof Error ? error.message : '';
  return { status: error.status, message, headers: response?.headers ?? {}, data: response?.data };
}

/** Whether the request may have been carried out although nobody said so: no answer, a broken one, or a 5xx. */
export function isLost(error: unknown): boolean {
  const failure = httpFailure(error);
  return failure === null ? isNetworkError(error) : failure.status >= 500;
}

function isNetworkError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'TypeError' || error.name === 'AbortError' || error.name === 'HttpError' || error.name === 'BrokenReply');
}

/** A failed request as an expected failure: how far it reaches and when to try again. `now` in milliseconds. */
export function failureOf(error: unknown, request: FailedRequest, now: number): BelayError {
  if (error instanceof BelayError) return error;
  const failure = httpFailure(error);
  if (failure === null || failure.status >= 500) {
    return new BelayError('request', `GitHub did not answer ${request.route}${failure === null || failure.status === 500 ? '' : ` (status ${failure.status})`}.`, { retryAfter: LOST_RETRY, cause: error });
  }
  const wait = limitWait(failure, now);
  if (wait !== null) return new BelayError('installation', `GitHub asks to wait ${Math.ceil(wait / 1000)} s before more requests.`, { retryAfter: wait, cause: error });
  return refused(failure, request, error);
}

function refused(failure: HttpFailure, request: FailedRequest, cause: unknown): BelayError {
  const said = `${request.route}: ${failure.status} ${failure.message.slice(0, 200)}`;
  if (failure.status === 401) {
    if (request.as === 'app') return new BelayError('global', `GitHub does not accept the App's credentials (APP_ID and private key). ${said}`, { cause });
    return new BelayError('installation', `GitHub no longer accepts the installation's token. ${said}`, { retryAfter: 30_000, cause });
  }
  if (failure.status === 403) {
    if (/suspended/i.test(failure.message)) return new BelayError('installation', 'The installation is suspended.', { cause });
    return new BelayError('installation', `The installation may not do this: a permission is not granted. ${said}`, { cause });
  }
  // Unrelated histories are told in words of their own, and time does not relate them.
  const retryable = request.fresh && (failure.status === 404 || failure.status === 422) && !/no common ancestor/i.test(failure.message);
  return new BelayError('pull', `GitHub refused ${said}`, { retryAfter: retryable ? FRESH_RETRY : failure.status === 409 ? FRESH_RETRY : null, cause });
}

/** How long the host asks us to stay away, in milliseconds; null when this is no limit. */
function limitWait(failure: HttpFailure, now: number): number | null {
  if (failure.status !== 403 && failure.status !== 429) return null;
  const retryAfter = Number(failure.headers['retry-after']);
  if (failure.headers['retry-after'] !== undefined && Number.isFinite(retryAfter)) return bounded(retryAfter * 1000);
  const reset = Number(failure.headers['x-ratelimit-reset']);
  if (failure.headers['x-ratelimit-remaining'] === '0' && Number.isFinite(reset)) return bounded(reset * 1000 - now + 1000);
  return failure.status === 429 || /rate limit|abuse/i.test(failure.message) ? SECONDARY_RETRY : null;
}

function bounded(milliseconds: number): number {
  return Math.min(LONGEST_WAIT, Math.max(1000, milliseconds));
}

/** A question that the App has no right to ask is answered with the cautious answer. */
export async function unlessForbidden<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BelayError && error.retryAfter === null && httpFailure(error.cause)?.status === 403) return otherwise;
    throw error;
  }
}
