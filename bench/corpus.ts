/**
 * Recall and silence on real fixes of races and failures: each case names a repository, the commit that fixed it and its parent. The
 * parent's version has to be reported on its `bug_lines` (±3), the fixed one has to stay silent on its `fixed_lines`. Prints Markdown.
 *
 *   node --import @swc-node/register/esm-register bench/corpus.ts CASES.jsonl REPOSITORIES [--language php]
 *
 * REPOSITORIES is a folder with a git directory `owner+name/repo` for each repository. Models and migrations are not read.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { behavioursOf, loadLanguage } from '../src/behaviour/behaviours-of.js';
import { NO_MODELS } from '../src/behaviour/models/models.js';
import { EMPTY_CATALOG } from '../src/migrations/catalog.js';
import { rules } from '../src/rules/registry.generated.js';
import { table } from './measure.js';

type Lines = readonly (readonly [number, number])[];

interface Case {
  readonly id: string;
  readonly repository: string;
  readonly fix: string;
  readonly parent: string;
  readonly language: string;
  readonly rule: string;
  readonly files: readonly { readonly path: string; readonly bug_lines: Lines; readonly fixed_lines: Lines }[];
  readonly fix_is_clean: boolean;
}

interface Found {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { language: { type: 'string' } } });
const [casesFile = '', repositories = ''] = positionals;

function textAt(one: Case, commit: string, path: string): string | null {
  try {
    return execFileSync('git', ['--git-dir', join(repositories, one.repository.replace('/', '+'), 'repo'), 'show', `${commit}:${path}`], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}

/** What the rules about behaviour say of a file; null where it is not read. */
async function findingsIn(path: string, text: string | null): Promise<readonly Found[] | null> {
  if (text === null) return null;
  await loadLanguage(path, text);
  const read = behavioursOf(path, text, { lockWrappers: [] });
  if (read.status !== 'read') return null;
  return rules.flatMap((rule) =>
    read.functions.flatMap((one) =>
      [...(rule.checks.behaviour?.({ function: one, before: null, catalog: EMPTY_CATALOG, versions: new Map(), models: NO_MODELS }) ?? [])].map((sighting) => {
        const spans = [...(sighting.span === null ? [] : [sighting.span]), ...(sighting.related ?? [])];
        return { rule: rule.id, start: Math.min(...spans.map((span) => span.startLine)), end: Math.max(...spans.map((span) => span.endLine)) };
      }),
    ),
  );
}

function touching(found: readonly Found[] | null, lines: Lines, slack: number): readonly string[] {
  return [...new Set((found ?? []).filter((one) => lines.some(([from, to]) => one.start <= to + slack && one.end >= from - slack)).map((one) => one.rule))];
}

const cases = readFileSync(casesFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Case).filter((one) => values.language === undefined || one.language === values.language);
const rows: (string | number)[][] = [];
for (const one of cases) {
  const before: string[] = [];
  const after: string[] = [];
  let missing = false;
  for (const file of one.files) {
    const old = await findingsIn(file.path, textAt(one, one.parent, file.path));
    missing ||= old === null;
    before.push(...touching(old, file.bug_lines, 3));
    after.push(...touching(await findingsIn(file.path, textAt(one, one.fix, file.path)), file.fixed_lines, 0));
  }
  rows.push([one.id, one.repository, one.rule, missing ? 'not read' : [...new Set(before)].join(', ') || '–', [...new Set(after)].join(', ') || 'silent', one.fix_is_clean ? 'yes' : 'no']);
}
process.stdout.write(`${table(['case', 'repository', 'bug', 'before the fix', 'after it', 'fix is clean'], rows)}\n`);
process.stdout.write(`Reported before the fix: ${rows.filter((row) => row[3] !== '–' && row[3] !== 'not read').length} of ${rows.length}; speaks on a clean fix: ${rows.filter((row) => row[4] !== 'silent' && row[5] === 'yes').length}\n`);
