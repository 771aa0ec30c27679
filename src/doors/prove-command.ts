import type { Config } from '../core/config.js';
import { EMPTY_PULL } from '../core/change-set.js';
import { UsageError } from '../core/errors.js';
import { levelOf } from '../core/judge.js';
import type { ProofReport } from '../core/proof-report.js';
import { openRepository } from '../git/open-repository.js';
import { readChangeSet } from '../git/read-change-set.js';
import { withEstimates } from '../migrations/estimate.js';
import { findTargetEvidence, targetFrom } from '../migrations/target/find-target.js';
import { describeTarget, parseTarget } from '../migrations/target.js';
import { renderProof, renderProofJson } from '../render/proof.js';
import { loadTargetFiles } from '../review/find-target.js';
import { STATISTICS_PATH } from '../review/known-tables.js';
import { questionOfChange, questionOfFiles, type AskedProof } from '../review/proof-questions.js';
import { proofSightings, type Prove } from '../review/proof-stage.js';
import { rules } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { EXIT } from './exit-code.js';
import { CONFIG_PATH, localConfig } from './local-config.js';
import { databaseProver, localProver } from './local-proof.js';
import { openNamedFiles } from './named-files.js';
import { printOut } from './print.js';
import { openProgress } from './progress.js';
import { resolveRefs } from './resolve-refs.js';
import { untilInterrupted } from './until-interrupted.js';

/** Flags of `belay prove`. */
export interface ProveOptions extends CommonOptions {
  readonly repo: string;
  readonly base?: string;
  readonly head: string;
  readonly database?: string;
}

/**
 * `belay prove [PATH…]`: runs migrations up, down and up again, and says what that showed. Ends in 1 where a rule about
 * proofs that is set to block has something to say. Throws `UsageError` for what the user has to change.
 */
export async function proveCommand(paths: readonly string[], options: ProveOptions): Promise<void> {
  if (paths.length > 0 && (options.base !== undefined || options.head !== 'HEAD' || options.repo !== '.')) throw new UsageError('Name files, or compare commits with --repo, --base and --head: not both.');
  const prover = options.database === undefined ? localProver() : databaseProver(options.database);
  const progress = openProgress(process.stderr);
  const done = await untilInterrupted(async (signal) => {
    const { asked, config } = paths.length > 0 ? await askOfFiles(paths, options) : await askOfChange(options);
    return { asked, config, report: await run(prover, asked, signal, progress.say) };
  }).finally(() => progress.clear());
  await printOut(options.format === 'json' ? renderProofJson(done.report) : renderProof(done.report));
  finish(done, options.strict);
}

interface Question {
  readonly asked: AskedProof;
  readonly config: Config;
}

async function askOfFiles(paths: readonly string[], options: ProveOptions): Promise<Question> {
  const named = await openNamedFiles(process.cwd(), paths);
  const config = await localConfig(options.config, named.configuration, rules);
  const configured = config.database.target === null ? null : parseTarget(config.database.target, '`database.target` in the configuration');
  const target = configured ?? targetFrom(findTargetEvidence(await loadTargetFiles(await named.surroundings())), 'postgres');
  const asked = await questionOfFiles({ snapshot: named.snapshot, migrationPath: named.migrationPath, named: new Set(named.files), target, wholePaths: await named.wholePaths(), config });
  return { asked: forPostgres(asked), config };
}

async function askOfChange(options: ProveOptions): Promise<Question> {
  const repository = await openRepository(options.repo);
  try {
    const refs = await resolveRefs(repository, options);
    const trusted = repository.snapshotAt(refs.baseSha);
    const config = await localConfig(options.config, async () => trusted.read(CONFIG_PATH), rules);
    const mergeBaseSha = refs.mergeBase.sha;
    const changeSet = await readChangeSet(repository, { baseSha: refs.baseSha, mergeBaseSha, headSha: refs.headSha, worktree: false, pull: EMPTY_PULL }, repository.objects);
    const asked = await questionOfChange({ changeSet, config, base: repository.snapshotAt(mergeBaseSha), head: repository.snapshotAt(refs.headSha), statistics: async () => trusted.read(STATISTICS_PATH) });
    return { asked: forPostgres(asked), config };
  } finally {
    repository.objects.close();
  }
}

function forPostgres(asked: AskedProof): AskedProof {
  const { target, changed } = asked.question;
  if (changed.length > 0 && target.engine !== 'postgres') throw new UsageError(`${describeTarget(target)}: this version of Belay proves migrations for Postgres only; set \`database.target: postgres@16\` in the configuration where that is what they run on.`);
  return asked;
}

const NOTHING: ProofReport = { schemaVersion: 1, server: { version: '', kind: 'pglite' }, migrations: [], base: [], notes: [], disagreements: [] };

async function run(prover: Prove, { question }: AskedProof, signal: AbortSignal, say: (stage: string) => void): Promise<ProofReport> {
  if (question.changed.length === 0) return NOTHING;
  say(`proving ${String(question.changed.length)} migrations on ${String(question.history.length)} before`);
  return withEstimates(await prover(question, signal, say), question.tables);
}

/** The exit code, and on stderr what was not proved. */
function finish({ asked, config, report }: Question & { readonly report: ProofReport }, strict: boolean): void {
  const said = proofSightings(rules, report, asked.question.changed, asked.changes, []);
  const blocking = said.some(({ rule, sighting }) => levelOf(rule, sighting.path, config) === 'block');
  process.exitCode = blocking ? EXIT.blocking : EXIT.nothingBlocking;
  for (const notice of asked.notices) process.stderr.write(`belay: ${notice}\n`);
  if (report.migrations.length === 0) process.stderr.write('belay: no migration was found to prove.\n');
  const [first, ...others] = report.migrations.filter((one) => one.status === 'unproven');
  if (first === undefined) return;
  process.stderr.write(`belay: ${first.path} is unproven: ${first.reason ?? 'no reason is known'}${others.length === 0 ? '' : ` (and ${String(others.length)} more)`}.\n`);
  if (strict && !blocking) process.exitCode = EXIT.failed;
}
