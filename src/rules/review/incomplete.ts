import type { Unread } from '../../core/change-set.js';
import type { Sighting } from '../../core/finding.js';
import { isJudgedPath } from '../../core/judged-path.js';
import { defineRule } from '../define-rule.js';

/** How many paths a message names before it counts the rest. */
const NAMED = 5;

export const rule = defineRule({
  id: 'review/incomplete',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Part of this change could not be read',
    why: 'A change that is too large to be read, or a migration that does not parse, was not judged. Passing it would say "nothing found" about something nobody looked at.',
    remedy: 'Split the change, correct the migration, or have it accepted by a second person with `/ai-review accept review/incomplete <reason>`.',
    limits: 'What Belay itself failed to read makes the verdict neutral instead. Binary, vendored, generated and excluded files, submodules and symbolic links are listed in the check and never lead to this finding; neither do oversized data files that no rule reads. A file with the name of source code or SQL that holds NUL bytes is not taken for a picture: compilers read it, so it does lead here.',
    references: [{ title: 'GitHub REST API: limits of pull request files', url: 'https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files' }],
  },
  checks: {
    *pull({ facts }): Iterable<Sighting> {
      const beyond = facts.unread.filter((one) => one.reason === 'over-file-limit');
      if (beyond.length > 0) yield overLimit(beyond);
      for (const one of facts.unread) {
        if (one.reason === 'too-large' && isJudgedPath(one.path)) yield notRead(one, 'Split the file, or exclude it in `.github/belay.yml` if it is generated.');
        if (one.reason === 'binary' && isJudgedPath(one.path)) yield notRead(one, 'Save the file as UTF-8 text without NUL bytes, or exclude it in `.github/belay.yml` if it is no source code.');
      }
      for (const broken of facts.brokenMigrations) {
        yield {
          path: broken.path,
          span: { startLine: broken.line, startColumn: 1, endLine: broken.line, endColumn: 1 },
          symbol: broken.path,
          code: 'broken-migration',
          message: `The migration \`${broken.path}\` does not parse at line ${broken.line} (${broken.message}), so none of the migration rules could judge that statement.`,
          remedy: 'Correct the statement. If the server accepts it and Belay does not, have it accepted by a second person and report it.',
          evidence: [{ kind: 'fact', text: `Postgres' own parser says: ${broken.message}`, source: `${broken.path}:${broken.line}` }],
        };
      }
    },
  },
});

function overLimit(beyond: readonly Unread[]): Sighting {
  const names = beyond.slice(0, NAMED).map((one) => `\`${one.path}\``).join(', ');
  const rest = beyond.length > NAMED ? ` and ${beyond.length - NAMED} more` : '';
  return {
    path: null,
    span: null,
    symbol: null,
    code: 'over-file-limit',
    message: `${beyond.length === 1 ? '1 file' : `${beyond.length} files`} of this change could not be read because the change is too large: ${names}${rest}.`,
    remedy: 'Split the pull request, so that each part can be read whole.',
    evidence: [{ kind: 'fact', text: beyond[0]?.detail ?? 'over the limit', source: 'limits of one review' }],
  };
}

function notRead(one: Unread, remedy: string): Sighting {
  return {
    path: null,
    span: null,
    symbol: one.path,
    code: `${one.reason} ${one.path}`,
    message: `\`${one.path}\` was not read: ${one.detail}.`,
    remedy,
    evidence: [{ kind: 'fact', text: one.detail, source: 'limits of one review' }],
  };
}
