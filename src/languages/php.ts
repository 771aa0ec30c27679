import { loadGrammar, type Grammar, type ParsedSource } from './tree-sitter.js';

export const PHP_EXTENSIONS: readonly string[] = ['.php'];

/** Larger files are data or generated. In UTF-16 units. */
export const LARGEST_PHP = 1_000_000;
const MINIFIED_FROM = 20_000;
const MINIFIED_LINE = 1_000;

export type ParsedPhp = ParsedSource | { readonly kind: 'minified'; readonly detail: string };

let grammar: Grammar | null = null;

/** Loads the parser, once. */
export async function loadPhp(): Promise<void> {
  grammar ??= await loadGrammar('php');
}

/** Parses one file. Nothing is kept. Requires `loadPhp`. */
export function parsePhp(text: string): ParsedPhp {
  if (grammar === null) throw new Error('loadPhp() has not been awaited');
  if (text.length > LARGEST_PHP) return { kind: 'too-large', detail: `${text.length} characters, more than the ${LARGEST_PHP} that are read` };
  if (text.length >= MINIFIED_FROM && text.length / text.split('\n').length > MINIFIED_LINE) return { kind: 'minified', detail: `${text.length} characters in few lines: generated or minified` };
  return grammar.parse(text);
}
