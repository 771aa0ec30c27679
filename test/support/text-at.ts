import type { Span } from '../../src/core/change-set.js';

/** The text between a span's ends, as an editor would select it. */
export function textAt(text: string, span: Span): string {
  const lines = text.split('\n').slice(span.startLine - 1, span.endLine);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, span.endColumn - 1) ?? '';
  lines[0] = lines[0]?.slice(span.startColumn - 1) ?? '';
  return lines.join('\n');
}
