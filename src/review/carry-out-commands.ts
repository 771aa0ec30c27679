import { shortId } from '../core/finding.js';
import { nearest } from '../core/nearest.js';
import type { ReactionWrite } from '../core/publication.js';
import type { CommandRequest } from '../core/records.js';
import type { Verdict } from '../core/verdict.js';
import { codeSpan, escapeMarkdown } from '../render/escape-markdown.js';
import { explainMarkdown, testsMarkdown } from '../render/answers.js';
import { followUpOverride } from './follow-up.js';
import { undoProofMarkdown } from '../render/undo-proof.js';
import { proveUndo } from './prove-undo.js';
import { findingByShortId, judgePull } from './judge-pull.js';
import { mayCommand, readAsker } from './may-command.js';
import { COMMAND_HELP, parseCommand, type Command } from './parse-command.js';
import type { Case, Workplace } from './workplace.js';

/** What the commands ask of the review that follows. */
export interface CommandOutcome {
  /** Somebody asked for a review, or changed what decides it. */
  readonly review: boolean;
}

/** An answer to one command. */
interface Answer {
  readonly reaction: ReactionWrite['content'];
  /** Markdown; null where the reaction says it all. */
  readonly reply: string | null;
  readonly review: boolean;
}

/** Carries out commands in the order of their comments. Each is answered once: its reply carries the comment's id. */
export async function carryOutCommands(place: Workplace, opened: Case, requests: readonly CommandRequest[]): Promise<CommandOutcome> {
  let review = false;
  for (const request of requests) {
    const answer = await answerTo(place, opened, request);
    if (answer === null) continue;
    review ||= answer.review;
    await place.host.carryOut(
      {
        writes: [
          { kind: 'reaction', commentId: request.commentId, content: answer.reaction },
          ...(answer.reply === null ? [] : [{ kind: 'reply' as const, pull: opened.pull.number, key: `command-${request.commentId}`, body: reply(place, opened, request, answer.reply) }]),
        ],
      },
      place.signal,
    );
  }
  return { review };
}

function reply(place: Workplace, { pull }: Case, request: CommandRequest, text: string): string {
  return `${text}\n\n${place.host.sign({ kind: 'reply', key: `command-${request.commentId}` }, pull.number)}`;
}

async function answerTo(place: Workplace, opened: Case, request: CommandRequest): Promise<Answer | null> {
  const parsed = parseCommand(request.body);
  if (parsed === null) return null;
  const asker = await readAsker(place.host, opened.pull, request.author, request.authorIsBot);
  const command: Command = parsed.word === 'wrong' ? { word: 'help' } : parsed;
  const right = await mayCommand(command, asker, { host: place.host, records: place.records, config: opened.config, pull: opened.pull });
  if (!right.allowed) return right.ignored ? null : { reaction: '-1', reply: right.why, review: false };
  if (parsed.word === 'wrong') return { reaction: 'confused', reply: `${parsed.problem}\n\n${COMMAND_HELP}`, review: false };
  return carryOut(place, opened, request, command);
}

async function carryOut(place: Workplace, opened: Case, request: CommandRequest, command: Command): Promise<Answer> {
  const { records, host } = place;
  const { number, headSha } = opened.pull;
  switch (command.word) {
    case 'review':
      return { reaction: 'eyes', reply: null, review: true };
    case 'help':
      return { reaction: '+1', reply: COMMAND_HELP, review: false };
    case 'pause':
      await records.setPaused(host.repo, number, true, request.author);
      return { reaction: '+1', reply: 'Paused: new pushes get no comments until `/ai-review resume`. The check goes on, because a required check that does not run would block the merge.', review: false };
    case 'resume':
      await records.setPaused(host.repo, number, false, request.author);
      return { reaction: '+1', reply: null, review: true };
    case 'tests':
      return { reaction: '+1', reply: testsMarkdown(await verdictOf(place, opened)), review: false };
    case 'revert':
      return { reaction: '+1', reply: undoProofMarkdown(await proveUndo(place, opened.pull)), review: false };
    case 'explain':
      return explain(place, opened, command.finding);
    case 'dismiss':
      return dismiss(place, opened, request, command);
    case 'accept': {
      const stale = staleHead(opened, request);
      if (stale !== null) return stale;
      const unknown = unknownRule(place, command.rule);
      if (unknown !== null) return unknown;
      await records.accept(host.repo, number, { ruleId: command.rule, headSha, by: request.author, reason: command.reason });
      return { reaction: '+1', reply: `Accepted ${codeSpan(command.rule)} for ${headSha.slice(0, 7)}: ${escapeMarkdown(command.reason)}. A new push needs a new confirmation.`, review: true };
    }
    case 'override': {
      const stale = staleHead(opened, request);
      if (stale !== null) return stale;
      const override = { headSha, by: request.author, reason: command.reason, at: place.now().toISOString() };
      await records.recordOverride(host.repo, number, override);
      const followedUp = await followUpOverride(place, opened.pull, override);
      return { reaction: '+1', reply: `The check is overridden for ${headSha.slice(0, 7)} by ${escapeMarkdown(request.author)}: ${escapeMarkdown(command.reason)}. It holds for this commit only and stands in the check. ${followedUp}`, review: true };
    }
  }
}

/** A decision is bound to the commit that was there when it was written: what was pushed since was not seen. */
function staleHead({ pull }: Case, request: CommandRequest): Answer | null {
  if (request.headSha === null || request.headSha === pull.headSha) return null;
  return { reaction: 'confused', reply: `The head has moved from ${request.headSha.slice(0, 7)} to ${pull.headSha.slice(0, 7)} since you wrote this. Look at the new commit and say it again.`, review: false };
}

function unknownRule(place: Workplace, id: string): Answer | null {
  const ids = place.rules.map((rule) => rule.id);
  if (ids.some((known) => known === id)) return null;
  const near = nearest(id, ids);
  return { reaction: 'confused', reply: `There is no rule ${codeSpan(id)}.${near === null ? '' : ` Did you mean ${codeSpan(near)}?`}`, review: false };
}

async function verdictOf(place: Workplace, opened: Case): Promise<Verdict> {
  return (await judgePull(place, opened, 'kept')).reviewed.verdict;
}

async function explain(place: Workplace, opened: Case, id: string): Promise<Answer> {
  const verdict = await verdictOf(place, opened);
  const finding = findingByShortId(verdict, id);
  if (finding === null) return noSuchFinding(id, verdict);
  const rule = place.rules.find((one) => one.id === finding.ruleId);
  return { reaction: '+1', reply: explainMarkdown(finding, rule ?? null, place.homepage), review: false };
}

async function dismiss(place: Workplace, opened: Case, request: CommandRequest, command: Extract<Command, { word: 'dismiss' }>): Promise<Answer> {
  const { pull } = opened;
  const published = await place.host.published(pull, pull.headSha);
  const commented = published.comments.map((comment) => comment.fingerprint).filter((fingerprint) => fingerprint.startsWith(command.finding));
  const verdict = commented.length === 1 ? null : await verdictOf(place, opened);
  const fingerprint = commented.length === 1 ? commented[0] : verdict === null ? undefined : findingByShortId(verdict, command.finding)?.fingerprint;
  if (fingerprint === undefined) return noSuchFinding(command.finding, verdict);
  await place.records.dismiss(place.host.repo, pull.number, fingerprint, request.author, command.reason);
  return { reaction: '+1', reply: `Dismissed ${codeSpan(fingerprint.slice(0, 7))}: its comment does not come back. The check stays as it is; to lift a block, see \`/ai-review help\`.`, review: true };
}

function noSuchFinding(id: string, verdict: Verdict | null): Answer {
  const known = (verdict?.entries ?? []).map((entry) => codeSpan(shortId(entry.finding))).slice(0, 10);
  return { reaction: 'confused', reply: `There is no finding ${codeSpan(id)} on this commit.${known.length > 0 ? ` There are ${known.join(', ')}.` : ''}`, review: false };
}
