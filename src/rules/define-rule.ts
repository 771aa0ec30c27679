import type { SourceFile } from 'ts-morph';
import type { FunctionBehaviour } from '../behaviour/event.js';
import type { Models } from '../behaviour/models/models.js';
import type { Change, Pull } from '../core/change-set.js';
import type { TableSize } from '../core/config.js';
import type { Sighting } from '../core/finding.js';
import type { MigrationProof, ProofServer } from '../core/proof-report.js';
import type { ReleaseEvidence } from '../core/release-evidence.js';
import type { RuleHeader } from '../core/rule.js';
import type { LoadedFiles } from '../core/snapshot.js';
import type { Unread } from '../core/change-set.js';
import type { Catalog } from '../migrations/catalog.js';
import type { Target } from '../migrations/classify.js';
import type { JudgedMigration, JudgedStep } from '../migrations/judge-migrations.js';
import type { Migration } from '../migrations/migration.js';
import type { PlanValidity } from '../rollback/against-diff.js';
import type { Claims } from '../rollback/claimed.js';
import type { DiffNeed } from '../rollback/diff-needs.js';
import type { HotfixSignals } from '../rollback/hotfix.js';
import type { RevertFact } from '../rollback/exact-revert.js';
import type { RollbackPlan } from '../rollback/plan.js';

/** Versions of libraries at the head, by package name (`@prisma/client` → `6.1.0`); from manifests and lock files. */
export type Versions = ReadonlyMap<string, string>;

/** One function, in the language-neutral form. */
export interface BehaviourInput {
  readonly function: FunctionBehaviour;
  /** The same function at the merge base; null when it is new. For rules about a removed guard. */
  readonly before: FunctionBehaviour | null;
  readonly catalog: Catalog;
  readonly versions: Versions;
  /** What models and database keep by themselves. Empty unless the rule `needs` it, and on a first look in any case: it may only speak against a sighting. */
  readonly models: Models;
}

/** One step of a migration's up direction, judged on everything that runs before it. */
export interface MigrationInput extends JudgedStep {
  readonly target: Target;
  readonly tables: ReadonlyMap<string, TableSize>;
}

/** One migration as a whole, for rules that speak once of a migration, of its down direction, or of its place among the others. */
export interface WholeMigrationInput extends JudgedMigration {
  readonly target: Target;
  readonly tables: ReadonlyMap<string, TableSize>;
  /** Its files in this change, by path; the file of the down direction is missing when this change does not touch it. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Whether every line counts as new: a scan, in which nothing was merged before. */
  readonly everyLineNew: boolean;
}

/** One migration as it ran on a database of the proof's: up, down and up again. */
export interface ProofInput {
  readonly proof: MigrationProof;
  readonly migration: Migration;
  readonly server: ProofServer;
  /** As in `WholeMigrationInput`. */
  readonly changes: ReadonlyMap<string, Change>;
}

/** What `review` found out before the rules run, for rules about the pull request as a whole. */
export interface Facts {
  readonly hotfix: HotfixSignals;
  readonly plan: RollbackPlan;
  /** Whether somebody wrote a description; without one, nothing is said of what it lacks. */
  readonly described: boolean;
  /** Whether the author states nothing at all: no description, or the template's own text. Then one finding says so for all that is missing. */
  readonly blank: boolean;
  /** What the diff needs of a plan, and the plan held against it; nothing where no plan is asked for. */
  readonly needs: readonly DiffNeed[];
  readonly validity: PlanValidity;
  /** The first line of a plan that Belay offered which nobody filled in; null where there is none. */
  readonly openChoice: string | null;
  /** What the description claims beside the plan; nothing where no plan is asked for. */
  readonly claims: Claims;
  /** The commit that is judged. */
  readonly headSha: string;
  /** The first commit that this change undoes exactly, file by file; null when it is no revert or an inexact one. */
  readonly exactRevert: string | null;
  /** What it says it undoes, and how well it does; null where it names nothing, or nobody could look. */
  readonly revert: RevertFact | null;
  /** People and releases, as the host knows them; asked for a hotfix that is no exact revert. */
  readonly release: ReleaseEvidence;
  readonly planBar: { readonly blockBelow: number; readonly warnBelow: number };
  /** The commit that the change would be merged on; empty where it is not known. */
  readonly baseSha: string;
  /** Files at the head and at the merge base that match the rule's globs. */
  readonly head: LoadedFiles;
  readonly base: LoadedFiles;
  readonly unread: readonly Unread[];
  /** Migrations that do not parse at all: path, line and the parser's words. */
  readonly brokenMigrations: readonly { readonly path: string; readonly line: number; readonly message: string }[];
}

export interface PullInput {
  readonly pull: Pull;
  readonly changes: readonly Change[];
  readonly facts: Facts;
}

/** One TypeScript or JavaScript file, where syntax itself is the matter. */
export interface TypeScriptInput {
  readonly tree: SourceFile;
  readonly change: Change;
}

/** One generator per kind of input; the method's name types its argument. Pure: no I/O, clock, environment, configuration or other rule. */
export interface Checks {
  behaviour?(this: void, input: BehaviourInput): Iterable<Sighting>;
  migration?(this: void, input: MigrationInput): Iterable<Sighting>;
  wholeMigration?(this: void, input: WholeMigrationInput): Iterable<Sighting>;
  /** Runs only where migrations were proved; where its sightings stand on a statement that has a finding already, they are evidence of that one. */
  proof?(this: void, input: ProofInput): Iterable<Sighting>;
  pull?(this: void, input: PullInput): Iterable<Sighting>;
  typescript?(this: void, input: TypeScriptInput): Iterable<Sighting>;
}

/** A rule is a constant. Its id is its path under `src/rules`. */
export interface Rule extends RuleHeader {
  /** What must be loaded before it runs. */
  readonly needs?: { readonly globs?: readonly string[]; readonly models?: boolean };
  readonly checks: Checks;
}

/** Gives a rule its type; nothing is registered. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
