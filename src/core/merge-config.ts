import type { Config, RuleSetting, TableSize } from './config.js';
import type { ConfigFile } from './config-schema.js';
import { fillConfig } from './default-config.js';
import type { LevelSetting } from './finding.js';
import type { RuleHeader } from './rule.js';

/** A merged configuration, and in plain words which settings of the repository were ignored. */
export interface MergedConfig {
  readonly config: Config;
  readonly notices: readonly string[];
}

/**
 * The configuration of a repository within its organisation. The organisation's file, with Belay's defaults, is the
 * baseline: a repository may set anything stricter, and facts of its own (tables, database, bases, wrappers of locks) freely; what
 * is looser counts only where the organisation's `loosen` names the rule or the key. Without an organisation's file
 * everything counts.
 */
export function mergeConfig(organisation: ConfigFile | null, repository: ConfigFile | null, rules: readonly RuleHeader[]): MergedConfig {
  const own = repository ?? {};
  const misplaced = own.loosen === undefined ? [] : ["`loosen` counts only in the organisation's file and was ignored."];
  if (organisation === null) return { config: fillConfig(own), notices: misplaced };
  const limits = limitsOf(organisation);
  const base = fillConfig(organisation);
  const config: Config = {
    ...base,
    rules: mergeRules(base, fillConfig(own), rules, limits),
    exclude: limits.added('exclude', base.exclude, own.exclude),
    onOutage: limits.pick('on-outage', base.onOutage, own['on-outage'], ['pass', 'block']),
    mode: limits.pick('mode', base.mode, own.mode, ['observe', 'enforce']),
    branches: own.branches ?? base.branches,
    review: {
      drafts: limits.pick('review.drafts', base.review.drafts, own.review?.drafts, [false, true]),
      bots: limits.pick('review.bots', base.review.bots, own.review?.bots, [false, true]),
      inline: own.review?.inline ?? base.review.inline,
    },
    waivers: { secondPerson: limits.pick('waivers.second-person', base.waivers.secondPerson, own.waivers?.['second-person'], [false, true]) },
    override: {
      permission: limits.pick('override.permission', base.override.permission, own.override?.permission, ['write', 'maintain', 'admin']),
      teams: own.override?.teams === undefined ? base.override.teams : limits.within('override.teams', base.override.teams, own.override.teams),
    },
    database: { target: own.database?.target ?? base.database.target, deployOrder: own.database?.['deploy-order'] ?? base.database.deployOrder },
    tables: mergeTables(base.tables, fillConfig(own).tables),
    hotfix: mergeHotfix(base, own, limits),
    rollback: {
      blockBelow: limits.atLeast('rollback.block-below', base.rollback.blockBelow, own.rollback?.['block-below']),
      warnBelow: limits.atLeast('rollback.warn-below', base.rollback.warnBelow, own.rollback?.['warn-below']),
    },
    llm: mergeModel(base, own, limits),
    locks: { wrappers: union(base.locks.wrappers, own.locks?.wrappers) },
  };
  return { config, notices: [...misplaced, ...limits.notices] };
}

/** Decides setting by setting what a repository may have, and keeps book of what it may not. */
interface Limits {
  readonly notices: string[];
  readonly allows: (key: string) => boolean;
  /** `order` goes from loose to strict. */
  pick<Value extends string | boolean>(key: string, base: Value, own: Value | undefined, order: readonly Value[]): Value;
  atLeast(key: string, base: number, own: number | undefined): number;
  atMost(key: string, base: number, own: number | undefined): number;
  /** A list that only the organisation may make longer. */
  within(key: string, base: readonly string[], own: readonly string[]): readonly string[];
  /** The list with what the repository may add. */
  added(key: string, base: readonly string[], own: readonly string[] | undefined): readonly string[];
}

function limitsOf(organisation: ConfigFile): Limits {
  const notices: string[] = [];
  const loosen = organisation.loosen;
  const allows = (key: string) => loosen === true || (loosen ?? []).some((allowed) => allowed === key || key.startsWith(`${allowed}.`));
  const refuse = (key: string, own: string, base: string) => {
    const ask = key.startsWith('rules.') ? key.slice('rules.'.length).replace(/\.(?:level|include|exclude)$/, '') : (key.split('.')[0] ?? key);
    notices.push(`\`${key}: ${own}\` was ignored: it is looser than the organisation's \`${base}\`. \`loosen: [${ask}]\` in the organisation's file would allow it.`);
  };
  const numeric = (key: string, base: number, own: number | undefined, looser: boolean) => {
    if (own === undefined || own === base || !looser || allows(key)) return own ?? base;
    refuse(key, String(own), String(base));
    return base;
  };
  return {
    notices,
    allows,
    pick(key, base, own, order) {
      if (own === undefined || order.indexOf(own) >= order.indexOf(base) || allows(key)) return own ?? base;
      refuse(key, String(own), String(base));
      return base;
    },
    atLeast: (key, base, own) => numeric(key, base, own, own !== undefined && own < base),
    atMost: (key, base, own) => numeric(key, base, own, own !== undefined && own > base),
    within(key, base, own) {
      if (allows(key)) return own;
      const extra = own.filter((item) => !base.includes(item));
      if (extra.length > 0) refuse(key, `[${extra.join(', ')}]`, `[${base.join(', ')}]`);
      return own.filter((item) => base.includes(item));
    },
    added(key, base, own) {
      const extra = (own ?? []).filter((item) => !base.includes(item));
      if (extra.length === 0 || allows(key)) return [...base, ...extra];
      refuse(key, `[${extra.join(', ')}]`, `[${base.join(', ')}]`);
      return base;
    },
  };
}

function mergeRules(base: Config, own: Config, rules: readonly RuleHeader[], limits: Limits): Config['rules'] {
  const merged = new Map<string, RuleSetting>(base.rules);
  for (const [id, setting] of own.rules) {
    const given = base.rules.get(id) ?? {};
    const key = `rules.${id}`;
    const allowed = limits.allows('rules') || limits.allows(id);
    merged.set(id, allowed ? { ...given, ...setting } : strictest(key, given, setting, rules.find((rule) => rule.id === id)?.level ?? 'warn', limits));
  }
  return merged;
}

const LEVELS: readonly LevelSetting[] = ['off', 'note', 'warn', 'block'];

function strictest(key: string, base: RuleSetting, own: RuleSetting, standard: LevelSetting, limits: Limits): RuleSetting {
  const level = limits.pick(`${key}.level`, base.level ?? standard, own.level, LEVELS);
  const exclude = limits.added(`${key}.exclude`, base.exclude ?? [], own.exclude);
  const include = mergeInclude(`${key}.include`, base.include, own.include, limits);
  return { ...((base.level !== undefined || own.level !== undefined) && { level }), ...(exclude.length > 0 && { exclude }), ...(include && { include }) };
}

/** A repository may widen where a rule speaks, never narrow it. */
function mergeInclude(key: string, base: readonly string[] | undefined, own: readonly string[] | undefined, limits: Limits): readonly string[] | undefined {
  if (own === undefined) return base;
  if (base === undefined) {
    limits.notices.push(`\`${key}\` was ignored: it would keep the rule from paths that the organisation has it speak of.`);
    return undefined;
  }
  return union(base, own);
}

/** Signals of a hotfix add up: a repository may bring its own, and drop the organisation's only where it may loosen them. */
function mergeHotfix(base: Config, own: ConfigFile, limits: Limits): Config['hotfix'] {
  const merged = (name: 'branches' | 'titles' | 'labels' | 'bases') => {
    const given = own.hotfix?.[name];
    if (given === undefined) return base.hotfix[name];
    return limits.allows('hotfix') ? given : union(base.hotfix[name], given);
  };
  return { branches: merged('branches'), titles: merged('titles'), labels: merged('labels'), bases: merged('bases') };
}

/** The model only advises: stricter means that less leaves for it and less is spent. */
function mergeModel(base: Config, own: ConfigFile, limits: Limits): Config['llm'] {
  const { llm } = own;
  return {
    enabled: limits.pick('llm.enabled', base.llm.enabled, llm?.enabled, [true, false]),
    model: llm?.model ?? base.llm.model,
    exclude: limits.allows('llm') ? (llm?.exclude ?? base.llm.exclude) : union(base.llm.exclude, llm?.exclude),
    inline: llm?.inline ?? base.llm.inline,
    budget: {
      pullRequest: limits.atMost('llm.budget.pull-request', base.llm.budget.pullRequest, llm?.budget?.['pull-request']),
      month: limits.atMost('llm.budget.month', base.llm.budget.month, llm?.budget?.month),
    },
  };
}

function mergeTables(base: Config['tables'], own: Config['tables']): Config['tables'] {
  const merged = new Map<string, TableSize>(base);
  for (const [name, size] of own) merged.set(name, { ...base.get(name), ...size });
  return merged;
}

function union(base: readonly string[], own: readonly string[] | undefined): readonly string[] {
  return [...new Set([...base, ...(own ?? [])])];
}
