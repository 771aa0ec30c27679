/** Why a statement must not be sent to the server, in words; null where it may. */
export function refusedBeforeRun(text: string): string | null {
  return /^\s*copy\b/i.test(text) ? 'COPY is not run in a proof' : null;
}
