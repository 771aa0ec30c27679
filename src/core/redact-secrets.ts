/** What tokens and keys look like. Each pattern matches in linear time, and a token of any length whole. */
const PATTERNS: readonly RegExp[] = [
  /\bgh[a-z]_[A-Za-z0-9_]{10,}(?:\.[A-Za-z0-9_.-]+)?/g,
  /\bgithub_pat_[A-Za-z0-9_]{10,}/g,
  /\bv1\.[0-9a-f]{40}\b/g,
  /\bsk-ant-[A-Za-z0-9_-]{10,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  /\b(?:bearer|token|basic)\s+[A-Za-z0-9._~+/=-]{16,}/gi,
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,100}:)[^\s@/]{1,200}(?=@)/gi,
];

/** Replaces everything that looks like a secret, and the given ones, by `[redacted]`. */
export function redactSecrets(text: string, known: readonly string[] = []): string {
  let result = text;
  for (const secret of known) {
    result = result.split(secret).join('[redacted]');
    // In a JSON line a key's line breaks are written as \n.
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) result = result.split(escaped).join('[redacted]');
  }
  for (const pattern of PATTERNS) result = result.replace(pattern, '[redacted]');
  return result;
}
