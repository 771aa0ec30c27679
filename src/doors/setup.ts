import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { UsageError } from '../core/errors.js';
import { readYaml } from '../core/read-yaml.js';
import { convertManifest, type RegisteredApp } from '../github/convert-manifest.js';
import { PACKAGE_ROOT } from './package-info.js';

/** How long the page waits for somebody to register the App, in milliseconds. */
const PATIENCE = 3_600_000;

interface SetupPlace {
  readonly port: number;
  readonly githubUrl: string;
  readonly apiUrl: string;
  /** Where GitHub will deliver to. */
  readonly publicUrl: string | null;
  readonly organisation: string | null;
}

/**
 * First registration: serves one page on this machine (never on another address) that sends the manifest to GitHub, takes
 * the code that comes back, and writes the credentials to `.env` with permissions for the owner only.
 */
export async function setup(environment: NodeJS.ProcessEnv): Promise<void> {
  const file = resolve('.env');
  if (existsSync(file) && /^\s*APP_ID\s*=\s*\d/m.test(readFileSync(file, 'utf8'))) {
    throw new UsageError(`${file} names an App already: move it away to register another one.`);
  }
  const place = readPlace(environment);
  const app = await waitForRegistration(place);
  writeFileSync(file, environmentFile(file, app), { mode: 0o600 });
  process.stderr.write(`Registered ${app.htmlUrl}\nIts id, private key and webhook secret are in ${file}.\nInstall it: ${app.htmlUrl}/installations/new\nThen: belay serve\n`);
}

function readPlace(environment: NodeJS.ProcessEnv): SetupPlace {
  const host = environment.GHE_HOST?.trim() ?? '';
  const protocol = environment.GHE_PROTOCOL === 'http' ? 'http' : 'https';
  return {
    port: Number(environment.PORT ?? '') || 3000,
    githubUrl: host === '' ? 'https://github.com' : `${protocol}://${host}`,
    apiUrl: host === '' ? 'https://api.github.com' : `${protocol}://${host}/api/v3`,
    publicUrl: environment.BELAY_PUBLIC_URL?.trim().replace(/\/+$/, '') ?? null,
    organisation: environment.GH_ORG?.trim() ?? null,
  };
}

async function waitForRegistration(place: SetupPlace): Promise<RegisteredApp> {
  const state = randomBytes(24).toString('hex');
  const secret = randomBytes(32).toString('hex');
  const address = `http://127.0.0.1:${place.port}`;
  return new Promise((resolvePromise, reject) => {
    const server = createServer((request, response) => {
      void handle(request, response, { place, state, address, done: finish });
    });
    const timer = setTimeout(() => finish(new UsageError('Nobody registered the App within an hour: start `belay serve --setup` again.')), PATIENCE);
    const finish = (outcome: RegisteredApp | Error): void => {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
      if (outcome instanceof Error) reject(outcome);
      else resolvePromise({ ...outcome, webhookSecret: outcome.webhookSecret ?? secret });
    };
    server.once('error', (error: NodeJS.ErrnoException) => finish(new UsageError(error.code === 'EADDRINUSE' ? `Port ${place.port} is in use: choose another with PORT.` : error.message)));
    server.listen(place.port, '127.0.0.1', () => process.stderr.write(`Open ${address} in a browser on this machine to register the App.\n`));
  });
}

interface Visit {
  readonly place: SetupPlace;
  readonly state: string;
  readonly address: string;
  readonly done: (outcome: RegisteredApp | Error) => void;
}

async function handle(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
  const url = new URL(request.url ?? '/', visit.address);
  if (request.method !== 'GET') return send(response, 405, 'Only GET is understood here.');
  if (url.pathname === '/') return send(response, 200, page(visit));
  if (url.pathname !== '/setup') return send(response, 404, 'There is nothing here.');
  const code = url.searchParams.get('code') ?? '';
  if (url.searchParams.get('state') !== visit.state || !/^[\w-]{10,100}$/.test(code)) return send(response, 400, 'This answer does not belong to this registration. Start again from the first page.');
  try {
    const app = await convertManifest(code, visit.place.apiUrl);
    send(response, 200, `<h1>Registered</h1><p>The credentials are on this machine. You can close this page.</p><p><a href="${escapeHtml(app.htmlUrl)}/installations/new">Install the App</a></p>`);
    visit.done(app);
  } catch (error) {
    send(response, 502, `GitHub did not accept the code: ${escapeHtml(error instanceof Error ? error.message : 'unknown error')}`);
  }
}

/** The page: one form that posts the manifest to GitHub. */
function page({ place, state, address }: Visit): string {
  const manifest = manifestFor(place, address);
  const target = place.organisation === null ? `${place.githubUrl}/settings/apps/new` : `${place.githubUrl}/organizations/${encodeURIComponent(place.organisation)}/settings/apps/new`;
  const note = place.publicUrl === null ? '<p>Set the webhook URL on the App’s page afterwards: BELAY_PUBLIC_URL was not given.</p>' : '';
  return `<h1>Register Belay</h1><p>GitHub shows what the App may do before anything is created.</p>${note}<form action="${escapeHtml(target)}?state=${state}" method="post"><input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(manifest))}"><button>Register with GitHub</button></form>`;
}

function manifestFor(place: SetupPlace, address: string): object {
  const read = readYaml(readFileSync(join(PACKAGE_ROOT, 'app.yml'), 'utf8'));
  if ('problems' in read) throw new Error('app.yml is not valid YAML');
  const manifest = read.data as Readonly<Record<string, unknown>>;
  const url = `${place.publicUrl ?? 'https://example.com'}/api/github/webhooks`;
  return { ...manifest, redirect_url: `${address}/setup`, hook_attributes: { url, active: place.publicUrl !== null } };
}

/** What `.env` held, and the credentials after it. */
function environmentFile(file: string, app: RegisteredApp): string {
  const before = existsSync(file) ? `${readFileSync(file, 'utf8').replace(/^\s*(?:APP_ID|PRIVATE_KEY|WEBHOOK_SECRET)\s*=.*$/gm, '').trimEnd()}\n` : '';
  const key = app.pem.trim().replace(/\n/g, '\\n');
  return `${before}APP_ID=${app.id}\nPRIVATE_KEY="${key}"\nWEBHOOK_SECRET=${app.webhookSecret ?? ''}\n`;
}

function send(response: ServerResponse, status: number, body: string): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' };
  response.writeHead(status, headers).end(`<!doctype html><meta charset="utf-8"><title>Belay</title>${body}`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
