import type { LineRange } from '../core/change-set.js';
import { cut, plainLine } from '../core/plain-text.js';
import { displayLine } from './display-width.js';
import { codeSpan, escapeMarkdown } from './escape-markdown.js';

/** A file in which undoing meets later work; no lines where the whole file is the matter. */
export interface UndoConflict {
  readonly path: string;
  readonly lines: readonly LineRange[];
  readonly commits: readonly { readonly sha: string; readonly title: string }[];
}

/** Whether undoing a merged pull request still applies at the tip of its base, and what stands in the way. */
export interface UndoProof {
  readonly sha: string;
  readonly tipSha: string;
  readonly branch: string;
  readonly command: string;
  readonly conflicts: readonly UndoConflict[];
  /** Files that could not be compared. */
  readonly unread: readonly string[];
  readonly pulls: readonly { readonly number: number; readonly title: string; readonly paths: readonly string[] }[];
  /** Migrations of the change: reverting the code does not take back what they did. */
  readonly migrations: readonly string[];
}

const SHOWN = 20;

/** The answer to `/ai-review revert`. `deployed` is false where it may never have got so far as to run migrations. Markdown. */
export function undoProofMarkdown(proof: UndoProof | { readonly why: string }, deployed = true): string {
  if ('why' in proof) return escapeMarkdown(proof.why);
  const parts = [
    verdictOf(proof),
    proof.conflicts.slice(0, SHOWN).map(conflictLine).join('\n'),
    `Command: ${codeSpan(proof.command)}`,
    list('Not compared:', proof.unread.map(codeSpan)),
    list(`These migrations of it ${deployed ? 'have run and stay behind' : 'may have run, and stay behind where they did'}: reverting the code takes back nothing of them.`, proof.migrations.map(codeSpan)),
    list('Open pull requests that change the same files and will meet the revert:', proof.pulls.map((pull) => `#${pull.number} ${escapeMarkdown(cut(plainLine(pull.title), 100))} (${pull.paths.slice(0, 3).map(codeSpan).join(', ')})`)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function verdictOf({ sha, tipSha, branch, conflicts, unread }: UndoProof): string {
  const [what, where] = [`Undoing ${codeSpan(sha.slice(0, 7))}`, `at ${codeSpan(tipSha.slice(0, 7))}, the tip of ${codeSpan(branch)}`];
  if (conflicts.length > 0) return `${what} meets later work ${where}:`;
  return unread.length === 0 ? `${what} still applies ${where}, without a conflict.` : `${what} applies ${where}, in every file that could be compared.`;
}

function conflictLine({ path, lines, commits }: UndoConflict): string {
  const where = lines.length === 0 ? '' : ` (lines ${lines.slice(0, 4).map(({ start, end }) => (start === end ? String(start) : `${start}–${end}`)).join(', ')})`;
  const by = commits.slice(0, 3).map((commit) => `${codeSpan(commit.sha.slice(0, 7))} ${escapeMarkdown(cut(plainLine(commit.title), 80))}`);
  return `- ${codeSpan(path)}${where}${by.length === 0 ? '' : `, changed since by ${by.join('; ')}`}`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const rest = items.length - SHOWN;
  return [title, ...items.slice(0, SHOWN).map((item) => `- ${item}`), ...(rest > 0 ? [`- and ${rest} more`] : [])].join('\n');
}

/** The same for a terminal: `belay undo`. */
export function undoProofText(proof: UndoProof): string {
  const { sha, tipSha, branch, conflicts, unread, migrations, command } = proof;
  const at = `${tipSha.slice(0, 7)}, the tip of ${branch}`;
  const lines = [
    conflicts.length > 0 ? `Undoing ${sha.slice(0, 7)} meets later work at ${at}:` : unread.length > 0 ? `Undoing ${sha.slice(0, 7)} applies at ${at}, in every file that could be compared.` : `Undoing ${sha.slice(0, 7)} still applies at ${at}, without a conflict.`,
    ...conflicts.slice(0, SHOWN).flatMap((conflict) => [`  ${conflict.path}${conflict.lines.length === 0 ? '' : `:${conflict.lines[0]?.start ?? 1}`}`, ...conflict.commits.slice(0, 3).map((commit) => `    changed since by ${commit.sha.slice(0, 7)} ${cut(plainLine(commit.title), 80)}`)]),
    `  ${command}`,
    ...(unread.length === 0 ? [] : ['Not compared:', ...unread.slice(0, SHOWN).map((path) => `  ${path}`)]),
    ...(migrations.length === 0 ? [] : ['These migrations of it have run and stay behind: reverting the code takes back nothing of them.', ...migrations.slice(0, SHOWN).map((path) => `  ${path}`)]),
  ];
  return `${lines.map(displayLine).join('\n')}\n`;
}
