import type * as TsMorph from 'ts-morph';
import type { SourceFile, ts } from 'ts-morph';

export type { ts };

/** What parsing gives: a tree, or the reason why there is none. Never throws on the text. */
export type ParsedTypeScript =
  | { readonly kind: 'tree'; readonly tree: ts.SourceFile }
  | { readonly kind: 'syntax'; readonly line: number; readonly message: string }
  | { readonly kind: 'too-large'; readonly detail: string }
  | { readonly kind: 'minified'; readonly detail: string };

/** Files of TypeScript and JavaScript, with and without JSX. */
export const TYPESCRIPT_EXTENSIONS: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** Characters; hand-written files above it are not known. */
export const LARGEST_TYPESCRIPT = 1_000_000;
/** A file of this size with lines this long on average is the output of a tool. */
const MINIFIED_FROM = 20_000;
const MINIFIED_LINE = 400;

type Library = typeof TsMorph;

let library: Library | null = null;

/**
 * The compiler's functions and constants (`syntax.isCallExpression`). A live binding: set once `loadTypeScript` has
 * resolved, and never before.
 */
export let syntax: typeof ts;

/** Loads the parser, once. Costs about 200 ms of CPU the first time: call it only when there is a file to read. */
export async function loadTypeScript(): Promise<void> {
  if (library !== null) return;
  library = await import('ts-morph');
  syntax = library.ts;
}

/** Parses one file without types. Nothing is kept. Requires `loadTypeScript`. */
export function parseTypeScript(path: string, text: string): ParsedTypeScript {
  const refusal = refuse(text);
  if (refusal !== null) return refusal;
  const tree = treeOf(path, text);
  if (tree === null) return { kind: 'too-large', detail: 'nested deeper than the parser can follow' };
  // The compiler keeps what it could not parse on the tree, without a public name for it.
  const { parseDiagnostics } = tree as unknown as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
  const first = parseDiagnostics?.find((problem) => problem.category === syntax.DiagnosticCategory.Error && !isTypeOnly(path, problem));
  if (first === undefined) return { kind: 'tree', tree };
  const line = tree.getLineAndCharacterOfPosition(first.start ?? 0).line + 1;
  return { kind: 'syntax', line, message: syntax.flattenDiagnosticMessageText(first.messageText, ' ').slice(0, 200) };
}

/** Hands `use` a ts-morph tree of the file, for rules about syntax itself, and forgets the tree afterwards. */
export function withTypeScriptTree<T>(path: string, text: string, use: (tree: SourceFile) => T): T {
  if (library === null) throw new Error('loadTypeScript() has not been awaited');
  project ??= new library.Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true, compilerOptions: { allowJs: true, noLib: true } });
  const tree = project.createSourceFile(`/${path}`, text, { overwrite: true, scriptKind: scriptKindOf(path) });
  try {
    return use(tree);
  } finally {
    project.removeSourceFile(tree);
  }
}

/** null when the text nests deeper than the stack: the compiler's parser is recursive. */
function treeOf(path: string, text: string): ts.SourceFile | null {
  try {
    return syntax.createSourceFile(path, text, syntax.ScriptTarget.ESNext, true, scriptKindOf(path));
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

let project: InstanceType<Library['Project']> | null = null;

function scriptKindOf(path: string): ts.ScriptKind {
  if (path.endsWith('x')) return path.endsWith('.jsx') ? syntax.ScriptKind.JSX : syntax.ScriptKind.TSX;
  return /\.[cm]?ts$/.test(path) ? syntax.ScriptKind.TS : syntax.ScriptKind.JSX;
}

/** Type annotations in a JavaScript file (Flow, mostly) are read all the same. */
function isTypeOnly(path: string, problem: ts.Diagnostic): boolean {
  return /\.[cm]?jsx?$/.test(path) && problem.code >= 8000 && problem.code < 9000;
}

function refuse(text: string): ParsedTypeScript | null {
  if (text.length > LARGEST_TYPESCRIPT) {
    return { kind: 'too-large', detail: `${text.length} characters, more than the ${LARGEST_TYPESCRIPT} that are read` };
  }
  if (text.length >= MINIFIED_FROM) {
    let lines = 1;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
    if (text.length / lines > MINIFIED_LINE) return { kind: 'minified', detail: `${text.length} characters in ${lines} lines: generated or minified` };
  }
  return null;
}
