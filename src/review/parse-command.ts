/** A `/ai-review …` comment, understood. */
export type Command =
  | { readonly word: 'review' }
  | { readonly word: 'help' }
  | { readonly word: 'pause' }
  | { readonly word: 'resume' }
  | { readonly word: 'tests' }
  | { readonly word: 'revert' }
  | { readonly word: 'explain'; readonly finding: string }
  | { readonly word: 'dismiss'; readonly finding: string; readonly reason: string }
  | { readonly word: 'accept'; readonly rule: string; readonly reason: string }
  | { readonly word: 'override'; readonly reason: string };

/** What a comment asks for: a command, or what is wrong with it. null when it does not speak to us at all. */
export type ParsedCommand = Command | { readonly word: 'wrong'; readonly problem: string } | null;

export const COMMAND_WORDS = ['help', 'explain', 'dismiss', 'accept', 'override', 'pause', 'resume', 'tests', 'revert'] as const;

/** Longest comment that is looked at, and longest reason that is kept, in characters. */
const COMMENT_LIMIT = 65_536;
const REASON_LIMIT = 500;

/**
 * Reads the first line of a comment that starts with `/ai-review`, outside code blocks and quotes. Mentions in the middle of
 * a sentence are no commands.
 */
export function parseCommand(body: string): ParsedCommand {
  const line = commandLine(body.slice(0, COMMENT_LIMIT));
  if (line === null) return null;
  const [word = '', ...rest] = line.split(/\s+/).filter((part) => part !== '');
  const first = rest[0] ?? '';
  const reason = (from: number): string => rest.slice(from).join(' ').replace(/^(?:--|—|–|:)\s*/, '').slice(0, REASON_LIMIT);
  switch (word.toLowerCase()) {
    case '':
    case 'review':
      return { word: 'review' };
    case 'help':
      return { word: 'help' };
    case 'pause':
      return { word: 'pause' };
    case 'resume':
      return { word: 'resume' };
    case 'tests':
      return { word: 'tests' };
    case 'revert':
      return { word: 'revert' };
    case 'explain':
      return isShortId(first) ? { word: 'explain', finding: shortIdOf(first) } : wrong('`explain` needs the short id printed in a comment: `/ai-review explain 1a2b3c4`.');
    case 'dismiss':
      if (!isShortId(first)) return wrong('`dismiss` needs the short id printed in a comment and a reason: `/ai-review dismiss 1a2b3c4 not reachable in production`.');
      return reason(1) === '' ? wrong('`dismiss` needs a reason after the id: `/ai-review dismiss 1a2b3c4 not reachable in production`.') : { word: 'dismiss', finding: shortIdOf(first), reason: reason(1) };
    case 'accept':
      if (!/^[a-z]+\/[a-z0-9-]+$/.test(first.replace(/`/g, ''))) return wrong('`accept` needs a rule and a reason: `/ai-review accept migrations/drop-column nothing reads it any more`.');
      return reason(1) === '' ? wrong('`accept` needs a reason after the rule: `/ai-review accept migrations/drop-column nothing reads it any more`.') : { word: 'accept', rule: first.replace(/`/g, ''), reason: reason(1) };
    case 'override':
      return reason(0) === '' ? wrong('`override` needs a reason, which is recorded and shown: `/ai-review override checkout is down, this stops the bleeding`.') : { word: 'override', reason: reason(0) };
    default:
      return wrong(`\`${word.replace(/[^\w-]/g, '').slice(0, 30)}\` is not a command.`);
  }
}

function wrong(problem: string): ParsedCommand {
  return { word: 'wrong', problem };
}

function isShortId(text: string): boolean {
  return /^`?#?[0-9a-f]{7,32}`?$/i.test(text);
}

function shortIdOf(text: string): string {
  return text.replace(/[`#]/g, '').toLowerCase();
}

function commandLine(body: string): string | null {
  let fence: string | null = null;
  for (const raw of body.split(/\r?\n/)) {
    const marker = /^\s{0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
    if (marker !== undefined) {
      if (fence === null) fence = marker[0] ?? null;
      else if (marker.startsWith(fence)) fence = null;
      continue;
    }
    if (fence !== null || /^(?: {4}|\t|\s*>)/.test(raw)) continue;
    const match = /^\s{0,3}\/ai-review(?:\s+(.*))?$/.exec(raw);
    if (match) return (match[1] ?? '').trim();
  }
  return null;
}

/** The answer to `help`, and to a wrong command. Markdown. */
export const COMMAND_HELP = [
  '| comment | what it does | who |',
  '|---|---|---|',
  '| `/ai-review` | reviews the newest commit again | author, write access |',
  '| `/ai-review explain <finding>` | says more about one finding | author, write access |',
  '| `/ai-review dismiss <finding> <reason>` | hides that comment from now on; the check stays as it is | author, write access |',
  '| `/ai-review accept <rule> <reason>` | confirms a waiver, or accepts that rule’s blocking findings on this commit | write access, and neither author nor pusher of any commit |',
  '| `/ai-review override <reason>` | turns the check green for this commit only; always recorded and shown | the permission or team named in the configuration |',
  '| `/ai-review pause`, `resume` | stops and starts comments on new pushes; the check goes on | write access |',
  '| `/ai-review revert` | after the merge: whether undoing it still applies, and what stands in the way | author, write access |',
  '| `/ai-review tests` | lists the test cases that would show each finding | author, write access |',
].join('\n');
