import { pino, type DestinationStream, type Logger } from 'pino';
import pinoPretty from 'pino-pretty';
import { BelayError } from '../core/errors.js';
import { redactSecrets } from '../core/redact-secrets.js';
import type { LogLevel } from './settings.js';

/** Fields that hold secrets whatever they are called in. */
const SECRET_FIELDS = ['token', 'privateKey', 'secret', 'webhookSecret', 'apiKey', 'authorization', 'password', 'cookie', 'databaseUrl'];

/**
 * The log: JSON lines, pretty on a terminal. Whatever looks like a token, a key or a password is replaced before a line is
 * written, wherever it stands; `secrets` are this process's own.
 */
export function openLog(level: LogLevel, secrets: readonly string[], terminal: boolean, destination: NodeJS.WritableStream = process.stdout): Logger {
  const own = secrets.flatMap((secret) => [secret, secret.trim()]).filter((secret) => secret.length >= 8);
  const lines: { write(line: string): unknown } = terminal ? pinoPretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'name,pid,hostname', sync: true, destination }) : destination;
  const stream: DestinationStream = { write: (line: string) => void lines.write(redactSecrets(line, own)) };
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.headers.${field}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' }, base: { name: 'belay' }, serializers: { err: describeError } }, stream);
}

/** What was expected to fail sometimes is one line with its cause; everything else keeps its stack. */
function describeError(error: unknown): unknown {
  if (!(error instanceof BelayError)) return error instanceof Error ? pino.stdSerializers.err(error) : error;
  const { cause } = error;
  return { type: error.name, scope: error.scope, message: error.message, ...(cause instanceof Error ? { cause: cause.message } : {}) };
}
