import type { LineRange } from './change-set.js';
import { commentsOf, knownCommentSyntax } from './comment-syntax.js';
import type { CommentPart, CommentSyntax } from './comment-syntax.js';
import { nearest } from './nearest.js';
import { cut, dropInvisible, plainLine } from './plain-text.js';
import type { Waiver } from './waiver.js';

/** One file at the head, and which of its lines this change brought. */
export interface WaiverSource {
  readonly path: string;
  readonly text: string;
  readonly touched: readonly LineRange[];
}

const MARK = /belay-accept/i;
const MAX_PER_FILE = 200;
/** How much of a comment is looked at on one line. */
const MAX_WORDS = 2000;

/** For files whose language is not known: any mark that some language begins a comment with. */
const ANY: CommentSyntax = {
  line: ['//', '#', '--', '%', ';'],
  block: [['/*', '*/'], ['<!--', '-->'], ['"""', '"""'], ["'''", "'''"]],
  quotes: [{ quote: '"', multiline: false, backslash: true }, { quote: "'", multiline: false, backslash: true }, { quote: '`', multiline: false, backslash: true }],
};

/**
 * Finds `belay-accept: <rule> -- <reason>` in the comments of a file. `rules` are the known rule ids; the last part of an
 * id is enough where only one rule has it. What looks like a waiver and is none (no reason, no such rule, not at the
 * beginning of its comment) comes back as a notice.
 */
export function findWaivers(source: WaiverSource, rules: readonly string[]): { readonly waivers: readonly Waiver[]; readonly notices: readonly string[] } {
  if (!MARK.test(dropInvisible(source.text))) return { waivers: [], notices: [] };
  const lines = source.text.split(/\r\n|\n|\r/);
  const text = lines.join('\n');
  const comments = commentsIn(text, source.path);
  const starts = lineStarts(lines);
  const waivers: Waiver[] = [];
  const notices: string[] = [];
  for (const candidate of candidatesOf(lines, starts, comments).slice(0, MAX_PER_FILE)) {
    const read = readWaiver(candidate.words, rules);
    if (read === null) continue;
    if ('problem' in read) {
      notices.push(`${source.path}:${String(candidate.line)}: ${read.problem}`);
      continue;
    }
    const appliesTo = codeLine(candidate, lines, starts, comments);
    const addedHere = source.touched.some((range) => range.start <= candidate.line && candidate.line <= range.end);
    waivers.push({ ...read, path: source.path, line: candidate.line, appliesTo, addedHere });
  }
  return { waivers, notices };
}

/** The rule somebody means: its id, or the last part of it where that is unambiguous; null when there is none. */
export function resolveRule(word: string, rules: readonly string[]): string | null {
  if (rules.includes(word)) return word;
  const ending = rules.filter((rule) => rule.endsWith(`/${word}`));
  return ending.length === 1 ? (ending[0] ?? null) : null;
}

interface Candidate {
  /** 1-based. */
  readonly line: number;
  /** The comment's words on this line, from its first one on. */
  readonly words: string;
}

/** Comments of the file. Strings over several lines are believed only when all of them end. */
function commentsIn(text: string, path: string): CommentPart[] {
  const known = knownCommentSyntax(path);
  if (known === null) return commentsOf(text, ANY);
  const doc = known.quotes.filter(({ quote }) => quote.length === 3).map(({ quote }) => [quote, quote] as const);
  const base: CommentSyntax = { ...known, block: [...known.block, ...doc], quotes: known.quotes.filter(({ quote }) => quote.length !== 3) };
  // A probe behind the last line is found as a comment only when no string is open there.
  const mark = base.line[0] ?? base.block[0]?.[0] ?? '';
  const whole = commentsOf(`${text}\n${mark}`, base);
  if (whole.at(-1)?.start === text.length + 1) return whole.slice(0, -1);
  return commentsOf(text, { ...base, quotes: base.quotes.map((quote) => ({ ...quote, multiline: false })) });
}

function candidatesOf(lines: readonly string[], starts: readonly number[], comments: readonly CommentPart[]): Candidate[] {
  const found: Candidate[] = [];
  let next = 0;
  for (const [index, line] of lines.entries()) {
    if (!MARK.test(dropInvisible(line))) continue;
    const start = starts[index] ?? 0;
    while (next < comments.length && (comments[next]?.end ?? 0) <= start) next++;
    for (let at = next; at < comments.length; at++) {
      const comment = comments[at];
      if (!comment || comment.start >= start + line.length) break;
      const from = Math.max(0, comment.innerStart - start);
      const words = line.slice(from, Math.min(from + MAX_WORDS, Math.max(0, comment.innerEnd - start)));
      if (MARK.test(dropInvisible(words))) found.push({ line: index + 1, words });
    }
  }
  return found;
}

const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const FORM = 'write `belay-accept: <rule> -- <reason>`';

/** The waiver in a comment's words; null when the comment only mentions the word. */
function readWaiver(words: string, rules: readonly string[]): { ruleId: string; reason: string } | { problem: string } | null {
  const clean = plainLine(words).replace(/^[\s*/!#;%>{-]+/, '');
  const match = /^belay-accept(?<rest>.*)$/i.exec(clean);
  if (!match) {
    const mentioned = /belay-accept\s*:\s*([\w/-]+)/i.exec(clean)?.[1];
    return mentioned !== undefined && resolveRule(mentioned, rules) !== null ? { problem: 'a waiver must begin its comment; this one was not counted' } : null;
  }
  if (BIDIRECTIONAL.test(words)) return { problem: 'a waiver with characters that change the direction of text was not counted' };
  const parts = /^\s*:\s*(?<rule>[\w./-]*\w)?\s*(?:(?:--|—|–)(?<reason>.*))?$/.exec(match.groups?.['rest'] ?? '');
  const rule = parts?.groups?.['rule'];
  if (rule === undefined) return { problem: `a waiver that is not understood was not counted: ${FORM}` };
  const ruleId = resolveRule(rule, rules);
  if (ruleId === null) {
    const meant = nearest(rule, rules);
    return { problem: `a waiver for \`${cut(rule, 80)}\`, which is no rule, was not counted${meant === null ? '' : `; did you mean \`${meant}\`?`}` };
  }
  const reason = reasonOf(parts?.groups?.['reason'] ?? '');
  if (reason === null) return { problem: `a waiver of \`${ruleId}\` without a reason was not counted: ${FORM}` };
  return { ruleId, reason };
}

/** The reason in words; null when there is none: nothing, marks only, or the form's own placeholder. */
function reasonOf(text: string): string | null {
  const reason = text.replace(/\s*(?:\*+\/\}?|--+>|-?%>|#\}|"""|''')\s*$/, '').trim();
  const letters = reason.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  if (letters < 2 || /^<[^>]*>$/.test(reason) || /^(?:reason|todo|tbd|n\/?a|none|xxx)\W*$/i.test(reason)) return null;
  return cut(reason, 500);
}

/** The line a waiver speaks of: its own where it holds code, else the next one that does. Comments and empty lines are passed over. */
function codeLine(candidate: Candidate, lines: readonly string[], starts: readonly number[], comments: readonly CommentPart[]): number {
  for (let line = candidate.line; line <= lines.length; line++) {
    if (holdsCode(starts[line - 1] ?? 0, lines[line - 1] ?? '', comments)) return line;
  }
  return candidate.line;
}

function holdsCode(start: number, line: string, comments: readonly CommentPart[]): boolean {
  let rest = '';
  let offset = start;
  const end = start + line.length;
  for (let at = firstEndingAfter(comments, start); at < comments.length; at++) {
    const comment = comments[at];
    if (!comment || comment.start >= end) break;
    rest += line.slice(offset - start, Math.max(offset, comment.start) - start);
    offset = Math.min(end, Math.max(offset, comment.end));
  }
  rest += line.slice(offset - start);
  // `{` and `}` around a comment are how JSX writes one.
  return dropInvisible(rest).replace(/^\s*\{\s*\}\s*$/, '').trim() !== '';
}

function firstEndingAfter(comments: readonly CommentPart[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineStarts(lines: readonly string[]): number[] {
  let offset = 0;
  return lines.map((line) => {
    const start = offset;
    offset += line.length + 1;
    return start;
  });
}
