import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { notFound } from './problem.js';
import { fullName, type Access, type Installation, type Json, type JsonObject, type Pull, type Repository, type Token, type World } from './world.js';

/** Who asks: nobody, the App itself (a JSON web token), or one of its installations. */
export type Caller = { readonly kind: 'none' } | { readonly kind: 'app' } | { readonly kind: 'installation'; readonly token: Token; readonly installation: Installation };

/** A request that was understood and permitted. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly headers: IncomingHttpHeaders;
  /** The repository in the path, which exists and may be seen. Throws when the path names none. */
  readonly repository: Repository;
}

export interface Answer {
  readonly status: number;
  readonly body?: Json;
  /** Something other than JSON. */
  readonly raw?: Buffer | Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a caller must hold: `app` is a JSON web token; a list names permissions of an installation, any one of which is enough;
 * an empty list needs an installation and no more than sight of the repository.
 */
export type Need = 'app' | 'installation' | 'nothing' | readonly (readonly [name: string, access: Access])[];

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly need: Need;
  readonly perform: (call: Call) => Answer | Promise<Answer>;
}

/** Declares an endpoint. `{name}` is one segment of the path, `{+name}` the rest of it. */
export function route(method: string, path: string, need: Need, perform: Route['perform']): Route {
  const names: string[] = [];
  const source = path.replace(/\{(\+?)(\w+)\}/g, (_, rest: string, name: string) => {
    names.push(name);
    return rest === '+' ? '(.+)' : '([^/]+)';
  });
  return { method, path, pattern: new RegExp(`^${source}$`), names, need, perform };
}

export function matchRoute(routes: readonly Route[], method: string, path: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | null {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match === null) continue;
    const params = Object.fromEntries(candidate.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
    return { route: candidate, params };
  }
  return null;
}

export const READ: Access = 'read';
export const WRITE: Access = 'write';

/** Splits a list into pages as `per_page` and `page` ask, with a Link header. */
export function paginate(call: Call, path: string, items: readonly Json[], wrap?: (page: readonly Json[]) => JsonObject): Answer {
  const size = Math.min(100, Math.max(1, Number(call.query.get('per_page') ?? '30') || 30));
  const page = Math.max(1, Number(call.query.get('page') ?? '1') || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((page - 1) * size, page * size);
  const link = (to: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    return `<${call.world.api}${path}?${query.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return { status: 200, body: wrap === undefined ? shown : wrap(shown), ...(links.length === 0 ? {} : { headers: { link: links.join(', ') } }) };
}

export function ok(body: Json, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, body, headers };
}

export function created(body: Json): Answer {
  return { status: 201, body };
}

export function noContent(): Answer {
  return { status: 204 };
}

/** The path of a repository endpoint, for Link headers. */
export function under(call: Call, rest: string): string {
  return `/repos/${fullName(call.repository)}${rest}`;
}

export function pullOf(call: Call): Pull {
  const pull = call.repository.pulls.get(Number(call.params['pull_number'] ?? call.params['issue_number']));
  if (pull === undefined) throw notFound();
  return pull;
}

/** A string field of the body, undefined when it is absent or null. */
export function text(body: JsonObject, field: string): string | undefined {
  const value = body[field];
  return typeof value === 'string' ? value : undefined;
}

export function number(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  return typeof value === 'number' ? value : undefined;
}

export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item): item is JsonObject => typeof item === 'object' && item !== null && !Array.isArray(item)) : [];
}

export function object(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
