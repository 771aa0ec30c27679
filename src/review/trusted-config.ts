import type { Config } from '../core/config.js';
import type { ConfigFile } from '../core/config-schema.js';
import { matchesAny } from '../core/globs.js';
import type { Host } from '../core/host.js';
import { mergeConfig } from '../core/merge-config.js';
import { describeProblem, readConfig } from '../core/read-config.js';
import type { Records } from '../core/records.js';
import type { RuleHeader } from '../core/rule.js';

/** Where a repository, and an organisation's `.github` repository, keep their configuration. */
export const CONFIG_PATH = '.github/belay.yml';

/** What configuration counts, and what a reader should know of how it came about. */
export interface TrustedConfig {
  readonly config: Config;
  readonly notices: readonly string[];
  /** The commit or branch it is from: what else counts from a trusted base only is read there too. */
  readonly ref: string;
}

interface Sources {
  readonly host: Host;
  readonly records: Records;
  readonly rules: readonly RuleHeader[];
}

/**
 * The configuration that judges a pull request into `baseBranch`. It comes from the tip of that branch where it is the
 * default branch, or where the default branch's own configuration names it under `branches`; else from the default branch.
 * So nobody is judged by a branch of their own making, and the pull request's head never counts.
 */
export async function trustedConfig(sources: Sources, baseBranch: string): Promise<TrustedConfig> {
  const standard = await sources.host.defaultBranch();
  const notices: string[] = [];
  const organisation = await validFile(sources, '(organisation)', await sources.host.organisationFile(CONFIG_PATH), 'the organisation’s `.github` repository', notices);
  const ofDefault = await validFile(sources, standard.name, await sources.host.file(CONFIG_PATH, standard.sha), `\`${standard.name}\``, notices);
  const merged = mergeConfig(organisation, ofDefault, sources.rules);
  if (baseBranch === standard.name || !matchesAny(merged.config.branches)(baseBranch)) return { config: merged.config, notices: [...notices, ...merged.notices], ref: standard.sha };
  const ref = `refs/heads/${baseBranch}`;
  const text = await sources.host.file(CONFIG_PATH, ref);
  if (text === null) return { config: merged.config, notices: [...notices, ...merged.notices], ref };
  const ofBase = await validFile(sources, baseBranch, text, `\`${baseBranch}\``, notices);
  const own = mergeConfig(organisation, ofBase, sources.rules);
  return { config: own.config, notices: [...notices, ...own.notices], ref };
}

/** A file's content when it is valid, else the last valid one of that branch; the problems go to the notices. */
async function validFile(sources: Sources, branch: string, text: string | null, where: string, notices: string[]): Promise<ConfigFile | null> {
  if (text === null) return null;
  const read = readConfig(text, CONFIG_PATH, { rules: sources.rules });
  if ('file' in read) {
    if ((await sources.records.lastValidConfig(sources.host.repo, branch)) !== text) await sources.records.recordValidConfig(sources.host.repo, branch, text);
    return read.file;
  }
  const last = await sources.records.lastValidConfig(sources.host.repo, branch);
  const earlier = last === null ? null : readConfig(last, CONFIG_PATH, { rules: sources.rules });
  const used = earlier !== null && 'file' in earlier ? 'the last valid one is used' : 'the default levels are used';
  notices.push(...read.problems.map((problem) => `The configuration on ${where} is not valid, ${used}. ${describeProblem(problem)}`));
  return earlier !== null && 'file' in earlier ? earlier.file : null;
}
