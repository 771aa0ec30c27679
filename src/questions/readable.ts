import { matchesAny } from '../core/globs.js';
import { isGenerated, isVendored } from '../core/scope.js';
import type { Change } from '../core/change-set.js';

/** Why a changed file is not shown to the model. */
export type NotShownReason = 'excluded' | 'secret' | 'lock' | 'generated' | 'prose' | 'long' | 'budget' | 'unchanged';

/** A changed file the model was not shown. */
export interface NotShown {
  readonly path: string;
  readonly reason: NotShownReason;
}

/** A file above this many characters is not shown, nor are its parts: nobody writes such a file by hand. */
const LONGEST_FILE = 500_000;

const isSecretFile = matchesAny(['**/.env', '**/.env.*', '**/*.pem', '**/*.key', '**/*.p12', '**/*.pfx', '**/*.jks', '**/*.keystore', '**/id_rsa', '**/id_ecdsa', '**/id_ed25519', '**/*.tfstate', '**/*.tfvars', '**/.netrc', '**/.npmrc', '**/.pypirc', '**/*.kdbx']);
const isLockFile = matchesAny(['**/package-lock.json', '**/npm-shrinkwrap.json', '**/yarn.lock', '**/pnpm-lock.yaml', '**/bun.lock', '**/composer.lock', '**/Gemfile.lock', '**/Cargo.lock', '**/poetry.lock', '**/uv.lock', '**/Pipfile.lock', '**/go.sum', '**/gradle.lockfile', '**/*.lock']);
const isProse = matchesAny(['**/*.md', '**/*.mdx', '**/*.rst', '**/*.txt', '**/*.adoc', '**/*.svg', '**/*.html', '**/*.css', '**/*.scss', '**/*.less', '**/*.po', '**/*.csv', '**/LICENSE', '**/CODEOWNERS', '**/.gitignore']);

/** Tells whether a change may and should be shown; `exclude` are the repository's globs. */
export function createReadable(exclude: readonly string[]): (change: Change) => NotShownReason | null {
  const isExcluded = matchesAny(exclude);
  return (change) => {
    const { path, previousPath } = change;
    const eitherPath = (matches: (path: string) => boolean): boolean => matches(path) || (previousPath !== undefined && matches(previousPath));
    if (eitherPath(isExcluded)) return 'excluded';
    if (eitherPath(isSecretFile)) return 'secret';
    if (isLockFile(path)) return 'lock';
    if (isGenerated(path, change.before) || isVendored(path)) return 'generated';
    if (isProse(path)) return 'prose';
    if ((change.after ?? '').length > LONGEST_FILE || (change.before ?? '').length > LONGEST_FILE) return 'long';
    return change.hunks.length === 0 ? 'unchanged' : null;
  };
}
