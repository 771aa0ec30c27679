import { cut, plainLine } from '../core/plain-text.js';
import type { ModelAnswer } from '../core/model.js';
import type { DropReason } from './edge-cases.js';
import type { Excerpts } from './excerpts.js';
import type { NotShownReason } from './readable.js';

/** The one sentence for every way of not asking. `why` ends without a full stop. */
export function notAsked(why: string): string {
  return `The model was not asked: ${why.replace(/[.\s]+$/, '')}.`;
}

/** A question that brought no answer. The rules' review stands without it, and the sentence says so. */
export function problemNotice(answer: Exclude<ModelAnswer, { status: 'answered' }>, about: string): string {
  const detail = cut(plainLine(answer.detail), 300);
  if (answer.status === 'over-budget') return `The model was not asked for ${about}: ${detail}`;
  const what = { truncated: 'its answer is incomplete and was not used', refused: 'it gave no answer', unavailable: 'there is no answer' }[answer.status];
  return `The model was asked for ${about}, but ${what}: ${detail} The review by the rules is complete.`;
}

const REASONS: Readonly<Record<NotShownReason, string | null>> = {
  excluded: 'excluded by `llm.exclude`',
  secret: 'a file that holds secrets',
  long: 'too long',
  budget: 'beyond what fits into one question',
  // Nobody expects these to be read by a model.
  lock: null,
  generated: null,
  prose: null,
  unchanged: null,
};

const MOST_NAMES = 5;

/** What the model did not see, with reasons and some names. Lock files, generated files and prose go without saying. */
export function notShownNotices(excerpts: Excerpts, changed: number): readonly string[] {
  const notices: string[] = [];
  for (const [reason, words] of Object.entries(REASONS)) {
    if (words === null) continue;
    const paths = excerpts.notShown.filter((each) => each.reason === reason).map((each) => each.path);
    if (paths.length > 0) notices.push(`The model was not shown ${paths.length} of ${changed} changed ${changed === 1 ? 'file' : 'files'} (${words}): ${names(paths)}.`);
  }
  if (excerpts.partly.length > 0) notices.push(`The model was shown only a part of ${names(excerpts.partly)}: the rest did not fit into one question.`);
  return notices;
}

function names(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_NAMES).map((path) => `\`${cut(plainLine(path).replaceAll('`', "'"), 120)}\``);
  const more = paths.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

/** Said only where what was dropped was unreadable: a wrong quote or a repetition is the checks' daily business. */
export function droppedNotice(dropped: readonly DropReason[]): string | null {
  const malformed = dropped.filter((reason) => reason === 'malformed').length;
  if (malformed === 0) return null;
  return `${malformed} of the model's suggestions could not be read and ${malformed === 1 ? 'was' : 'were'} left out.`;
}
