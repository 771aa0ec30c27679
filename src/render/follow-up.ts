import { cut, plainLine } from '../core/plain-text.js';
import { codeSpan, escapeMarkdown } from './escape-markdown.js';

/** One line of the list, by a name that stands hidden in it. */
export interface FollowUpLine {
  readonly item: string;
  /** The evidence, where it is done already. */
  readonly done: string | null;
}

/** The hotfix, as its follow-up issue speaks of it. */
export interface FollowedUp {
  readonly number: number;
  readonly title: string;
  readonly mergedSha: string;
  readonly baseBranch: string;
  readonly defaultBranch: string;
}

const TITLE_LENGTH = 200;

export function followUpTitle({ number, title }: Pick<FollowedUp, 'number' | 'title'>): string {
  return cut(`Follow up the hotfix #${number}: ${plainLine(title)}`, TITLE_LENGTH);
}

/** The list of what is left to do after a hotfix. Markdown, without its marker. */
export function followUpMarkdown(hotfix: FollowedUp, lines: readonly FollowUpLine[]): string {
  const texts: Readonly<Record<string, string>> = {
    test: `Regression test: one that fails without #${hotfix.number}`,
    'post-mortem': `Post-mortem, linked here or in the repository and naming #${hotfix.number}`,
    security: 'Security review of the change, without the hurry',
    'permanent-fix': 'Permanent fix, or a sentence why this one stays',
    'back-merge': `Back-merge of ${codeSpan(hotfix.mergedSha.slice(0, 7))} from ${codeSpan(hotfix.baseBranch)} to ${codeSpan(hotfix.defaultBranch)}`,
  };
  return [
    `The hotfix #${hotfix.number} (${escapeMarkdown(cut(plainLine(hotfix.title), TITLE_LENGTH))}) was merged as ${hotfix.mergedSha} into ${codeSpan(hotfix.baseBranch)}. What it skipped is still to be done:`,
    lines.map(({ item, done }) => lineOf(texts[item] ?? item, item, done)).join('\n'),
    'Belay ticks what a merged pull request shows: a test of the changed files, a post-mortem document, the back-merge. The rest is for people to tick.',
  ].join('\n\n');
}

function lineOf(text: string, item: string, done: string | null): string {
  return `- [${done === null ? ' ' : 'x'}] ${text}${done === null ? '' : ` (${done})`} <!-- belay-item:${item} -->`;
}

/** The text with one item ticked and its evidence beside it; the same text where it is ticked already, or was taken out. */
export function tickedMarkdown(body: string, item: string, evidence: string): string {
  const end = `<!-- belay-item:${item} -->`;
  return body
    .split('\n')
    .map((line) => (/^\s*[-*] \[ \] /.test(line) && line.trimEnd().endsWith(end) ? `${line.replace('[ ]', '[x]').trimEnd().slice(0, -end.length).trimEnd()} (${evidence}) ${end}` : line))
    .join('\n');
}

/** Items that nobody ticked yet. */
export function openItems(body: string): readonly string[] {
  return [...body.matchAll(/^\s*[-*] \[ \] .*<!-- belay-item:([a-z-]+) -->\s*$/gm)].flatMap(([, item]) => item ?? []);
}

/** The issue that an override leaves behind. Markdown, without its marker. */
export function overrideIssueMarkdown(override: { readonly number: number; readonly headSha: string; readonly by: string; readonly reason: string }): string {
  return [
    `The check of #${override.number} was overridden at ${override.headSha} by ${escapeMarkdown(override.by)}:`,
    `> ${escapeMarkdown(plainLine(override.reason))}`,
    ['- [ ] What blocked it was looked at, and fixed or accepted', '- [ ] Why the override was needed is written down', '- [ ] What would make the next one unnecessary is decided'].join('\n'),
  ].join('\n\n');
}
