import { readdirSync, readFileSync } from 'node:fs';

function linesOf(path: string): readonly (readonly string[])[] {
  const text = readFileSync(new URL(`../migrations/${path}`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
}

/** Every kind of statement that the grammar has, with the kinds of steps it is read as. */
export function everyStatement(): readonly { readonly kinds: string; readonly sql: string }[] {
  return linesOf('every-statement.tsv').map(([kinds = '', sql = '']) => ({ kinds, sql }));
}

/** The statements of the lock matrix and what sets them up. */
export function matrixStatements(): readonly string[] {
  return linesOf('lock-matrix.tsv').flatMap(([, setup = '', sql = '']) => [setup, sql].filter((each) => each !== '' && each !== '-'));
}

/** Every SQL fixture of the repository: path and text. */
export function sqlFixtures(): readonly (readonly [string, string])[] {
  const root = new URL('../', import.meta.url);
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sql'));
  return paths.sort().map((path) => [path, readFileSync(new URL(path, root), 'utf8')] as const);
}
