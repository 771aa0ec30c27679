import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { judgeRequest } from '../openapi/judge.js';
import { authorize, identify, reaches } from './auth.js';
import { takeFault, type FaultKind } from './faults.js';
import { answerGraphql } from './graphql.js';
import { resolveCommit } from './git.js';
import { Problem, notFound } from './problem.js';
import { matchRoute, type Answer, type Caller, type Route } from './route.js';
import { appRoutes } from './routes/apps.js';
import { checkRoutes } from './routes/checks.js';
import { contentRoutes } from './routes/contents.js';
import { issueRoutes } from './routes/issues.js';
import { peopleRoutes } from './routes/people.js';
import { pullRoutes } from './routes/pulls.js';
import { repositoryRoutes, streamArchive } from './routes/repositories.js';
import { reviewRoutes } from './routes/reviews.js';
import type { Json, JsonObject, Repository, RequestRecord, World } from './world.js';

/** More specific paths first: `commits/{ref}` takes whatever is left. */
const ROUTES: readonly Route[] = [...appRoutes, ...peopleRoutes, ...checkRoutes, ...reviewRoutes, ...pullRoutes, ...issueRoutes, ...contentRoutes, ...repositoryRoutes];

const API = '/api/v3';

/** Opens the HTTP server of a world; the world learns its address. */
export async function serveWorld(world: World): Promise<Server> {
  const server = createServer((request, response) => {
    handle(world, request, response).catch((error: unknown) => {
      world.accidents.push(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `the stand-in failed: ${String(error)}` }));
    });
  });
  server.keepAliveTimeout = 30_000;
  // A story that failed before it could close it must not keep the process alive.
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  world.url = `http://127.0.0.1:${String(address.port)}`;
  world.api = `${world.url}${API}`;
  return server;
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (url.startsWith('/_codeload/')) return codeload(world, url, response);
  const graphql = url === '/api/graphql' && request.method === 'POST';
  const path = graphql ? '/graphql' : url.startsWith(API) ? url.slice(API.length) : null;
  const body = readBody(text);
  const record: RequestRecord = { at: world.now(), method: request.method ?? '', path: path ?? url, body: body ?? null, authorization: 'none', repositories: null, status: 0, fault: null };
  world.requests.push(record);
  if (path === null) return send(world, null, request, response, record, { status: 404, body: { message: 'Not Found' } });
  const fault = takeFault(world.faults, record, world.now());
  record.fault = fault?.kind ?? null;
  const early = fault === null ? null : await beforehand(world, fault);
  if (early === 'destroyed') return void request.socket.destroy();
  if (early !== null) return send(world, null, request, response, record, early);
  if (fault?.kind === 'late') {
    request.socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
    return void (await perform(world, request, record, path, body, text, graphql));
  }
  const { answer, caller } = await perform(world, request, record, path, body, text, graphql);
  if (fault?.kind === 'lost') return void request.socket.destroy();
  if (fault?.kind === 'status') return send(world, caller, request, response, record, outage(fault.status));
  return send(world, caller, request, response, record, answer, fault?.kind === 'truncated');
}

/** What a fault answers before anything is carried out; null where it comes later or not at all. */
async function beforehand(world: World, fault: FaultKind): Promise<Answer | 'destroyed' | null> {
  if (fault.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds));
  if (fault.kind === 'refused') return 'destroyed';
  if (fault.kind === 'status' && !fault.performed) return outage(fault.status);
  if (fault.kind === 'missing') return { status: 404, body: notFound().body() };
  if (fault.kind === 'primary-limit') {
    const reset = String(Math.ceil(world.now() / 1000 + fault.seconds));
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, 'x-ratelimit-limit': String(world.rateLimit), 'x-ratelimit-resource': 'core' };
    return { status: 403, headers, body: new Problem(403, 'API rate limit exceeded for installation.').body() };
  }
  if (fault.kind === 'secondary-limit') {
    const headers = fault.seconds === null ? {} : { 'retry-after': String(fault.seconds) };
    return { status: fault.status, headers, body: new Problem(fault.status, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.').body() };
  }
  return null;
}

function outage(status: number): Answer {
  return { status, body: { message: 'Server Error' } };
}

function readBody(text: string): Json | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

async function perform(
  world: World,
  request: IncomingMessage,
  record: RequestRecord,
  path: string,
  body: Json | undefined,
  text: string,
  graphql: boolean,
): Promise<{ readonly answer: Answer; readonly caller: Caller | null }> {
  let caller: Caller | null = null;
  try {
    if (request.headers['user-agent'] === undefined) throw new Problem(403, 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.', {}, 'no User-Agent header');
    caller = identify(world, request.headers.authorization);
    record.authorization = caller.kind;
    if (caller.kind === 'installation') record.repositories = caller.token.repositories;
    if (text !== '' && body === undefined) throw new Problem(400, 'Problems parsing JSON', {}, 'the body is not JSON');
    countRequest(world, caller);
    if (graphql) return { caller, answer: graphqlAnswer(world, caller, record, body) };
    return { caller, answer: await restAnswer(world, request, caller, record, path, body) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) record.authorization = 'invalid';
    if (error.violation !== null) violate(world, record, error.violation);
    return { caller, answer: { status: error.status, body: error.body(), headers: error.headers } };
  }
}

function violate(world: World, record: RequestRecord, problem: string): void {
  world.violations.push({ method: record.method, path: record.path, problem, body: record.body });
}

function graphqlAnswer(world: World, caller: Caller, record: RequestRecord, body: Json | undefined): Answer {
  const { answer, violation } = answerGraphql(world, caller, (body ?? {}) as JsonObject);
  if (violation !== null) violate(world, record, violation);
  return { status: 200, body: answer };
}

async function restAnswer(world: World, request: IncomingMessage, caller: Caller, record: RequestRecord, path: string, body: Json | undefined): Promise<Answer> {
  const address = new URL(path, 'http://api');
  const found = matchRoute(ROUTES, record.method, address.pathname);
  const problems = judgeRequest(record.method, path, body);
  if (found === null) {
    violate(world, record, problems.length > 0 ? problems.join('; ') : 'the stand-in has no such endpoint');
    throw notFound();
  }
  const repository = repositoryIn(world, found.params);
  if (repository === 'missing') throw notFound();
  authorize(caller, found.route.need, repository);
  if (problems.length > 0) throw new Problem(422, 'Invalid request.', { errors: problems }, problems.join('; '));
  return found.route.perform({
    world,
    caller,
    params: found.params,
    query: address.searchParams,
    body: typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : {},
    headers: request.headers,
    get repository(): Repository {
      if (repository === null) throw new Error(`${path} names no repository`);
      return repository;
    },
  });
}

function repositoryIn(world: World, params: Readonly<Record<string, string>>): Repository | null | 'missing' {
  const { owner, repo } = params;
  if (owner === undefined || repo === undefined) return null;
  return world.repositories.get(`${owner}/${repo}`.toLowerCase()) ?? 'missing';
}

const HOUR = 3_600_000;

/** Counts a request of an installation. Throws 403 once its limit is used up. */
function countRequest(world: World, caller: Caller): void {
  if (caller.kind !== 'installation') return;
  const { installation } = caller;
  if (installation.resetAt <= world.now()) {
    installation.used = 0;
    installation.resetAt = world.now() + HOUR;
  }
  if (installation.used >= world.rateLimit) throw new Problem(403, `API rate limit exceeded for installation ID ${String(installation.id)}.`);
  installation.used += 1;
}

function limitHeaders(world: World, caller: Caller | null): Readonly<Record<string, string>> {
  if (caller?.kind !== 'installation') return {};
  const { installation } = caller;
  return {
    'x-ratelimit-limit': String(world.rateLimit),
    'x-ratelimit-remaining': String(Math.max(0, world.rateLimit - installation.used)),
    'x-ratelimit-used': String(installation.used),
    'x-ratelimit-reset': String(Math.ceil(installation.resetAt / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

function send(world: World, caller: Caller | null, request: IncomingMessage, response: ServerResponse, record: RequestRecord, answer: Answer, truncated = false): void {
  const raw = answer.raw ?? (answer.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.body)));
  const headers: Record<string, string> = {
    'x-github-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    ...(answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...limitHeaders(world, caller),
    ...answer.headers,
  };
  record.status = answer.status;
  if (raw instanceof Readable) {
    response.writeHead(answer.status, headers);
    return void raw.pipe(response);
  }
  if (answer.status === 200 && record.method === 'GET') {
    const etag = `W/"${createHash('sha256').update(raw).digest('hex')}"`;
    headers['etag'] = etag;
    headers['cache-control'] = 'private, max-age=60, s-maxage=60';
    if (request.headers['if-none-match'] === etag) {
      if (caller?.kind === 'installation') caller.installation.used -= 1;
      record.status = 304;
      delete headers['content-type'];
      response.writeHead(304, { ...headers, ...limitHeaders(world, caller) });
      return void response.end();
    }
  }
  if (answer.status !== 204) headers['content-length'] = String(raw.length);
  response.writeHead(answer.status, headers);
  if (!truncated) return void response.end(raw);
  response.write(raw.subarray(0, Math.floor(raw.length / 2)), () => response.socket?.destroy());
}

/** Serves an archive to whoever holds the pass that its redirect carried; a public one to anybody. */
async function codeload(world: World, url: string, response: ServerResponse): Promise<void> {
  const address = new URL(url, 'http://codeload');
  const [, , owner = '', name = '', , ref = ''] = address.pathname.split('/');
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  const pass = address.searchParams.get('token');
  const permitted = repository !== undefined && (!repository.private || [...world.tokens.values()].some((token) => pass !== null && token.token.endsWith(pass) && reaches(token, repository)));
  const sha = repository === undefined ? null : await resolveCommit(repository.directory, ref);
  if (!permitted || sha === null) {
    response.writeHead(404, { 'content-type': 'text/plain' });
    return void response.end('404: Not Found');
  }
  response.writeHead(200, { 'content-type': 'application/x-gzip', 'content-disposition': `attachment; filename=${owner}-${name}-${sha.slice(0, 7)}.tar.gz` });
  streamArchive(repository, sha).pipe(response);
}
