import type { Change } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import { UsageError } from '../core/errors.js';
import { patchedChange } from '../core/patched-change.js';
import { NO_RELEASE_EVIDENCE } from '../core/release-evidence.js';
import type { Snapshot } from '../core/snapshot.js';
import type { Verdict } from '../core/verdict.js';
import { readTemplates } from '../git/local-pull.js';
import { localHistory } from '../git/local-history.js';
import { readTags } from '../git/local-tags.js';
import { defaultBranch, openRepository } from '../git/open-repository.js';
import { planFindings, renderPlans, renderPlansJson, renderPlansLines, type PlanDocument } from '../render/plan.js';
import { judgePlan, type PlanInput } from '../review/judge-plan.js';
import { loadFiles } from '../review/load-files.js';
import { DEPLOYMENT_GLOBS } from '../rollback/deployment.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { EXIT, exitCodeFor } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { packageInfo } from './package-info.js';
import { printOut } from './print.js';
import { readPullDocument, type PullFile } from './pull-file.js';

/** Flags of `belay plan`. */
export interface PlanOptions extends CommonOptions {
  readonly pr: readonly string[];
  readonly repo?: string;
}

/** What a repository on this machine adds to what the files say. */
export interface Surroundings {
  /** Its default branch; null where it has none, or where there is no repository. */
  readonly branch: string | null;
  /** The default branch's tree. */
  readonly tree: Snapshot | null;
  readonly templates: readonly string[];
  /** Its files that tell how it is deployed, its tags, and where the default branch stands; absent without a repository. */
  readonly repository?: PlanInput['repository'];
}

/** Nothing is known but what the files say. */
export const NO_SURROUNDINGS: Surroundings = { branch: null, tree: null, templates: [] };

/**
 * `belay plan --pr FILE…`: sets the process's exit code. A file that cannot be read is named on stderr and ends in 2; the
 * others are judged all the same.
 */
export async function planCommand(options: PlanOptions): Promise<void> {
  const { surroundings, close } = await openSurroundings(options.repo);
  try {
    const config = await localConfig(options.config, async () => surroundings.tree?.read(CONFIG_PATH) ?? null, rules);
    const plans: PlanDocument[] = [];
    const codes: number[] = [];
    const refused: string[] = [];
    for (const file of options.pr) {
      const read = await readPullDocument(file, (base) => surroundings.branch ?? likelyDefault(base)).catch((thrown: unknown) => {
        if (!(thrown instanceof UsageError)) throw thrown;
        refused.push(thrown.message);
        return null;
      });
      if (read === null) continue;
      const { document, verdict } = await judgeFile(file, read, surroundings, config);
      plans.push(document);
      codes.push(warned(file, exitCodeFor(verdict, options.strict)));
    }
    if (plans.length > 0) await printOut(render(options.format, plans));
    for (const message of refused) process.stderr.write(`belay: ${message}\n`);
    const worst = codes.includes(EXIT.failed) ? EXIT.failed : codes.includes(EXIT.blocking) ? EXIT.blocking : EXIT.nothingBlocking;
    process.exitCode = refused.length > 0 ? EXIT.usage : worst;
  } finally {
    close();
  }
}

/** Says on stderr what is missing of one judgement. */
function warned(file: string, { code, warning }: ReturnType<typeof exitCodeFor>): number {
  if (warning !== null) process.stderr.write(`${warning} (${file})\n`);
  return code;
}

async function openSurroundings(directory: string | undefined): Promise<{ readonly surroundings: Surroundings; readonly close: () => void }> {
  if (directory === undefined) return { surroundings: NO_SURROUNDINGS, close: () => undefined };
  const repository = await openRepository(directory);
  try {
    const { branch, sha } = await defaultBranch(repository);
    const tree = repository.snapshotAt(sha);
    const [templates, versions, { files }] = await Promise.all([readTemplates(tree), readTags(repository), loadFiles(tree, DEPLOYMENT_GLOBS)]);
    return { surroundings: { branch, tree, templates, repository: { files, release: { ...NO_RELEASE_EVIDENCE, versions }, sha, history: localHistory(repository, sha), read: async (path) => tree.read(path) } }, close: () => repository.objects.close() };
  } catch (thrown) {
    repository.objects.close();
    throw thrown;
  }
}

/** The default branch where nobody says what it is: the base itself, when it has a name that default branches have. */
export function likelyDefault(base: string): string {
  return /^(?:main|master|trunk|develop|development|dev)$/.test(base) ? base : 'main';
}

/** Judges one pull request as a file describes it. */
export async function judgeOne(file: string, pullFile: PullFile, surroundings: Surroundings, config: Config): Promise<PlanDocument> {
  return (await judgeFile(file, pullFile, surroundings, config)).document;
}

async function judgeFile(file: string, { pull, files }: PullFile, surroundings: Surroundings, config: Config): Promise<{ readonly document: PlanDocument; readonly verdict: Verdict }> {
  const changes: Change[] = [];
  for (const each of files) {
    const base = each.status === 'added' ? null : ((await surroundings.tree?.read(each.previousPath ?? each.path)) ?? null);
    changes.push(patchedChange(each, base));
  }
  const judged = await judgePlan({ pull: { ...pull, templates: [...pull.templates, ...surroundings.templates] }, changes, config, rules, ...(surroundings.repository === undefined ? {} : { repository: surroundings.repository }) });
  const { claims, plan, verdict } = judged;
  const document: PlanDocument = {
    file,
    hotfix: judged.hotfix.hotfix,
    hotfixEvidence: judged.hotfix.evidence,
    revert: judged.revert,
    blocking: verdict.blocking > 0,
    plan: { status: plan.status, score: plan.score, elements: plan.elements, validForDiff: judged.validForDiff },
    staging: claims.staging !== null,
    observability: claims.observability !== null || claims.incident !== null,
    canaryOrFlag: claims.canary !== null || claims.flag !== null,
    incidentLink: claims.incident !== null,
    findings: planFindings(verdict.entries, packageInfo().homepage),
  };
  return { document, verdict };
}

function render(format: string, plans: readonly PlanDocument[]): string {
  if (format === 'json') return renderPlansJson(plans);
  return format === 'jsonl' ? renderPlansLines(plans) : renderPlans(plans);
}
