import type { Config, RuleSetting, TableSize } from './config.js';
import type { ConfigFile } from './config-schema.js';

/** The configuration where no file says anything. Levels of rules are the rules' own. */
export function defaultConfig(): Config {
  return fillConfig({});
}

/** What a file says, with every default filled in. */
export function fillConfig(file: ConfigFile): Config {
  return {
    rules: new Map(Object.entries(file.rules ?? {}).map(([id, setting]) => [id, settingOf(setting)])),
    exclude: file.exclude ?? [],
    onOutage: file['on-outage'] ?? 'pass',
    mode: file.mode ?? 'enforce',
    branches: file.branches ?? [],
    review: { drafts: file.review?.drafts ?? true, bots: file.review?.bots ?? false, inline: file.review?.inline ?? 6 },
    waivers: { secondPerson: file.waivers?.['second-person'] ?? true },
    override: { permission: file.override?.permission ?? 'maintain', teams: file.override?.teams ?? [] },
    database: { target: file.database?.target ?? null, deployOrder: file.database?.['deploy-order'] ?? null },
    tables: new Map(Object.entries(file.tables ?? {}).map(([name, size]) => [name, present(size)])),
    hotfix: {
      branches: file.hotfix?.branches ?? ['hotfix/**'],
      titles: file.hotfix?.titles ?? [],
      labels: file.hotfix?.labels ?? ['hotfix'],
      bases: file.hotfix?.bases ?? ['production', 'release/**'],
    },
    rollback: { blockBelow: file.rollback?.['block-below'] ?? 40, warnBelow: file.rollback?.['warn-below'] ?? 70 },
    llm: {
      enabled: file.llm?.enabled ?? true,
      model: file.llm?.model ?? 'claude-sonnet-5-5',
      exclude: file.llm?.exclude ?? [],
      inline: file.llm?.inline ?? 4,
      budget: { pullRequest: file.llm?.budget?.['pull-request'] ?? 1, month: file.llm?.budget?.month ?? 200 },
    },
    locks: { wrappers: file.locks?.wrappers ?? [] },
  };
}

type RuleEntry = NonNullable<NonNullable<ConfigFile['rules']>[string]>;

function settingOf(setting: RuleEntry | undefined): RuleSetting {
  if (setting === undefined) return {};
  if (typeof setting === 'string') return { level: setting };
  return {
    ...(setting.level !== undefined && { level: setting.level }),
    ...(setting.include !== undefined && { include: setting.include }),
    ...(setting.exclude !== undefined && { exclude: setting.exclude }),
  };
}

function present(size: { readonly [Key in keyof TableSize]: TableSize[Key] | undefined }): TableSize {
  return {
    ...(size.rows !== undefined && { rows: size.rows }),
    ...(size.qps !== undefined && { qps: size.qps }),
    ...(size.small !== undefined && { small: size.small }),
    ...(size.hot !== undefined && { hot: size.hot }),
  };
}
