import { createSign } from 'node:crypto';
import { expect } from '@jest/globals';
import { judgeReply } from '../support/openapi/judge.js';
import type { GitHub } from '../support/github/start-github.js';
import type { JsonObject } from '../support/github/world.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON; an empty object where there was none. */
  readonly body: JsonObject;
  readonly text: string;
}

/** GitHub gives null for the line of an outdated comment, and of one on a file; its description says that they are integers. */
const OUTDATED = /\/pulls\/.*comments.*\/(original_)?(line|position) must be integer$/;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JSON web token of the App, made without any library. */
export function appToken(github: GitHub, claims: Readonly<Record<string, number | string>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const head = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 30, exp: now + 540, iss: String(github.appId), ...claims })}`;
  return `${head}.${createSign('RSA-SHA256').update(head).sign(github.privateKey, 'base64url')}`;
}

/** Sends a request and checks the reply against GitHub's OpenAPI description. */
export async function ask(github: GitHub, token: string | null, method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const answer = await fetch(`${github.url}/api/v3${path}`, {
    method,
    redirect: 'manual',
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'self-test', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json') === true ? (JSON.parse(text) as JsonObject) : undefined;
  const objections = judgeReply(method, path, answer.status, json ?? (text === '' ? undefined : text));
  expect(objections.filter((objection) => !OUTDATED.test(objection))).toEqual([]);
  return { status: answer.status, headers: answer.headers, body: json ?? ({}), text };
}

/** A field of a reply that must be a text or a number, as text. */
export function field(reply: Reply, name: string): string {
  const value = reply.body[name];
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`no ${name} in ${reply.text}`);
  return String(value);
}

/** A token for an installation, as narrow as asked. */
export async function installationToken(github: GitHub, options: { readonly permissions?: object; readonly repositories?: readonly string[]; readonly owner?: string } = {}): Promise<string> {
  const installation = github.state.installations.find((candidate) => options.owner === undefined || candidate.account.login === options.owner);
  const { owner: _owner, ...body } = options;
  const reply = await ask(github, appToken(github), 'POST', `/app/installations/${String(installation?.id)}/access_tokens`, body);
  expect(reply.status).toBe(201);
  return field(reply, 'token');
}
