import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkCount, checkCreate } from './check-request.js';
import type { CreateBody } from './check-request.js';

/** Tokens as the service reports them; what is left out is zero. */
export interface UsageReport {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation_input_tokens?: number;
  readonly cache_creation?: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
}

/** What the stand-in does with one call to `/v1/messages`. */
export type Reply =
  /** A message; `value` is sent as JSON text, `text` as it is. */
  | { readonly kind: 'message'; readonly value?: unknown; readonly text?: string; readonly stop?: string; readonly category?: string; readonly usage?: UsageReport; readonly afterMs?: number }
  | { readonly kind: 'error'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
  /** Any bytes at all. */
  | { readonly kind: 'raw'; readonly status: number; readonly type: string; readonly body: string }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Breaks the connection: before a byte of the answer, or in the middle of it. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'during' };

export type ReplyScript = Reply | ((body: CreateBody) => Reply);

export interface StandIn {
  readonly url: string;
  /** Bodies of the accepted calls, in order. */
  readonly calls: readonly CreateBody[];
  /** Everything that was refused, in words: a test of well-formed requests expects it to be empty. */
  readonly refused: readonly string[];
  /** Raw text of every request body that arrived: nothing secret may be in there. */
  readonly received: readonly string[];
  readonly counts: number;
  /** Replies to the next calls, in order; afterwards the last one repeats. */
  script(...replies: readonly ReplyScript[]): void;
  close(): Promise<void>;
}

export interface StandInOptions {
  readonly apiKey?: string;
  /** Reply of `/v1/messages/count_tokens`: tokens, or a status to fail with. By default a quarter of the bytes. */
  readonly count?: (bytes: number) => number | { readonly status: number };
  /** Reply of `/v1/models/<id>`; null is 404. */
  readonly model?: (id: string) => Readonly<Record<string, unknown>> | null;
}

const MODELS = ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5'];

function knownModel(id: string): Readonly<Record<string, unknown>> | null {
  if (!MODELS.includes(id)) return null;
  return { type: 'model', id, display_name: id, created_at: '2026-08-01T00:00:00Z', lifecycle: 'active', deprecated_at: null, retires_at: null, max_input_tokens: 1_000_000, max_tokens: 64_000, capabilities: null, line: null };
}

interface State {
  readonly options: StandInOptions;
  readonly calls: CreateBody[];
  readonly refused: string[];
  readonly received: string[];
  script: ReplyScript[];
  counts: number;
}

/** A server on a free local port that speaks the Messages protocol strictly and does what its script says. */
export async function startAnthropic(options: StandInOptions = {}): Promise<StandIn> {
  const state: State = { options, calls: [], refused: [], received: [], script: [], counts: 0 };
  const server = createServer((request, response) => {
    handle(state, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: state.calls,
    refused: state.refused,
    received: state.received,
    get counts() {
      return state.counts;
    },
    script: (...replies) => {
      state.script = [...replies];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  state.received.push(body);
  const route = `${request.method ?? ''} ${(request.url ?? '').split('?')[0]}`;
  if (request.headers.authorization !== `Bearer ${state.options.apiKey ?? 'test-key'}`) return sendError(response, 401, 'authentication_error', 'invalid bearer token');
  if (request.headers['anthropic-version'] === undefined) return refuse(state, response, 'anthropic-version: required');
  if (route.startsWith('GET /v1/models/')) return sendModel(state, response, route.slice('GET /v1/models/'.length));
  if (route === 'POST /v1/messages/count_tokens') return sendCount(state, response, body);
  if (route === 'POST /v1/messages') return sendMessage(state, response, body);
  return sendError(response, 404, 'not_found_error', 'no such address');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}

function refuse(state: State, response: ServerResponse, problem: string): void {
  state.refused.push(problem);
  sendError(response, 400, 'invalid_request_error', problem);
}

function sendJson(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_stand_in', ...headers }).end(JSON.stringify(value));
}

function sendError(response: ServerResponse, status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, { type: 'error', error: { type, message }, request_id: 'req_stand_in' }, headers);
}

function sendModel(state: State, response: ServerResponse, id: string): void {
  const model = (state.options.model ?? knownModel)(decodeURIComponent(id));
  if (model === null) sendError(response, 404, 'not_found_error', `model: ${id}`);
  else sendJson(response, 200, model);
}

function tokensOf(state: State, bytes: number): number | { readonly status: number } {
  return state.options.count === undefined ? Math.ceil(bytes / 4) : state.options.count(bytes);
}

function sendCount(state: State, response: ServerResponse, body: string): void {
  state.counts += 1;
  const checked = checkCount(json(body));
  if (typeof checked === 'string') return refuse(state, response, checked);
  const tokens = tokensOf(state, body.length);
  if (typeof tokens === 'number') sendJson(response, 200, { input_tokens: tokens });
  else sendError(response, tokens.status, 'api_error', 'counting failed');
}

async function sendMessage(state: State, response: ServerResponse, body: string): Promise<void> {
  const checked = checkCreate(json(body));
  if (typeof checked === 'string') return refuse(state, response, checked);
  if ((state.options.model ?? knownModel)(checked.model) === null) return sendError(response, 404, 'not_found_error', `model: ${checked.model}`);
  const script = state.script[Math.min(state.calls.length, state.script.length - 1)];
  state.calls.push(checked);
  if (script === undefined) throw new Error('the stand-in has no script');
  const reply = typeof script === 'function' ? script(checked) : script;
  switch (reply.kind) {
    case 'hang':
      return;
    case 'reset':
      if (reply.when === 'during') response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' }).write('{"id":"msg');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
      return;
    case 'raw':
      response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body);
      return;
    case 'error':
      return sendError(response, reply.status, 'api_error', reply.message ?? 'scripted', reply.headers);
    case 'message':
      if (reply.afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.afterMs));
      sendJson(response, 200, messageOf(state, reply, checked, body.length));
  }
}

function messageOf(state: State, reply: Extract<Reply, { kind: 'message' }>, body: CreateBody, bytes: number): unknown {
  const text = reply.text ?? JSON.stringify(reply.value ?? {});
  const tokens = tokensOf(state, bytes);
  const usage = { input_tokens: typeof tokens === 'number' ? tokens : 1000, output_tokens: Math.ceil(text.length / 4), cache_read_input_tokens: 0, cache_creation_input_tokens: 0, cache_creation: null, ...reply.usage };
  return {
    id: 'msg_stand_in',
    type: 'message',
    role: 'assistant',
    model: body.model,
    content: text === '' ? [] : [{ type: 'thinking', thinking: 'thought about it', signature: 'none' }, { type: 'text', text, citations: null }],
    stop_reason: reply.stop ?? 'end_turn',
    stop_sequence: null,
    stop_details: reply.category === undefined ? null : { type: 'refusal', category: reply.category, explanation: null },
    usage,
  };
}
