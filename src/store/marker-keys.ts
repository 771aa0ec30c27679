import { createHash, createPrivateKey, hkdfSync } from 'node:crypto';
import { UsageError } from '../core/errors.js';
import type { Sql } from '../core/store.js';

/** A key that signs hidden markers. `id` may be shown; `secret` (32 bytes) never. */
export interface MarkerKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

export interface MarkerKeys {
  /** Signs. */
  readonly current: MarkerKey;
  /** Still verify what they once signed, newest first. */
  readonly older: readonly MarkerKey[];
}

/**
 * The keys that sign and verify our markers. The current one is derived (HKDF) from the App's private key, so an empty store
 * comes to the same key again; the store remembers the keys of earlier private keys, so a rotation forgets no marker.
 */
export async function markerKeys(sql: Sql, { privateKeyPem }: { readonly privateKeyPem: string }): Promise<MarkerKeys> {
  const current = deriveMarkerKey(privateKeyPem);
  await sql.query('INSERT INTO belay.signing_keys (id, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING', [current.id, current.secret]);
  const older = await sql.query<{ id: string; secret: Uint8Array }>(
    'SELECT id, secret FROM belay.signing_keys WHERE id <> $1 ORDER BY created_at DESC, id',
    [current.id],
  );
  return { current, older: older.map(({ id, secret }) => ({ id, secret: new Uint8Array(secret) })) };
}

/** From the key itself, not from its text: the same for PKCS#1 and PKCS#8, whatever the line breaks. */
function deriveMarkerKey(privateKeyPem: string): MarkerKey {
  const secret = new Uint8Array(hkdfSync('sha256', privateKeyBytes(privateKeyPem), '', 'belay marker key, version 1', 32));
  return { id: createHash('sha256').update(secret).digest('hex').slice(0, 12), secret };
}

function privateKeyBytes(pem: string): Buffer {
  try {
    return createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  } catch {
    throw new UsageError('The App\'s private key cannot be read: it must be the whole PEM text, "-----BEGIN …" to "-----END …".');
  }
}
