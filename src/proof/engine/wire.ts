// Postgres' frontend/backend protocol, version 3: just what one session without authentication needs. Every value is text.
import type { Refusal } from '../engine.js';
import type { Answer } from './messages.js';

/** One statement, or several that then run as one implicit transaction. */
export function simpleQuery(sql: string): Uint8Array {
  return frame('Q', text(sql));
}

/** One statement with parameters. */
export function extendedQuery(sql: string, params: readonly (string | null)[]): Uint8Array {
  const values = params.flatMap((value) => {
    if (value === null) return [int32(-1)];
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return Buffer.concat([
    frame('P', text(''), text(sql), int16(0)),
    frame('B', text(''), text(''), int16(0), int16(params.length), ...values, int16(0)),
    frame('D', Buffer.from('P'), text('')),
    frame('E', text(''), int32(0)),
    frame('S'),
  ]);
}

function frame(type: string, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type), int32(length), ...parts]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export interface WireLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** What the server said to one message. */
export interface Response {
  /** Whether it came to an end: with an error, or with a statement done and the server ready. */
  readonly complete: boolean;
  readonly refusal: (Refusal & { readonly fatal: boolean }) | null;
  readonly answer: Answer;
  /** Whether rows were left out because they exceed the limits. */
  readonly overflow: boolean;
}

/** Reads a response piece by piece as it comes. Without limits, rows are passed over unread and never kept. */
export interface ResponseReader {
  take(bytes: Uint8Array): void;
  response(): Response;
}

const KEPT = new Set(['E', 'T', 'D']);

/** Longer messages of the server are cut: one can quote a statement of megabytes. */
const MAXIMUM_MESSAGE = 2_000;

export function readResponse(limits: WireLimits | null): ResponseReader {
  const header = Buffer.alloc(5);
  let headerFilled = 0;
  let type = '';
  let left = 0;
  let body: Buffer[] | null = null;
  let bytes = 0;
  let [done, ready, overflow] = [false, false, false];
  let refusal: Response['refusal'] = null;
  let columns: readonly string[] = [];
  const rows: (readonly (string | null)[])[] = [];

  const wanted = (): boolean => {
    if (!KEPT.has(type)) return false;
    if (type === 'E') return refusal === null;
    if (limits === null) return false;
    if (type === 'T') return true;
    bytes += left;
    if (rows.length < limits.rows && bytes <= limits.bytes) return true;
    overflow = true;
    return false;
  };
  const finish = (): void => {
    if (type === 'C' || type === 'I') done = true;
    if (type === 'Z') ready = true;
    if (body !== null) {
      const whole = Buffer.concat(body);
      if (type === 'E') refusal = refusalIn(whole);
      else if (type === 'T') columns = columnsIn(whole);
      else rows.push(valuesIn(whole));
    }
    headerFilled = 0;
    body = null;
  };

  return {
    take(piece) {
      for (let at = 0; at < piece.length; ) {
        if (headerFilled < 5) {
          const count = Math.min(5 - headerFilled, piece.length - at);
          header.set(piece.subarray(at, at + count), headerFilled);
          headerFilled += count;
          at += count;
          if (headerFilled < 5) return;
          type = String.fromCharCode(header[0] ?? 0);
          left = header.readInt32BE(1) - 4;
          body = wanted() ? [] : null;
        }
        const count = Math.min(left, piece.length - at);
        // The piece is a view into the engine's memory: what is kept is copied.
        if (body !== null && count > 0) body.push(Buffer.from(piece.subarray(at, at + count)));
        left -= count;
        at += count;
        if (left === 0) finish();
      }
    },
    response: () => ({ complete: refusal !== null || (done && ready), refusal, answer: { columns, rows }, overflow }),
  };
}

function refusalIn(body: Buffer): Response['refusal'] {
  const fields = new Map<string, string>();
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const end = body.indexOf(0, at + 1);
    const stop = end < 0 ? body.length : end;
    fields.set(String.fromCharCode(body[at] ?? 0), body.toString('utf8', at + 1, Math.min(stop, at + 1 + MAXIMUM_MESSAGE)));
    at = stop + 1;
  }
  const severity = fields.get('V') ?? fields.get('S') ?? '';
  return { code: fields.get('C') ?? 'XX000', message: fields.get('M') ?? '', fatal: severity === 'FATAL' || severity === 'PANIC' };
}

function columnsIn(body: Buffer): readonly string[] {
  const names: string[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left -= 1) {
    const end = body.indexOf(0, at);
    names.push(body.toString('utf8', at, end));
    at = end + 19;
  }
  return names;
}

function valuesIn(body: Buffer): readonly (string | null)[] {
  const values: (string | null)[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : body.toString('utf8', at, at + length));
    at += Math.max(length, 0);
  }
  return values;
}
