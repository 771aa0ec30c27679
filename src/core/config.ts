import type { LevelSetting } from './finding.js';

/** What a repository may say of one rule. */
export interface RuleSetting {
  readonly level?: LevelSetting;
  /** Globs; when given, the rule speaks of matching paths only. */
  readonly include?: readonly string[];
  /** Globs; the rule is silent on matching paths. */
  readonly exclude?: readonly string[];
}

/** What is known of a table's size, from configuration or statistics. */
export interface TableSize {
  readonly rows?: number;
  /** Queries per second that touch it. */
  readonly qps?: number;
  readonly small?: boolean;
  readonly hot?: boolean;
  /** Rows written per second; known from statistics only. */
  readonly writes?: number;
  /** Set where it is not from the configuration but from a committed dump of the server's statistics. */
  readonly from?: 'statistics';
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/**
 * `.github/belay.yml`, validated and with every default filled in. Its keys in the file are kebab-case
 * (docs/config.schema.json); here they are camelCase.
 */
export interface Config {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly exclude: readonly string[];
  readonly onOutage: 'pass' | 'block';
  readonly mode: 'enforce' | 'observe';
  /** Globs of bases whose own copy of the file counts; the default branch's always does. */
  readonly branches: readonly string[];
  readonly review: { readonly drafts: boolean; readonly bots: boolean; readonly inline: number };
  readonly waivers: { readonly secondPerson: boolean };
  readonly override: { readonly permission: Exclude<Permission, 'none' | 'read' | 'triage'>; readonly teams: readonly string[] };
  readonly database: { readonly target: string | null; readonly deployOrder: 'migrate-first' | 'deploy-first' | null };
  readonly tables: ReadonlyMap<string, TableSize>;
  readonly hotfix: {
    readonly branches: readonly string[];
    /** RE2 patterns. */
    readonly titles: readonly string[];
    readonly labels: readonly string[];
    readonly bases: readonly string[];
  };
  readonly rollback: { readonly blockBelow: number; readonly warnBelow: number };
  readonly llm: {
    readonly enabled: boolean;
    readonly model: string;
    readonly exclude: readonly string[];
    readonly inline: number;
    /** US dollars. */
    readonly budget: { readonly pullRequest: number; readonly month: number };
  };
  readonly locks: { readonly wrappers: readonly string[] };
}

/** What is wrong with a configuration file, and what to change. */
export interface ConfigProblem {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Names the key and what to change, with the nearest known key where one was misspelt. */
  readonly message: string;
}
