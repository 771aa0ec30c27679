import type { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import type { LRUCache } from 'lru-cache';
import { failureOf, httpFailure, isLost, type FailedRequest } from './failures.js';
import type { Sleep } from './pace.js';

/** One answer of the host, for metrics. No answer at all has status 0. */
export interface Observation {
  readonly route: string;
  readonly status: number;
  /** Requests left in this hour; null when the host did not say. */
  readonly remaining: number | null;
  readonly milliseconds: number;
}

/** An answer kept with its ETag: asking again costs nothing when it has not changed. */
export interface Remembered {
  readonly etag: string;
  readonly reply: Reply<unknown>;
}

export interface ClientOptions {
  readonly octokit: () => Promise<Octokit>;
  readonly as: FailedRequest['as'];
  /** Whether what is asked for may be too new for the host to know it. */
  readonly fresh: () => boolean;
  readonly observe: (observation: Observation) => void;
  readonly sleep: Sleep;
  readonly now: () => number;
  readonly timeout: number;
  readonly etags: LRUCache<string, Remembered>;
}

export interface Reply<Data> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: Data;
}

type Route = keyof Endpoints;
type Parameters<R extends Route> = Omit<Endpoints[R]['parameters'], 'baseUrl' | 'headers' | 'mediaType' | 'request'>;
type Data<R extends Route> = Endpoints[R]['response'] extends { data: infer Value } ? Value : unknown;

export interface Client {
  /** A read; tried three times when the host does not answer. Throws BelayError. */
  read<R extends Route>(route: R, parameters: Parameters<R>, signal?: AbortSignal): Promise<Reply<Data<R>>>;
  /** The same; null where the host knows no such thing. */
  find<R extends Route>(route: R, parameters: Parameters<R>, signal?: AbortSignal): Promise<Reply<Data<R>> | null>;
  /** A read whose body comes as a stream, under another media type, with redirects left to the caller. */
  stream<R extends Route>(route: R, parameters: Parameters<R>, accept: string, signal?: AbortSignal): Promise<Reply<unknown>>;
  /** A write, sent once. `lost` when it may or may not have been carried out. Throws BelayError. */
  write<R extends Route>(route: R, parameters: Parameters<R>, signal: AbortSignal): Promise<Reply<Data<R>> | 'lost'>;
}

const RETRY_WAITS = [300, 1500];
/** A larger answer is not worth its memory. */
const MAX_REMEMBERED = 200_000;

/** Whether the answer ended in the middle: Octokit hands out half a JSON text as a string, which may be empty. */
function isBroken({ data, headers }: Reply<unknown>): boolean {
  return typeof data === 'string' && (data !== '' || String(headers['content-type'] ?? '').includes('json'));
}

function brokenReply(): Error {
  return Object.assign(new Error('the answer is not JSON'), { name: 'BrokenReply' });
}

/** Requests with our own manners: reads retried a little, writes never blindly, every failure with its scope. */
export function createClient(options: ClientOptions): Client {
  const send = sender(options);
  const fail = (error: unknown, route: string): Error => failureOf(error, { route, as: options.as, fresh: options.fresh() }, options.now());
  const read: Client['read'] = async (route, parameters, signal) => {
    try {
      return (await retried(() => send(route, parameters, { signal, conditional: route.startsWith('GET ') }), options.sleep, signal)) as never;
    } catch (error) {
      signal?.throwIfAborted();
      throw fail(error, route);
    }
  };
  return {
    read,
    find: async (route, parameters, signal) => {
      try {
        return (await retried(() => send(route, parameters, { signal, conditional: route.startsWith('GET ') }), options.sleep, signal)) as never;
      } catch (error) {
        signal?.throwIfAborted();
        if (httpFailure(error)?.status === 404) return null;
        throw fail(error, route);
      }
    },
    stream: async (route, parameters, accept, signal) => {
      try {
        return await retried(() => send(route, parameters, { signal, accept }), options.sleep, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw fail(error, route);
      }
    },
    write: async (route, parameters, signal) => {
      try {
        return (await send(route, parameters, { signal })) as never;
      } catch (error) {
        signal.throwIfAborted();
        if (isLost(error)) return 'lost';
        throw fail(error, route);
      }
    },
  };
}

interface Sending {
  readonly signal?: AbortSignal | undefined;
  readonly conditional?: boolean;
  /** Set for a stream. */
  readonly accept?: string;
}

type Send = (route: string, parameters: object, sending: Sending) => Promise<Reply<unknown>>;

function sender(options: ClientOptions): Send {
  return async (route, parameters, sending) => {
    const octokit = await options.octokit();
    const key = `${route} ${JSON.stringify(parameters)}`;
    const known = sending.conditional === true ? options.etags.get(key) : undefined;
    const started = options.now();
    // The time limit covers a reply whole; of a stream only its head, so it is lifted once that is there.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new DOMException('no answer in time', 'TimeoutError')), options.timeout);
    const signal = sending.signal === undefined ? limit.signal : AbortSignal.any([sending.signal, limit.signal]);
    const observe = (status: number, headers: Readonly<Record<string, string | number | undefined>>): void =>
      options.observe({ route, status, remaining: numberOf(headers['x-ratelimit-remaining']), milliseconds: options.now() - started });
    const headers = { ...(known === undefined ? {} : { 'if-none-match': known.etag }), ...(sending.accept === undefined ? {} : { accept: sending.accept }) };
    const stream = sending.accept === undefined ? {} : { redirect: 'manual' as const, parseSuccessResponseBody: false };
    try {
      const reply = (await octokit.request(route, { ...parameters, headers, request: { ...stream, signal, retries: 0 } })) as Reply<unknown>;
      observe(reply.status, reply.headers);
      if (sending.accept === undefined && isBroken(reply)) throw brokenReply();
      if (sending.conditional === true) remember(options, key, reply);
      return reply;
    } catch (error) {
      const failure = httpFailure(error);
      if (failure?.status === 304 && known !== undefined) {
        observe(304, failure.headers);
        return known.reply;
      }
      if (!(error instanceof Error && error.name === 'BrokenReply')) observe(failure?.data === undefined ? 0 : failure.status, failure?.headers ?? {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

function remember(options: ClientOptions, key: string, reply: Reply<unknown>): void {
  const { etag, 'content-length': length } = reply.headers;
  if (typeof etag === 'string' && Number(length ?? 0) < MAX_REMEMBERED) options.etags.set(key, { etag, reply });
}

async function retried<Result>(attempt: () => Promise<Result>, sleep: Sleep, signal?: AbortSignal): Promise<Result> {
  for (const wait of RETRY_WAITS) {
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted === true || !isLost(error)) throw error;
      await sleep(wait, signal);
    }
  }
  return attempt();
}

function numberOf(header: string | number | undefined): number | null {
  const number = Number(header);
  return header === undefined || !Number.isFinite(number) ? null : number;
}

/** All pages of a list of a hundred a page, up to `most` pages; `complete` is false when there were more. */
export async function allPages<Item>(fetchPage: (page: number) => Promise<readonly Item[]>, most: number): Promise<{ readonly items: readonly Item[]; readonly complete: boolean }> {
  const items: Item[] = [];
  for (let page = 1; page <= most; page += 1) {
    const next = await fetchPage(page);
    items.push(...next);
    if (next.length < 100) return { items, complete: true };
  }
  return { items, complete: false };
}
