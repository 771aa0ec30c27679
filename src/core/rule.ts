import type { LevelSetting } from './finding.js';

/** Families of rules; also the folders under `src/rules/`. */
export type Family = 'concurrency' | 'failures' | 'migrations' | 'rollback' | 'review' | 'model';

/** Documentation of a rule: what its page, the check run and SARIF are made from. Markdown. */
export interface RuleDocs {
  /** Sentence case, without a full stop, at most 70 characters: heads every comment. */
  readonly title: string;
  /** What breaks in production, concretely. */
  readonly why: string;
  /** What to do instead. */
  readonly remedy: string;
  /** When the rule deliberately stays silent, and what it cannot see. */
  readonly limits?: string;
  readonly references: readonly { readonly title: string; readonly url: string }[];
}

/** Everything about a rule that is not its code. */
export interface RuleHeader {
  /** `<family>/<pattern>`: also the file's path under `src/rules`, the fixtures' folder, the docs page and the key in the configuration. */
  readonly id: `${Family}/${string}`;
  /** The version of Belay that brought it. */
  readonly since: string;
  /** Its level where no configuration says otherwise. */
  readonly level: LevelSetting;
  readonly docs: RuleDocs;
}
