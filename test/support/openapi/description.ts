import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The parts of GitHub's OpenAPI description that are looked at. */
export interface Schema {
  readonly [key: string]: unknown;
  readonly $ref?: string;
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly 'x-multi-segment'?: boolean;
}
export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An operation and what the path and the query said. */
export interface Call {
  readonly operation: Operation;
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly values: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

let loaded: Description | null = null;

/** The description without dereferencing it: requiring the package would take a gigabyte. */
export function description(): Description {
  if (loaded === null) {
    const root = dirname(createRequire(import.meta.url).resolve('@octokit/openapi/package.json'));
    loaded = JSON.parse(readFileSync(join(root, 'generated/api.github.com.json'), 'utf8')) as Description;
  }
  return loaded;
}

/** What a `#/components/…` reference points at. */
export function resolve<T>(value: T | { readonly $ref: string }): T {
  if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string') return value as T;
  const [, , section = '', name = ''] = value.$ref.split('/');
  return resolve(description().components[section]?.[name] as T);
}

interface Route {
  readonly method: string;
  readonly template: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly literals: number;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
}

let routes: readonly Route[] | null = null;

function allRoutes(): readonly Route[] {
  routes ??= Object.entries(description().paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => (isMethod(method) ? [routeOf(method, template, operation)] : [])),
  );
  return routes;
}

function isMethod(word: string): boolean {
  return ['get', 'post', 'put', 'patch', 'delete'].includes(word);
}

function routeOf(method: string, template: string, operation: Operation): Route {
  const parameters = (operation.parameters ?? []).map((parameter) => resolve<Parameter>(parameter));
  const names: string[] = [];
  const source = template.split('/').map((segment) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    if (name === undefined) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(name);
    const wide = parameters.some((parameter) => parameter.name === name && parameter['x-multi-segment'] === true);
    return wide || name === 'path' ? '(.+)' : '([^/]+)';
  });
  const literals = template.split('/').filter((segment) => !segment.startsWith('{')).length;
  return { method, template, pattern: new RegExp(`^${source.join('/')}$`), names, literals, operation, parameters };
}

/** The operation that a request is meant for; null when the description knows none. `path` may have `/api/v3` in front and a query. */
export function findCall(method: string, path: string): Call | null {
  const url = new URL(path, 'https://api.github.com');
  const pathname = url.pathname.replace(/^\/api\/v3(?=\/)/, '');
  let best: Route | null = null;
  for (const route of allRoutes()) {
    if (route.method === method.toLowerCase() && route.pattern.test(pathname) && route.literals > (best?.literals ?? -1)) best = route;
  }
  if (best === null) return null;
  const match = best.pattern.exec(pathname) ?? [];
  const values = Object.fromEntries(best.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
  return { operation: best.operation, template: best.template, parameters: best.parameters, values, query: url.searchParams };
}
