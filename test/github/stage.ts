import { createGzip } from 'node:zlib';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nock from 'nock';
import { pack } from 'tar-stream';
import { blobSha } from '../../src/github/blob-sha.js';
import { connect, type ConnectOptions, type GitHubApp } from '../../src/github/connect.js';
import type { Observation } from '../../src/github/client.js';
import { findCall, resolve } from '../support/openapi/description.js';
import { judgeReply, judgeRequest } from '../support/openapi/judge.js';

export const REPO = { owner: 'acme', name: 'wallet' };
export const APP_ID = 7;
export const BOT = 'belay[bot]';
export const MARKER_KEYS = ['a key for markers'] as const;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });

/** A request as it arrived, for handlers and assertions. */
export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** `lost`: the request arrives and is acted on, and its answer never does. */
export type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } | 'lost';
type Handler = (request: Received) => Answer;

// Loading nock replaces Node's own HTTP client for the whole process, which other test files share. So it is put back at
// once, and replaced only while a stage stands.
nock.restore();

/** A host that answers what a test told it to, every request and reply judged by GitHub's own description. */
export class Stage {
  readonly received: Received[] = [];
  readonly violations: string[] = [];
  readonly observations: Observation[] = [];
  readonly directory = mkdtempSync(join(tmpdir(), 'belay-github-'));
  readonly waits: number[] = [];
  private readonly handlers: { readonly method: string; readonly pattern: RegExp; readonly handler: Handler }[] = [];

  constructor() {
    nock.activate();
    nock.disableNetConnect();
    for (const method of ['get', 'post', 'patch', 'put', 'delete'] as const) {
      nock('https://api.github.com').persist()[method](/.*/).reply((uri, body, done) => this.answer(method.toUpperCase(), uri, body as unknown, done));
    }
  }

  close(): void {
    nock.abortPendingRequests();
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
    rmSync(this.directory, { recursive: true, force: true });
  }

  app(over: Partial<ConnectOptions> = {}): GitHubApp {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    return connect({
      appId: APP_ID,
      privateKey,
      host: null,
      userAgent: 'belay-test',
      log,
      observe: (observation) => this.observations.push(observation),
      cacheDirectory: this.directory,
      markerKeys: MARKER_KEYS,
      writeSpacing: 0,
      sleep: (milliseconds) => {
        this.waits.push(milliseconds);
        return Promise.resolve();
      },
      ...over,
    });
  }

  /** Later handlers go first, so that a test can change its mind. `*` stands for one part of a path, `**` for the rest. */
  on(method: string, path: string, handler: Handler | object): this {
    const source = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('**', '.+').replace(/(?<![.])\*/g, '[^/]+');
    const answer = typeof handler === 'function' ? (handler as Handler) : (): Answer => ({ status: 200, body: handler });
    this.handlers.unshift({ method, pattern: new RegExp(`^${source}$`), handler: answer });
    return this;
  }

  requests(method: string, path: RegExp = /./): readonly Received[] {
    return this.received.filter((request) => request.method === method && path.test(request.path));
  }

  private answer(method: string, uri: string, body: unknown, done: (error: NodeJS.ErrnoException | null, reply: nock.ReplyFnResult) => void): void {
    const url = new URL(uri, 'https://api.github.com');
    const path = decodeURIComponent(url.pathname);
    const request: Received = { method, path, query: url.searchParams, body: body === '' ? undefined : body, headers: {} };
    this.received.push(request);
    this.violations.push(...judgeRequest(method, uri, request.body));
    const found = this.handlers.find((one) => one.method === method && one.pattern.test(path));
    if (found === undefined) {
      this.violations.push(`nobody answers ${method} ${path}`);
      done(null, [404, { message: 'Not Found' }, { 'content-type': 'application/json; charset=utf-8' }]);
      return;
    }
    const answer = found.handler(request);
    if (answer === 'lost') {
      done(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), [500]);
      return;
    }
    if (!(answer.body instanceof Buffer)) this.violations.push(...judgeReply(method, uri, answer.status, answer.body));
    const type = answer.body instanceof Buffer ? 'application/octet-stream' : 'application/json; charset=utf-8';
    done(null, [answer.status, (answer.body ?? '') as nock.Body, { 'content-type': type, 'x-ratelimit-remaining': '4321', ...answer.headers }]);
  }
}

/** GitHub's own example of a reply, with some fields changed. */
export function example(method: string, path: string, over: object = {}, status = 200, name?: string): Record<string, unknown> {
  const response = resolve<{ content?: Record<string, { examples?: Record<string, unknown> }> }>(findCall(method, path)?.operation.responses[String(status)] as object);
  const examples = response.content?.['application/json']?.examples ?? {};
  const chosen = name === undefined ? Object.values(examples)[0] : examples[name];
  const value = structuredClone(resolve<{ value: unknown }>(chosen as { value: unknown }).value);
  return { ...((Array.isArray(value) ? value[0] : value) as Record<string, unknown>), ...over };
}

/** One file for an archive; a symbolic or hard link when it has a target. */
export interface Packed {
  readonly path: string;
  readonly text?: string | Buffer;
  readonly type?: 'symlink' | 'link' | 'directory';
  readonly target?: string;
}

/** A gzipped tar as the host makes it: everything below one folder, with a global header in front. */
export async function archive(files: readonly Packed[], top = 'acme-wallet-1234567'): Promise<Buffer> {
  const tar = pack();
  for (const { path, text, type, target } of files) {
    const name = top === '' ? path : `${top}/${path}`;
    if (type === undefined) tar.entry({ name }, Buffer.from(text ?? ''));
    else tar.entry({ name, type, ...(target === undefined ? {} : { linkname: target }) });
  }
  tar.finalize();
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  void (async () => {
    for await (const chunk of tar as AsyncIterable<Buffer>) gzip.write(chunk);
    gzip.end();
  })();
  for await (const chunk of gzip as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const sha = (digit: string): string => digit.repeat(40);
export const shaOf = (text: string): string => blobSha(Buffer.from(text));

const PERMISSIONS = { metadata: 'read', contents: 'read', pull_requests: 'write', checks: 'write', issues: 'read' };

/** An installed app: identity, installation, token. */
export function installed(stage: Stage, permissions: object = PERMISSIONS): Stage {
  return stage
    .on('GET', '/app', example('GET', '/app', { id: APP_ID, slug: 'belay' }))
    .on('GET', '/repos/acme/wallet/installation', example('GET', '/repos/o/r/installation', { id: 99, permissions, target_type: 'User' }))
    .on('POST', '/app/installations/99/access_tokens', (request: Received) => ({
      status: 201,
      body: { token: 'ghs_secret', expires_at: '2030-01-01T00:00:00Z', permissions: (request.body as { permissions: object }).permissions, repository_selection: 'selected' },
    }));
}
