import { loadPhp, parsePhp, PHP_EXTENSIONS } from '../../languages/php.js';
import type { LanguageReader } from '../language-reader.js';
import { readPhpFile } from './read-file.js';

/** PHP. Templates only show what others did. */
export const phpReader: LanguageReader = {
  reads: (path) => PHP_EXTENSIONS.some((ending) => path.endsWith(ending)) && !path.endsWith('.blade.php'),
  load: loadPhp,
  read(path, text, { lockWrappers }) {
    const parsed = parsePhp(text);
    if (parsed.kind === 'syntax') return { status: 'syntax', reason: `line ${parsed.line} is not PHP that the parser knows`, line: parsed.line };
    if (parsed.kind !== 'tree') return { status: parsed.kind, reason: parsed.detail, line: null };
    return { status: 'read', functions: readPhpFile(path, parsed.tree, lockWrappers) };
  },
};
