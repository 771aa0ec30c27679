import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../src/rules/define-rule.js';

/** A rule and where it was found. */
export interface FoundRule {
  readonly rule: Rule;
  /** The name it is exported under. */
  readonly exportName: string;
  /** Its path under `src/rules`, without `.ts`: what its id must be. */
  readonly path: string;
}

export interface FoundRules {
  /** Sorted by id. */
  readonly found: readonly FoundRule[];
  /** Rules that are written wrongly, one sentence each. */
  readonly problems: readonly string[];
}

const LEVELS = ['block', 'warn', 'note', 'off'];

/** Loads every `<family>/<name>.ts` below `src/rules` that exports a rule. Files that export none are not rules and are left alone. */
export async function findRules(root: string): Promise<FoundRules> {
  const folder = join(root, 'src', 'rules');
  const found: FoundRule[] = [];
  const problems: string[] = [];
  for (const path of ruleFiles(folder)) {
    let exported: Readonly<Record<string, unknown>>;
    try {
      exported = (await import(pathToFileURL(join(folder, `${path}.ts`)).href)) as Record<string, unknown>;
    } catch (error) {
      problems.push(`src/rules/${path}.ts does not load: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const rules = Object.entries(exported).filter((entry): entry is [string, Rule] => isRule(entry[1]));
    if (rules.length > 1) problems.push(`src/rules/${path}.ts exports ${rules.length} rules; one file is one rule`);
    for (const [exportName, rule] of rules.slice(0, 1)) {
      found.push({ rule, exportName, path });
      problems.push(...problemsOf(rule, path).map((problem) => `src/rules/${path}.ts: ${problem}`));
    }
  }
  return { found: found.sort((a, b) => (a.path < b.path ? -1 : 1)), problems };
}

function ruleFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((family) =>
      readdirSync(join(folder, family.name))
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${family.name}/${file.slice(0, -'.ts'.length)}`),
    )
    .sort();
}

function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && 'id' in value && 'level' in value && 'docs' in value && 'checks' in value;
}

function problemsOf(rule: Rule, path: string): string[] {
  const problems: string[] = [];
  if (rule.id !== path) problems.push(`its id is "${rule.id}" and must be its path, "${path}"`);
  if (!LEVELS.includes(rule.level)) problems.push(`its level is "${rule.level}" and must be one of ${LEVELS.join(', ')}`);
  if (!/^\d+\.\d+\.\d+$/.test(rule.since)) problems.push(`"since" is "${rule.since}" and must be a version such as 0.1.0`);
  const { title, why, remedy, references } = rule.docs;
  if (title.length === 0 || title.length > 70) problems.push(`its title has ${title.length} characters; 1 to 70 are allowed`);
  if (title.endsWith('.')) problems.push('its title ends with a full stop');
  if (why.trim() === '') problems.push('docs.why is empty: say what breaks in production');
  if (remedy.trim() === '') problems.push('docs.remedy is empty: say what to do instead');
  for (const reference of references) {
    if (!reference.url.startsWith('https://')) problems.push(`the reference "${reference.title}" must be an https URL`);
  }
  return problems;
}
