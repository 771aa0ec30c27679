/** Databases put aside under the hash of the migrations that made them. What is lost of it costs time and nothing else. */
export interface ProofCache {
  /** The first of these keys that is there: they come longest history first. null where none is, or what is there is damaged. */
  read(keys: readonly string[]): Promise<{ readonly key: string; readonly bytes: Uint8Array } | null>;
  /** Never rejects for want of room or rights: then nothing is kept. */
  write(key: string, bytes: Uint8Array): Promise<void>;
}
