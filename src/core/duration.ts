/** "40 ms", "12 s", "5 min", "3 h": two digits, never zero. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${String(Math.max(1, Math.round(milliseconds)))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${String(Number(seconds.toPrecision(2)))} s`;
  return seconds < 7200 ? `${String(Math.round(seconds / 60))} min` : `${String(Number((seconds / 3600).toPrecision(2)))} h`;
}
