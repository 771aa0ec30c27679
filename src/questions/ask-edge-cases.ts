import type { ChangeSet } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import { fingerprint } from '../core/fingerprint.js';
import type { Evidence, Finding } from '../core/finding.js';
import { mishapOf } from '../core/mishap.js';
import type { Mishap } from '../core/mishap.js';
import { addUsage, NO_USAGE } from '../core/model.js';
import type { Ask, ModelAnswer, ModelUsage } from '../core/model.js';
import { createPlaces } from './anchors.js';
import type { Place } from './anchors.js';
import { edgeCasesRequest, readEdgeCases } from './edge-cases.js';
import type { Candidate, DropReason, ReadAnswer } from './edge-cases.js';
import { symbolAt } from './enclosing.js';
import { chooseExcerpts, DEFAULT_CHARACTERS, DEFAULT_FILES } from './excerpts.js';
import type { Excerpts } from './excerpts.js';
import { droppedNotice, notAsked, notShownNotices, problemNotice } from './notices.js';
import { parsePrompt } from './prompt.js';
import type { Prompt, PromptId } from './prompt.js';
import { createRedactor } from './redact.js';
import type { Redactor } from './redact.js';
import { readVerdicts, verifyRequest } from './verify.js';
import type { Outcome } from './verify.js';

/** The rule that the model's findings are published under. */
export const EDGE_CASE_RULE = 'model/edge-case';

export interface EdgeCasesInput {
  readonly changeSet: ChangeSet;
  /** The `llm` section of the configuration. */
  readonly config: Config['llm'];
  /** What the rules found: the model does not repeat it. */
  readonly findings: readonly Finding[];
  /** null where there is nobody to ask; `whyNotAsked` then says why, in words that follow "The model was not asked: ". */
  readonly ask: Ask | null;
  readonly whyNotAsked: string | null;
  /** Texts of the prompt files by their ids. */
  readonly prompts: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

export interface EdgeCasesAnswer {
  /** Confirmed by the second question, the first ones the worst. At most `llm.inline` of them belong inline. */
  readonly findings: readonly Finding[];
  /** Not refuted and not confirmed: for the summary, folded. */
  readonly unverified: readonly Finding[];
  /** What a reader should know: not asked and why, not shown, cut off. */
  readonly notices: readonly string[];
  /** Errors of ours in asking. An outage of the service is a notice, since the rules' review is complete without it. */
  readonly mishaps: readonly Mishap[];
  readonly usage: ModelUsage;
  /** What the model said and code threw away. */
  readonly dropped: readonly DropReason[];
}

const NOTHING: EdgeCasesAnswer = { findings: [], unverified: [], notices: [], mishaps: [], usage: NO_USAGE, dropped: [] };

/**
 * Asks the model for edge cases that no rule sees, checks its answer against what it was shown, and has a second question
 * verify each candidate. Throws only when the signal aborts.
 */
export async function askEdgeCases(input: EdgeCasesInput): Promise<EdgeCasesAnswer> {
  if (!input.config.enabled) return { ...NOTHING, notices: [notAsked('`llm.enabled` is false')] };
  if (input.ask === null) return { ...NOTHING, notices: [notAsked(input.whyNotAsked ?? 'no ANTHROPIC_API_KEY')] };
  try {
    return await ask(input, input.ask);
  } catch (thrown) {
    input.signal.throwIfAborted();
    return { ...NOTHING, notices: [notAsked('Belay failed to put the question')], mishaps: [mishapOf('question', 'edge-cases', thrown)] };
  }
}

/** What both questions share. */
interface Desk {
  readonly input: EdgeCasesInput;
  readonly ask: Ask;
  readonly excerpts: Excerpts;
  readonly findPlace: (path: string, anchor: string) => Place | null;
  readonly redactor: Redactor;
  readonly notices: string[];
  readonly mishaps: Mishap[];
  usage: ModelUsage;
}

async function ask(input: EdgeCasesInput, askModel: Ask): Promise<EdgeCasesAnswer> {
  const redactor = createRedactor();
  const limits = { exclude: input.config.exclude, characters: DEFAULT_CHARACTERS, files: DEFAULT_FILES };
  const excerpts = chooseExcerpts(input.changeSet, limits, redactor);
  const shownNotices = notShownNotices(excerpts, input.changeSet.changes.length);
  if (excerpts.files.length === 0) return { ...NOTHING, notices: [notAsked('the change holds no code to show it'), ...shownNotices] };
  const desk: Desk = { input, ask: askModel, excerpts, findPlace: createPlaces(excerpts.files), redactor, notices: [], mishaps: [], usage: NO_USAGE };
  const prompt = promptOf(input, 'edge-cases');
  const read = await firstQuestion(desk, prompt);
  const made = read.candidates.length === 0 ? { findings: [], unverified: [] } : await secondQuestion(desk, prompt, read.candidates);
  const hidden = redactor.count();
  if (hidden > 0) desk.notices.push(`${hidden === 1 ? 'One value that looks like a secret was' : `${hidden} values that look like secrets were`} replaced by placeholders before the model saw the change.`);
  return { ...made, notices: [...desk.notices, ...shownNotices], mishaps: desk.mishaps, usage: desk.usage, dropped: read.dropped };
}

function promptOf(input: EdgeCasesInput, id: PromptId): Prompt {
  const text = input.prompts.get(id);
  if (text === undefined) throw new Error(`the prompt ${id} is missing`);
  return parsePrompt(text);
}

async function firstQuestion(desk: Desk, prompt: Prompt): Promise<ReadAnswer> {
  const { changeSet, findings, config } = desk.input;
  const request = edgeCasesRequest({ changeSet, excerpts: desk.excerpts, findings, prompt, model: config.model, redactor: desk.redactor });
  const answer = await send(desk, request);
  const nothing: ReadAnswer = { candidates: [], dropped: [] };
  if (answer.status !== 'answered') {
    desk.notices.push(problemNotice(answer, 'edge cases'));
    return nothing;
  }
  const read = readEdgeCases(answer.value, { findPlace: desk.findPlace, findings, redactor: desk.redactor });
  if (read === null) {
    desk.notices.push('The model was asked for edge cases, but its answer could not be read. The review by the rules is complete.');
    return nothing;
  }
  const notice = droppedNotice(read.dropped);
  if (notice !== null) desk.notices.push(notice);
  return read;
}

async function send(desk: Desk, request: Parameters<Ask>[0]): Promise<ModelAnswer> {
  const answer = await desk.ask(request, desk.input.signal);
  desk.usage = addUsage(desk.usage, answer.usage);
  return answer;
}

async function secondQuestion(desk: Desk, first: Prompt, candidates: readonly Candidate[]): Promise<{ readonly findings: readonly Finding[]; readonly unverified: readonly Finding[] }> {
  const outcomes = await outcomesOf(desk, candidates);
  const findings: Finding[] = [];
  const unverified: Finding[] = [];
  candidates.forEach((candidate, index) => {
    const outcome = outcomes[index] ?? { status: 'unverified' };
    const twins = candidates.filter((other) => other.place.path === candidate.place.path && other.place.line < candidate.place.line && anchored(other) === anchored(candidate));
    const from = { ordinal: twins.length, asked: `${desk.input.config.model}, prompt ${first.id} version ${first.version}`, verified: verifierOf(desk) };
    if (outcome.status === 'verified') findings.push(findingOf(desk, candidate, outcome, from));
    if (outcome.status === 'unverified') unverified.push(findingOf(desk, candidate, outcome, from));
  });
  return { findings, unverified };
}

function verifierOf(desk: Desk): string {
  const prompt = promptOf(desk.input, 'verify-edge-case');
  return `${prompt.model}, prompt ${prompt.id} version ${prompt.version}`;
}

/** Never confirms by accident: whatever goes wrong here leaves every candidate unverified. */
async function outcomesOf(desk: Desk, candidates: readonly Candidate[]): Promise<readonly Outcome[]> {
  try {
    const request = verifyRequest({ candidates, files: desk.excerpts.files, prompt: promptOf(desk.input, 'verify-edge-case'), redactor: desk.redactor });
    const answer = await send(desk, request);
    if (answer.status === 'answered') return readVerdicts(answer.value, candidates, desk.findPlace, desk.redactor);
    desk.notices.push(problemNotice(answer, 'a check of what it had found, which is therefore listed as unverified'));
  } catch (thrown) {
    desk.input.signal.throwIfAborted();
    desk.mishaps.push(mishapOf('question', 'verify-edge-case', thrown));
  }
  return candidates.map(() => ({ status: 'unverified' }));
}

function findingOf(desk: Desk, candidate: Candidate, outcome: Outcome, from: { readonly ordinal: number; readonly asked: string; readonly verified: string }): Finding {
  const { place } = candidate;
  const line = commentLine(desk.input.changeSet, candidate);
  const text = desk.input.changeSet.changes.find((change) => change.path === place.path)?.after ?? '';
  const symbol = symbolAt(text.split('\n'), place.line);
  const evidence: Evidence[] = [{ kind: 'quote', text: candidate.code, path: place.path, line: candidate.firstLine }];
  if (outcome.status === 'verified') evidence.push({ kind: 'fact', text: outcome.steps, source: from.verified });
  evidence.push({ kind: 'fact', text: outcome.status === 'verified' ? 'Suggested by a model and confirmed by a second, separate question.' : 'Suggested by a model; a second question did not confirm it.', source: from.asked });
  return {
    ruleId: EDGE_CASE_RULE,
    title: candidate.title,
    path: place.path,
    span: { startLine: line, startColumn: 1, endLine: line, endColumn: 1 },
    symbol: symbol === null ? null : desk.redactor.redact(symbol),
    message: candidate.message,
    remedy: candidate.remedy,
    evidence,
    suggestion: null,
    source: 'model',
    certainty: outcome.status === 'verified' ? 'verified' : 'unverified',
    // Of the anchored line alone: the same trouble told in other words, or quoted with more lines, keeps its name.
    fingerprint: fingerprint({ rule: EDGE_CASE_RULE, path: place.path, symbol, code: anchored(candidate), ordinal: from.ordinal }),
  };
}

function anchored({ place }: Candidate): string {
  return place.run.find((shown) => shown.line === place.line)?.text ?? '';
}

/** The anchored line where the diff shows it; else the nearest line of the diff, since only those can be commented on. */
function commentLine(changeSet: ChangeSet, { place }: Candidate): number {
  const hunks = changeSet.changes.find((change) => change.path === place.path)?.hunks ?? [];
  let nearest = place.line;
  let distance = Number.POSITIVE_INFINITY;
  for (const hunk of hunks) {
    if (hunk.newLines === 0) continue;
    const inside = Math.min(Math.max(place.line, hunk.newStart), hunk.newStart + hunk.newLines - 1);
    if (Math.abs(inside - place.line) < distance) {
      distance = Math.abs(inside - place.line);
      nearest = inside;
    }
  }
  return nearest;
}
