import { z } from 'zod';
import { ANNOUNCED_RULES } from './announced-rules.js';
import { compilePattern } from './patterns.js';
import type { RuleHeader } from './rule.js';

const LEVELS = ['block', 'warn', 'note', 'off'] as const;
const MAX_ITEMS = 200;
const MAX_LENGTH = 300;

const TARGET = /^(postgres|postgresql|pg|mysql|mariadb)@\d{1,3}(\.\d{1,3}){0,2}$/i;

/** A string with what is allowed in words. */
function text(must: string, pattern: RegExp = /^[^\u0000-\u001f\u007f]+$/u) {
  return z.string({ error: must }).min(1, { error: must }).max(MAX_LENGTH, { error: `must be at most ${String(MAX_LENGTH)} characters long` }).regex(pattern, { error: must });
}

function list<Item extends z.ZodType>(item: Item, must: string) {
  return z.array(item, { error: must }).max(MAX_ITEMS, { error: `must have at most ${String(MAX_ITEMS)} entries` });
}

function flag(description: string) {
  return z.boolean({ error: 'must be true or false' }).describe(description);
}

function choice<const Values extends readonly [string, ...string[]]>(values: Values, description: string) {
  return z.enum(values, { error: `must be ${oneOf(values)}` }).describe(description);
}

function number(minimum: number, maximum: number, description: string) {
  const must = `must be a number from ${String(minimum)} to ${String(maximum)}`;
  return z.number({ error: must }).min(minimum, { error: must }).max(maximum, { error: must }).describe(description);
}

function whole(minimum: number, maximum: number, description: string) {
  const must = `must be a whole number from ${String(minimum)} to ${String(maximum)}`;
  return z.int({ error: must }).min(minimum, { error: must }).max(maximum, { error: must }).describe(description);
}

function section<Shape extends z.ZodRawShape>(shape: Shape, description: string) {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'invalid_type' ? `must be a group of settings: ${Object.keys(shape).join(', ')}` : undefined) }).describe(description);
}

const glob = text('must be a glob such as "src/**"').refine((value) => !/[?*+@!]\(/.test(value) && !value.startsWith('!'), {
  error: 'must be a plain glob: `**`, `*`, `?`, `[a-z]` and `{a,b}` are known, `!…` and `@(…)` are not',
});
const globs = (description: string) => list(glob, 'must be a list of globs').describe(description);
const words = (description: string, must: string) => list(text('must be text'), must).describe(description);

const pattern = text('must be a pattern such as "^hotfix"').superRefine((value, context) => {
  const compiled = compilePattern(value);
  if ('problem' in compiled) context.addIssue({ code: 'custom', message: `is ${compiled.problem}` });
});

const level = choice(LEVELS, 'How much a finding of this rule weighs: block fails the check, warn and note do not, off silences the rule.');

const ruleOptions = section(
  {
    level: level.optional(),
    include: globs('The rule speaks of matching paths only.').optional(),
    exclude: globs('The rule is silent on matching paths.').optional(),
  },
  'Level and paths of one rule.',
);

function settingOf(description: string) {
  return z.union([level, ruleOptions], { error: `must be ${oneOf(LEVELS)}, or a group of settings: level, include, exclude` }).describe(description);
}

const table = section(
  {
    rows: whole(0, 1e15, 'How many rows it has, roughly.').optional(),
    qps: number(0, 1e9, 'Queries per second that touch it, roughly.').optional(),
    small: flag('So small that locking or rewriting it harms nobody.').optional(),
    hot: flag('So busy that even a brief lock is felt.').optional(),
  },
  'Size and traffic of one table.',
);

const groups = {
  exclude: globs('Paths that are not reviewed at all. They are listed as not read.'),
  'on-outage': choice(['pass', 'block'], 'What a failure of Belay itself does: pass concludes neutral, block concludes action_required.'),
  mode: choice(['enforce', 'observe'], 'observe always concludes neutral and says what it would have concluded.'),
  branches: globs('Base branches whose own copy of this file counts. The default branch always does.'),
  review: section(
    {
      drafts: flag('Review draft pull requests.').optional(),
      bots: flag('Review pull requests opened by bots.').optional(),
      inline: whole(0, 25, 'Inline comments in all; blocking findings always get one, up to 25.').optional(),
    },
    'What is reviewed and how much is said in line.',
  ),
  waivers: section({ 'second-person': flag('A waiver of a blocking rule that comes with the change needs a second person. false where one maintainer is alone.').optional() }, 'Waivers.'),
  override: section(
    {
      permission: choice(['admin', 'maintain', 'write'], 'The least permission that may override a verdict.').optional(),
      teams: list(text('must be the short name of a team, without @ and organisation', /^[\w.-]+$/), 'must be a list of teams').describe('Teams whose members may override too.').optional(),
    },
    'Who may use `/ai-review override`.',
  ),
  database: section(
    {
      target: text('must be an engine and a version, such as postgres@16, mysql@8.4 or mariadb@10.11', TARGET).describe('The server that migrations are judged for.').optional(),
      'deploy-order': choice(['migrate-first', 'deploy-first'], 'Whether migrations run before or after the new code starts.').optional(),
    },
    'The database that migrations run on.',
  ),
  tables: z.record(text('must be the name of a table'), table, { error: 'must be a group of tables by name' }).describe('What is known of tables, by name or schema.name.'),
  hotfix: section(
    {
      branches: globs('Head branches of hotfixes, beside the built-in ones.').optional(),
      titles: list(pattern, 'must be a list of patterns').describe('RE2 patterns for titles of hotfixes, case-insensitive, beside the built-in ones.').optional(),
      labels: words('Labels of hotfixes, beside the built-in ones.', 'must be a list of labels').optional(),
      bases: globs('Base branches that run in production, beside the built-in ones.').optional(),
    },
    'What makes a pull request a hotfix.',
  ),
  rollback: section(
    {
      'block-below': whole(0, 100, 'A rollback plan with a lower score blocks a hotfix.').optional(),
      'warn-below': whole(0, 100, 'A rollback plan with a lower score is warned about.').optional(),
    },
    'The bar for rollback plans, out of 100.',
  ),
  llm: section(
    {
      enabled: flag('Ask the model at all.').optional(),
      model: text('must be the id of a model', /^[\w.:/@-]+$/).describe('The model that is asked.').optional(),
      exclude: globs('Paths whose content never leaves for the model.').optional(),
      inline: whole(0, 25, 'Inline comments that come from the model, at most.').optional(),
      budget: section(
        {
          'pull-request': number(0, 10_000, 'US dollars for one pull request.').optional(),
          month: number(0, 1_000_000, 'US dollars for one month.').optional(),
        },
        'What the model may cost.',
      ).optional(),
    },
    'The model, which advises and never blocks.',
  ),
  locks: section({ wrappers: words('Functions of your own that hold a lock while their callback runs.', 'must be a list of function names').optional() }, 'Locks.'),
};

/** Keys that stand at the top of the file and hold settings. */
export const TOP_LEVEL_KEYS: readonly string[] = ['rules', ...Object.keys(groups)];

const optional = <Shape extends Record<string, z.ZodType>>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([key, type]) => [key, type.optional()])) as { [Key in keyof Shape]: z.ZodOptional<Shape[Key]> };

/** The file's schema. Known are the rules that are handed in, and those that are announced. */
export function configSchema(rules: readonly RuleHeader[]) {
  const announced = [...ANNOUNCED_RULES].filter((id) => !rules.some((rule) => rule.id === id));
  const known = Object.fromEntries([
    ...announced.map((id) => [id, settingOf('Announced: has no effect in this version.').optional()] as const),
    ...rules.map((rule) => [rule.id, settingOf(`${rule.docs.title}. Default: ${rule.level}.`).optional()] as const),
  ]);
  const loosen = z
    .union([z.literal(true), list(z.enum([...TOP_LEVEL_KEYS, ...Object.keys(known)], { error: 'must be a rule or a key of this file' }), 'must be a list')], {
      error: 'must be true, or a list of rules and keys of this file',
    })
    .describe("Only in the organisation's file: what repositories may set looser than it. true is everything.");
  return z
    .strictObject({
      version: z.literal(1, { error: 'must be 1: this Belay knows no other version' }).describe('Version of this format.').optional(),
      rules: z
        .strictObject(known, { error: (issue) => (issue.code === 'invalid_type' ? 'must be a group of rules, each with a level' : undefined) })
        .describe('Level of a rule, or level with options.')
        .optional(),
      ...optional(groups),
      loosen: loosen.optional(),
    }, { error: (issue) => (issue.code === 'invalid_type' ? 'must be a group of settings, such as `version: 1`' : undefined) })
    .describe('Configuration of Belay: .github/belay.yml');
}

/** A validated file: what somebody wrote, without defaults. */
export type ConfigFile = z.infer<ReturnType<typeof configSchema>>;

/** JSON Schema (2020-12) of the file, for editors. Rule ids are an enumeration of the rules handed in. */
export function configJsonSchema(rules: readonly RuleHeader[], id: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(configSchema(rules), { io: 'input', target: 'draft-2020-12', reused: 'ref' });
  return { $schema, $id: id, title: 'Belay configuration', ...rest };
}

function oneOf(values: readonly string[]): string {
  return values.length < 2 ? (values[0] ?? '') : `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`;
}
