import { loadTypeScript, parseTypeScript, TYPESCRIPT_EXTENSIONS } from '../../languages/typescript.js';
import type { LanguageReader } from '../language-reader.js';
import { readFile } from './read-file.js';

/** TypeScript and JavaScript. Declarations of types do nothing. */
export const typescriptReader: LanguageReader = {
  reads: (path) => TYPESCRIPT_EXTENSIONS.some((ending) => path.endsWith(ending)) && !/\.d\.[cm]?ts$/.test(path),
  load: loadTypeScript,
  read(path, text, { lockWrappers }) {
    const parsed = parseTypeScript(path, text);
    if (parsed.kind === 'syntax') return { status: 'syntax', reason: `does not parse: ${parsed.message} (line ${parsed.line})`, line: parsed.line };
    if (parsed.kind !== 'tree') return { status: parsed.kind, reason: parsed.detail, line: null };
    return { status: 'read', functions: readFile(path, parsed.tree, lockWrappers) };
  },
};
