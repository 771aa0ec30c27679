import type { z } from 'zod';
import { ANNOUNCED_RULES } from './announced-rules.js';
import type { Config, ConfigProblem } from './config.js';
import { configSchema } from './config-schema.js';
import type { ConfigFile } from './config-schema.js';
import { fillConfig } from './default-config.js';
import { nearest } from './nearest.js';
import { cut, plainLine } from './plain-text.js';
import { readYaml } from './read-yaml.js';
import type { Yaml } from './read-yaml.js';
import type { RuleHeader } from './rule.js';

const MAX_PROBLEMS = 20;

/** A valid file: with defaults (`config`) and as somebody wrote it (`file`, for `mergeConfig`). */
export interface ReadConfig {
  readonly config: Config;
  readonly file: ConfigFile;
}

/**
 * Reads `.github/belay.yml`. Everything in it must be known: a misspelt key is a problem that names the nearest known
 * one, never ignored. An empty file is the default configuration. Never throws; time and memory are bounded whatever
 * the text is.
 */
export function readConfig(text: string, path: string, options: { readonly rules: readonly RuleHeader[] }): ReadConfig | { readonly problems: readonly ConfigProblem[] } {
  const yaml = readYaml(text);
  if ('problems' in yaml) return { problems: yaml.problems.map((problem) => ({ path, ...problem })) };
  const parsed = configSchema(options.rules).safeParse(yaml.data ?? {});
  if (parsed.success) return { config: fillConfig(parsed.data), file: parsed.data };
  const ids = [...options.rules.map((rule) => rule.id), ...ANNOUNCED_RULES];
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], { yaml, path, ids }));
  const sorted = problems.sort((left, right) => left.line - right.line || left.column - right.column);
  return { problems: sorted.slice(0, MAX_PROBLEMS) };
}

/** One problem in one line, as a compiler would print it: `path:line:column message`. */
export function describeProblem(problem: ConfigProblem): string {
  return `${problem.path}:${String(problem.line)}:${String(problem.column)} ${problem.message}`;
}

interface Context {
  readonly yaml: Yaml;
  readonly path: string;
  readonly ids: readonly string[];
}

type Path = (string | number)[];

function problemsOf(issue: z.core.$ZodIssue, prefix: Path, context: Context): ConfigProblem[] {
  const at = [...prefix, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, MAX_PROBLEMS).map((key) => unknownKey(at, key, context));
  if (issue.code === 'invalid_union') {
    // The alternative that fits the value's shape explains more than "must be one of".
    const fitting = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'));
    if (fitting) return fitting.flatMap((inner) => problemsOf(inner, at, context));
  }
  const value = valueOf(context.yaml.data, at);
  const allowed = 'values' in issue && Array.isArray(issue.values) ? issue.values.filter((item) => typeof item === 'string') : [];
  const levels = issue.code === 'invalid_union' ? ['block', 'warn', 'note', 'off'] : allowed;
  const meant = typeof value === 'string' ? nearest(value, levels) : null;
  const given = shown(value);
  const place = issue.code === 'invalid_key' ? context.yaml.keyAt(at.slice(0, -1), String(at.at(-1))) : context.yaml.valueAt(at);
  const said = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const message = `${at.length === 0 ? 'the file' : named(at)} ${said}${given}${meant === null ? '' : `; did you mean \`${meant}\`?`}`;
  return [{ path: context.path, ...place, message }];
}

function unknownKey(at: Path, key: string, context: Context): ConfigProblem {
  const place = context.yaml.keyAt(at, key);
  const isRule = at.length === 1 && at[0] === 'rules';
  const known = isRule ? context.ids : (knownKeys(at) ?? []);
  const meant = nearest(key, known);
  const where = at.length === 0 || isRule ? '' : ` of ${named(at)}`;
  const what = isRule ? 'rule' : 'key';
  const hint = meant !== null ? `did you mean \`${meant}\`?` : isRule ? '`belay rules` lists them' : `known are ${known.join(', ')}`;
  return { path: context.path, ...place, message: `\`${cut(plainLine(key), 80)}\` is no known ${what}${where}: ${hint}` };
}

let bare: ReturnType<typeof configSchema> | undefined;

/** The keys that may stand at a path. */
function knownKeys(at: Path): readonly string[] | null {
  bare ??= configSchema([]);
  let schema: unknown = bare;
  for (const step of at) {
    const inner = unwrap(schema);
    if (at[0] === 'rules' && step !== 'rules') return ['level', 'include', 'exclude'];
    schema = 'shape' in inner && isRecord(inner.shape) ? inner.shape[step] : 'valueType' in inner ? inner.valueType : null;
  }
  const inner = unwrap(schema);
  return 'shape' in inner && isRecord(inner.shape) ? Object.keys(inner.shape).filter((key) => key !== 'loosen') : null;
}

function unwrap(schema: unknown): Record<string, unknown> {
  let inner = schema;
  while (isRecord(inner) && 'unwrap' in inner && typeof inner.unwrap === 'function') inner = (inner.unwrap as () => unknown)();
  return isRecord(inner) ? inner : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function valueOf(data: unknown, at: Path): unknown {
  return at.reduce<unknown>((value, step) => (isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined), data);
}

function named(at: Path): string {
  const joined = at.map((step, index) => (typeof step === 'number' ? `[${String(step)}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
  return `\`${cut(plainLine(joined), 120)}\``;
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return ', and it is empty';
  if (Array.isArray(value)) return ', and it is a list';
  if (typeof value === 'string') return `, and it is \`${cut(plainLine(value), 60)}\``;
  return typeof value === 'number' || typeof value === 'boolean' ? `, and it is \`${String(value)}\`` : ', and it is a group';
}
