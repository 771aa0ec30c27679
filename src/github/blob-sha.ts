import { createHash } from 'node:crypto';

/** The name git gives to a file with these bytes: 40 hex digits. */
export function blobSha(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** Text or nothing: a NUL byte in the first 8,000 bytes makes a file binary, as in git. Invalid UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 8000).includes(0)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** The text without the mark that some editors put in front of UTF-8. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
