#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { EXIT } from './exit-code.js';
import { packageInfo } from './package-info.js';
import type { BacktestOptions } from './backtest-command.js';
import type { LocksOptions } from './locks-command.js';
import type { PlanOptions } from './plan-command.js';
import type { ProveOptions } from './prove-command.js';
import type { ReviewOptions } from './review-command.js';
import type { RulesOptions } from './rules-command.js';
import type { ScanOptions } from './scan-command.js';
import type { StatsOptions } from './stats-command.js';
import type { UndoOptions } from './undo-command.js';

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new InvalidArgumentError('expected a whole number from 1 to 10000.');
  return value;
}

function common(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option('--format <format>', 'what to print').choices(formats).default('pretty'))
    .option('--config <file>', 'a configuration file, instead of the base branch’s .github/belay.yml')
    .option('--strict', 'exit with 3 when part of the review is missing (a neutral verdict)', false)
    .option('--no-color', 'no colours, on a terminal too');
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
}

function program(): Command {
  const belay = new Command('belay')
    .description('Reviews changes for production risk: races, dangerous migrations, hotfixes nobody can roll back.')
    .version(packageInfo().version, '-V, --version', 'print the version')
    .showHelpAfterError('(belay --help lists the commands)')
    .addHelpText('after', `\nExit codes: 0 nothing blocking, 1 blocking findings, 2 wrong usage or configuration, 3 Belay itself failed.\n${examples(['belay review', 'belay scan src migrations', 'belay locks migrations', 'belay prove', 'belay plan --pr pull.json', 'belay backtest --last 50', 'belay rules migrations/set-not-null', 'belay serve'])}`);

  common(belay.command('review'), ['pretty', 'json', 'markdown', 'sarif', 'publication'])
    .description('review the changes of a local git repository against its default branch')
    .option('--repo <dir>', 'the repository', '.')
    .option('--base <ref>', 'what to compare with (default: merge base with origin/HEAD, else main, else master)')
    .option('--head <ref>', 'the commit to review', 'HEAD')
    .option('--worktree', 'review the work tree as it lies on the disk, untracked files included', false)
    .option('--pr <file>', 'a JSON file with the pull request’s title, body, head, base, labels and author')
    .addOption(new Option('--llm <when>', 'whether to ask the model').choices(['auto', 'off']).default('auto'))
    .addHelpText('after', examples(['belay review', 'belay review --base origin/main --head feature --format json', 'belay review --worktree', 'belay review --pr pull.json --format markdown']))
    .action(async (options: ReviewOptions) => (await import('./review-command.js')).reviewCommand(options));

  common(belay.command('scan'), ['pretty', 'json', 'sarif'])
    .description('judge whole files or folders, as if every line were new')
    .argument('<path...>', 'files and folders')
    .addOption(new Option('--llm <when>', 'accepted; a scan never asks the model').choices(['auto', 'off']).default('off'))
    .addHelpText('after', examples(['belay scan .', 'belay scan src/wallet.ts db/migrations --format sarif']))
    .action(async (paths: readonly string[], options: ScanOptions) => (await import('./scan-command.js')).scanCommand(paths, options));

  common(belay.command('locks'), ['pretty', 'json'])
    .description('what each statement of migrations locks, rewrites and reads')
    .argument('<path...>', 'migration files and folders; each file is judged on top of those before it in its folder')
    .option('--target <engine@version>', 'the server, such as postgres@17 (default: the configuration’s database.target, else the oldest supported Postgres)')
    .addHelpText('after', examples(['belay locks db/migrations/0042_add_index.sql', 'belay locks db/migrations --target postgres@17 --format json']))
    .action(async (paths: readonly string[], options: LocksOptions) => (await import('./locks-command.js')).locksCommand(paths, options));

  common(belay.command('prove'), ['pretty', 'json'])
    .description('run migrations on a throw-away Postgres: up, down, up again, and say what that showed')
    .argument('[path...]', 'migration files and folders; without any, what the branch brings')
    .option('--repo <dir>', 'the repository', '.')
    .option('--base <ref>', 'what to compare with (default: merge base with origin/HEAD, else main, else master)')
    .option('--head <ref>', 'the commit whose migrations are run', 'HEAD')
    .option('--database <url>', 'a server of your own: a fresh database is made on it and dropped afterwards (default: an embedded Postgres 18)')
    .addHelpText('after', `\nReplayed histories are kept in the user’s cache folder, or below BELAY_DATA_DIR; BELAY_PROOF_CACHE=off keeps none. BELAY_PROOF_SECONDS (20)\nand BELAY_PROOF_MEMORY_MB (1000) are the limits of one proof. Ends in 1 where a rule about proofs blocks; what is unproven ends in 0 with a warning, with\n--strict in 3.\n${examples(['belay prove', 'belay prove db/migrations/0042_plan.up.sql --format json', 'belay prove --base origin/main --database postgres://localhost/postgres'])}`)
    .action(async (paths: readonly string[], options: ProveOptions) => (await import('./prove-command.js')).proveCommand(paths, options));

  common(belay.command('plan'), ['pretty', 'json', 'jsonl'])
    .description('judge how pull requests say that they are rolled back')
    .requiredOption('--pr <file...>', 'JSON files, each with one pull request’s title, body, head, base, labels, author and files')
    .option('--repo <dir>', 'the repository, for its templates, tags and files')
    .addHelpText('after', examples(['belay plan --pr pull.json', 'belay plan --pr pulls/*.json --repo . --format jsonl']))
    .action(async (options: PlanOptions) => (await import('./plan-command.js')).planCommand(options));

  belay
    .command('undo')
    .description('say whether reverting what was merged still applies at the tip, and what stands in the way')
    .argument('<commit>', 'a merged commit, or a pull request’s number such as #12')
    .option('--repo <dir>', 'the repository', '.')
    .addOption(new Option('--format <format>', 'what to print').choices(['pretty', 'markdown', 'json']).default('pretty'))
    .addHelpText('after', examples(['belay undo 1a2b3c4', "belay undo '#12' --format json"]))
    .action(async (commit: string, options: UndoOptions) => (await import('./undo-command.js')).undoCommand(commit, options));

  common(belay.command('backtest'), ['pretty', 'json', 'markdown'])
    .description('what Belay would have said on the last merged changes of the default branch')
    .option('--repo <dir>', 'the repository', '.')
    .option('--last <n>', 'how many merged changes', positive, 50)
    .addHelpText('after', examples(['belay backtest', 'belay backtest --last 200 --format markdown > backtest.md']))
    .action(async (options: BacktestOptions) => (await import('./backtest-command.js')).backtestCommand(options));

  common(belay.command('rules'), ['pretty', 'json'])
    .description('list the rules, or explain one')
    .argument('[id]', 'a rule, such as migrations/set-not-null')
    .addHelpText('after', examples(['belay rules', 'belay rules concurrency/check-then-act', 'belay rules --format json']))
    .action(async (id: string | undefined, options: RulesOptions) => (await import('./rules-command.js')).rulesCommand(id, options));

  belay
    .command('stats')
    .description('what a server knows of its tables')
    .command('dump')
    .description('print sizes and write rates of a server’s tables, to commit as .github/belay-statistics.json')
    .option('--database <url>', 'the server; it is only read from')
    .option('--sql', 'print the script for psql instead', false)
    .addOption(new Option('--format <format>', 'what to print').choices(['pretty', 'json']).default('pretty'))
    .addHelpText('after', examples(['belay stats dump --database postgres://localhost/shop > .github/belay-statistics.json', 'belay stats dump --sql > dump.sql && psql -XAtq -f dump.sql > .github/belay-statistics.json']))
    .action(async (options: StatsOptions) => (await import('./stats-command.js')).statsDumpCommand(options));

  belay
    .command('serve')
    .description('run the GitHub App')
    .option('--setup', 'register the App with GitHub first, in a browser on this machine', false)
    .addHelpText('after', `\nSettings come from the environment or a .env file; .env.example names them all.\n${examples(['belay serve --setup', 'belay serve'])}`)
    .action(async (options: { readonly setup: boolean }) => (await import('./serve.js')).serveCommand(options));

  return belay;
}

/** Commands of the documented contract that this version does not have: they are no typing errors. */
const ANNOUNCED: ReadonlySet<string> = new Set(['locks', 'prove', 'plan', 'feedback', 'stats']);

/** Throws `UsageError` for a command that is announced and not there, before it is taken for a misspelt one. */
function refuseAnnounced(belay: Command, name: string | undefined): void {
  if (name === undefined || !ANNOUNCED.has(name) || belay.commands.some((command) => command.name() === name)) return;
  throw new UsageError(`\`belay ${name}\` is not part of version ${packageInfo().version}. \`belay --help\` lists what is.`);
}

/** Says what went wrong in one line, and gives the exit code for it. */
function report(thrown: unknown): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.nothingBlocking : EXIT.usage;
  if (thrown instanceof UsageError) {
    process.stderr.write(`belay: ${thrown.message}\n`);
    return EXIT.usage;
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  process.stderr.write(`belay: something went wrong in Belay itself: ${error.message}\n`);
  if (process.env.LOG_LEVEL === 'debug' && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
  return EXIT.failed;
}

/** Throws instead of exiting, in every command, so that all exits pass one place. */
function throwOnExit(command: Command): Command {
  command.exitOverride();
  for (const child of command.commands) throwOnExit(child);
  return command;
}

// Node 22 and newer keep compiled code between runs: the parsers load in a fraction of the time.
(module as { readonly enableCompileCache?: () => void }).enableCompileCache?.();
// Optimising the WebAssembly of the SQL parser and the embedded database takes longer than a review, and hundreds of
// megabytes (docs/decisions/0008). Node 20 heeds the first flag here, Node 24 the second.
setFlagsFromString('--liftoff-only');
setFlagsFromString('--wasm-tiering-budget=2000000000');

try {
  const belay = throwOnExit(program());
  if (process.argv.length <= 2) {
    belay.outputHelp({ error: true });
    process.exitCode = EXIT.usage;
  } else {
    refuseAnnounced(belay, process.argv[2]);
    await belay.parseAsync(process.argv);
  }
} catch (thrown) {
  process.exitCode = report(thrown);
}
