import { assistantByAddress, assistantByLogin } from '../core/assistants.js';
import type { Pull } from '../core/change-set.js';

const CO_AUTHOR = /^[ \t]*co-authored-by[ \t]*:[^<\n]{0,300}<\s*([^<>\s]{1,200})\s*>/gim;
/** What assistants write into a description of their own. Words about an assistant ("adds Copilot support") are none. */
const MARKERS: readonly (readonly [RegExp, string])[] = [
  [/\bGenerated (?:with|by) \[?(Claude Code|Claude|Codex|Cursor|Copilot|GitHub Copilot|Gemini(?: CLI)?|Devin|Amp|Aider|OpenHands|Windsurf|Jules)\b/i, 'its description says'],
  [/🤖\s*Generated (?:with|by)\b/iu, 'its description says'],
  [/\b(?:Written|Authored|Created|Made|Implemented) (?:entirely |fully |mostly )?(?:by|with) (?:an? )?(?:AI(?: assistant| agent)?|LLM|Claude|Codex|Copilot|Devin|Cursor|Gemini)\b(?!\s+(?:support|integration|plugin|team|client))/i, 'its description says'],
  [/\bDevin PR requested by\b|\bLink to Devin (?:run|session)\b/i, 'its description says'],
  [/^\s*(?:\[x\]|- \[x\]|\* \[x\])\s*(?:this (?:pr|pull request|change) )?(?:was )?(?:AI[- ]generated|generated (?:by|with) AI)\b/im, 'its description says'],
];
const TEXT_LIMIT = 65_536;

/** The sign that an assistant or a bot made this change, in words; null when there is none. */
export function madeByAi(pull: Pull): string | null {
  const known = assistantByLogin(pull.author);
  if (known !== null) return `opened by ${pull.author}`;
  if (pull.authorIsBot || pull.author.endsWith('[bot]')) return `opened by the bot ${pull.author}`;
  return byCommits(pull) ?? byDescription(pull);
}

function byCommits(pull: Pull): string | null {
  for (const { sha, message, author } of pull.commits) {
    const short = sha.slice(0, 7);
    const writer = author === null ? null : assistantByLogin(author);
    if (writer !== null) return `commit ${short} was written by ${writer}`;
    for (const [, address = ''] of message.slice(0, TEXT_LIMIT).matchAll(CO_AUTHOR)) {
      const assistant = assistantByAddress(address);
      if (assistant !== null) return `commit ${short} names ${assistant} as a co-author`;
    }
  }
  return null;
}

function byDescription(pull: Pull): string | null {
  const text = pull.body.slice(0, TEXT_LIMIT).replace(/^\s*>.*$/gm, '');
  for (const [pattern, says] of MARKERS) {
    const match = pattern.exec(text);
    if (match !== null) return `${says} "${match[0].trim().slice(0, 60)}"`;
  }
  return null;
}
