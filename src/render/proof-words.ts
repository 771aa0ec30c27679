import { differingParts } from '../core/differing-parts.js';
import { durationWords } from '../core/duration.js';
import { cut, plainLine } from '../core/plain-text.js';
import type { DataLoss, MigrationProof, OldCodeFailure, ProofReport, ProofServer, ProvedStatement, ScaleEstimate, SchemaDifference } from '../core/proof-report.js';

/** So many things of one kind are told; the others are counted. */
const SHOWN = 5;

/** "Postgres 18.6, embedded"; for a server that could not be had, just its kind. */
export function serverName({ version, kind }: ProofServer): string {
  const name = version === '' ? 'Postgres' : `Postgres ${plainLine(version)}`;
  return kind === 'pglite' ? `${name}, embedded` : name;
}

/** How the way there and back went: the first sentence is the outcome, the others are details. Backticks mark code; no full stops. */
export function outcomeOf(proof: MigrationProof): readonly string[] {
  if (proof.status === 'unproven') return [`unproven: ${proof.reason ?? 'no reason is known'}`];
  const partly = proof.reason === undefined ? [] : [`proved in part: ${proof.reason}`];
  return [...wayBack(proof), ...rowsFailure(proof), ...listed(proof.oldCode, oldCode, 'statements of the code before fail'), ...partly];
}

function wayBack(proof: MigrationProof): readonly string[] {
  const { reversible, notReversed, downError, differences, again, dataLoss } = proof;
  if (reversible === true) return ['up, down, up: identical'];
  if (reversible === null) return [notReversed === 'none' ? 'up ran; there is no down' : notReversed === 'irreversible' ? 'up ran; its author says that there is no way back' : `up ran; down was not proved: ${notReversed ?? 'no reason is known'}`];
  if (downError !== undefined) return [`down fails${downError.onlyWithRows ? ' on tables that hold rows' : ''}: ${code(downError.statement)} (line ${String(downError.line)}) ends with “${cut(plainLine(downError.error), 200)}” (${downError.sqlstate})`];
  const parts = [...listed(differences, difference, 'objects differ'), ...listed(dataLoss, loss, 'tables or columns lose data')];
  const repeated = parts.length === 0 ? listed(again, difference, 'objects differ') : [];
  const what = parts.length > 0 ? 'down does not lead back' : 'up after down does not give the same again';
  return [what, ...parts, ...repeated];
}

function rowsFailure({ failsOnRows }: MigrationProof): readonly string[] {
  if (failsOnRows === undefined) return [];
  const { statement, line, error, sqlstate } = failsOnRows;
  return [`up fails on tables that hold rows: ${code(statement)} (line ${String(line)}) ends with “${cut(plainLine(error), 200)}” (${sqlstate}); on empty tables it runs`];
}

function listed<Item>(items: readonly Item[], words: (item: Item) => string, others: string): readonly string[] {
  const shown = items.slice(0, SHOWN).map(words);
  return items.length > SHOWN ? [...shown, `${String(items.length - SHOWN)} more ${others}`] : shown;
}

function difference({ object, before, after }: SchemaDifference): string {
  if (after === null) return `missing afterwards: ${code(object)}${before === null || before === '' ? '' : `, before it was ${code(before)}`}`;
  if (before === null) return `left behind: ${code(object)}`;
  const [was, is] = differingParts(before, after);
  return `${code(object)}: before ${code(was)}, afterwards ${code(is)}`;
}

function loss({ column, table, rows, of }: DataLoss): string {
  return column === undefined ? `${String(rows)} of ${String(of)} seeded rows of ${code(table ?? '')} are lost` : `${String(rows)} of ${String(of)} seeded values of ${code(column)} are lost or changed`;
}

function oldCode({ statement, error, path, line }: OldCodeFailure): string {
  return `the code before would fail: ${code(statement)}${path === null ? '' : ` (${code(line === null ? path : `${path}:${String(line)}`)})`}: ${cut(plainLine(error), 200)}`;
}

/** Somebody's SQL or names as code within a sentence: no backtick of theirs ends it. */
function code(text: string): string {
  return `\`${cut(plainLine(text), 160).replaceAll('`', "'")}\``;
}

/** What a statement means for those who use its tables. `documented`: it could not be watched, so this is what the manual says. */
export function verdictOf({ class: kind, error, notAnalysed, estimate, blocks, source }: ProvedStatement): string {
  const unseen = source === 'observed' ? '' : ' (not observed: as documented)';
  if (notAnalysed !== undefined) return `not analysed: ${cut(plainLine(notAnalysed), 120)}`;
  if (kind === 'error') return `refused: ${cut(plainLine(error ?? ''), 160)}`;
  if (kind === 'safe') return `safe${unseen}`;
  const whom = blocks === '' ? '' : `: blocks ${plainLine(blocks)}`;
  const long = estimate !== undefined && estimate.milliseconds[1] < 1000 ? ', though not for long' : '';
  return kind === 'brief' ? `brief${whom}${unseen}` : `heavy${whom}${long}${unseen}`;
}

/** "4 s–31 s at 50,000,000 rows (configuration), ~40,000 requests wait": for a place that says `estimateBasis`. */
export function estimateWords({ rows, from, milliseconds: [low, high], queued }: ScaleEstimate): string {
  const waiting = queued === undefined || queued < 1 ? '' : `, ~${queued.toLocaleString('en-US')} requests wait`;
  return `${durationWords(low)}–${durationWords(high)} at ${rows.toLocaleString('en-US')} rows (${from})${waiting}`;
}

/** "estimate, calibrated on one machine" */
export function estimateBasis({ calibration }: ScaleEstimate): string {
  return `estimate, ${calibration}`;
}

/** One sentence about all of them, for the top of a check: "2 migrations ran on Postgres 18.6, embedded: up, down, up: identical." */
export function proofSummary({ server, migrations }: ProofReport): string {
  const proved = migrations.filter((one) => one.status === 'proved');
  const unproven = migrations.filter((one) => one.status === 'unproven');
  const [first] = unproven;
  const failed = first === undefined ? '' : `${proved.length === 0 ? '' : ' '}${unproven.length === 1 ? `\`${first.path}\` is` : `${String(unproven.length)} migrations are, the first`} unproven: ${cut(plainLine(first.reason ?? 'no reason is known'), 200)}.`;
  if (proved.length === 0) return failed;
  const undone = proved.filter((one) => one.reversible === true).length;
  const broken = proved.filter((one) => one.reversible === false).length;
  const none = proved.length - undone - broken;
  const inPart = proved.some(({ reversible, reason }) => reversible === true && reason !== undefined);
  const parts = [...(undone > 0 ? [`${few(undone, proved.length)}up, down, up: identical${inPart ? ', as far as it could be proved' : ''}`] : []), ...(broken > 0 ? [`${few(broken, proved.length)}down does not lead back`] : []), ...(none > 0 ? [`${few(none, proved.length)}no way back was proved`] : [])];
  return `${String(proved.length)} ${proved.length === 1 ? 'migration' : 'migrations'} ran on ${serverName(server)}: ${parts.join('; ')}.${failed}`;
}

function few(count: number, of: number): string {
  return count === of ? '' : `${String(count)} of ${String(of)} `;
}

/** What the reader must know of the proof as a whole. Backticks mark code. Where Belay itself was wrong (`disagreements`) is for its operator: the log and the JSON have it. */
export function remarksOf({ base, notes }: ProofReport): readonly string[] {
  const [problem] = base;
  return [
    ...(problem === undefined
      ? []
      : [`The migrations before do not run to their end: ${code(problem.statement)} (${code(`${problem.path}:${String(problem.line)}`)}) ends with “${cut(plainLine(problem.error), 200)}”${base.length > 1 ? `, and ${String(base.length - 1)} more` : ''}. What stands on it was stood in for, where that was possible`]),
    ...notes.slice(0, 8).map((note) => cut(plainLine(note), 300)),
    ...(notes.length > 8 ? [`and ${String(notes.length - 8)} more remarks`] : []),
  ];
}
