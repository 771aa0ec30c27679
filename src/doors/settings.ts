import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../core/errors.js';

/** Everything the server reads from its environment. Secrets never leave this value but into the room that needs them. */
export interface Settings {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly host: string;
  readonly port: number;
  /** `https://api.github.com`, or `<protocol>://<GHE_HOST>/api/v3`. */
  readonly gheHost: string | null;
  readonly gheProtocol: 'http' | 'https';
  readonly logLevel: LogLevel;
  readonly dataDirectory: string;
  readonly databaseUrl: string | null;
  readonly anthropicApiKey: string | null;
  readonly anthropicBaseUrl: string | null;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The shortest webhook secret that is accepted. */
const SECRET_LENGTH = 32;

const HOW_TO_REGISTER = 'Run `belay serve --setup` to register the App with GitHub, which writes all three to .env; or take them from the settings page of an App that you registered yourself.';

/** Reads a `.env` file in the current folder into the environment; what is set already stays. */
export function loadEnvironmentFile(): void {
  const path = resolve('.env');
  if (existsSync(path)) process.loadEnvFile(path);
}

/** Reads and checks the settings. Throws one `UsageError` that names everything that is missing and how to get it. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const value = (name: string): string | null => {
    const text = environment[name]?.trim();
    return text === undefined || text === '' ? null : text;
  };
  const settings: Settings = {
    appId: readAppId(value('APP_ID'), problems),
    privateKey: readPrivateKey(value('PRIVATE_KEY'), value('PRIVATE_KEY_PATH'), problems),
    webhookSecret: readSecret(value('WEBHOOK_SECRET'), problems),
    host: value('HOST') ?? '127.0.0.1',
    port: readPort(value('PORT'), problems),
    gheHost: value('GHE_HOST')?.replace(/^https?:\/\//, '').replace(/\/+$/, '') ?? null,
    gheProtocol: readProtocol(value('GHE_PROTOCOL'), problems),
    logLevel: readLogLevel(value('LOG_LEVEL'), problems),
    dataDirectory: resolve(value('BELAY_DATA_DIR') ?? './data'),
    databaseUrl: value('DATABASE_URL'),
    anthropicApiKey: value('ANTHROPIC_API_KEY'),
    anthropicBaseUrl: value('ANTHROPIC_BASE_URL'),
  };
  if (problems.length > 0) throw new UsageError(`Belay cannot start:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n${HOW_TO_REGISTER}`);
  return settings;
}

function readAppId(text: string | null, problems: string[]): number {
  if (text === null) problems.push('APP_ID is not set: the number of the GitHub App.');
  else if (!/^[1-9]\d{0,9}$/.test(text)) problems.push('APP_ID must be the number of the GitHub App, such as 123456.');
  return Number(text);
}

function readPrivateKey(inline: string | null, path: string | null, problems: string[]): string {
  const key = inline ?? readKeyFile(path, problems);
  if (key === null) {
    if (path === null) problems.push('PRIVATE_KEY or PRIVATE_KEY_PATH is not set: the private key of the GitHub App (PEM).');
    return '';
  }
  const text = key.includes('-----BEGIN') ? key : Buffer.from(key, 'base64').toString('utf8');
  const pem = text.replace(/\\n/g, '\n').trim();
  if (!/^-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END (?:RSA )?PRIVATE KEY-----$/.test(pem)) {
    problems.push(`${inline === null ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY'} does not hold a private key: expected a PEM text that begins with -----BEGIN RSA PRIVATE KEY-----, or the same in base64.`);
  }
  return `${pem}\n`;
}

function readKeyFile(path: string | null, problems: string[]): string | null {
  if (path === null) return null;
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch (error) {
    problems.push(`PRIVATE_KEY_PATH: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`);
    return null;
  }
}

function readSecret(text: string | null, problems: string[]): string {
  if (text === null) problems.push('WEBHOOK_SECRET is not set: without it anybody could send Belay events in GitHub’s name.');
  else if (text.length < SECRET_LENGTH) problems.push(`WEBHOOK_SECRET has ${text.length} characters and needs at least ${SECRET_LENGTH}: \`openssl rand -hex 32\` makes one; set the same in the App’s settings.`);
  return text ?? '';
}

function readPort(text: string | null, problems: string[]): number {
  if (text === null) return 3000;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) problems.push(`PORT must be a number from 0 to 65535, not ${text}.`);
  return port;
}

function readProtocol(text: string | null, problems: string[]): 'http' | 'https' {
  if (text === null || text === 'https') return 'https';
  if (text !== 'http') problems.push(`GHE_PROTOCOL must be http or https, not ${text}.`);
  return 'http';
}

function readLogLevel(text: string | null, problems: string[]): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'info').toLowerCase());
  if (level === undefined) problems.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not ${text}.`);
  return level ?? 'info';
}
