import type { Evidence, Level, ScheduleStep } from '../core/finding.js';
import { shortId } from '../core/finding.js';
import { plainLine } from '../core/plain-text.js';
import type { Conclusion, Entry } from '../core/verdict.js';
import { displayLine, displayWidth, pad, wrap } from './display-width.js';
import { frameOf } from './frame.js';
import { proofLines } from './proof.js';
import { docsUrl, originOf, placeOf } from './report.js';
import type { Report } from './report.js';

/** How the terminal is written to. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Cells in a row; 100 where nothing is known. */
  readonly width?: number;
}

type Style = 'red' | 'yellow' | 'blue' | 'green' | 'dim' | 'bold';
type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, string>> = { red: '31', yellow: '33', blue: '34', green: '32', dim: '2', bold: '1' };
const LEVEL_STYLE: Readonly<Record<Level, Style>> = { block: 'red', warn: 'yellow', note: 'blue' };
const CONCLUSIONS: Readonly<Record<Conclusion, readonly [Style, string]>> = {
  success: ['green', 'Passed'],
  failure: ['red', 'Blocked'],
  neutral: ['yellow', 'Neutral'],
  action_required: ['red', 'Action required'],
};

/** The review for a person at a terminal: findings in code frames, what else there is to know, the verdict last. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const paint: Paint = (style, text) => (options.color ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text);
  const width = Math.min(Math.max(options.width ?? 100, 40), 140);
  const { verdict } = report;
  const blocks = [
    ...verdict.entries.map((entry) => entryBlock(entry, report, paint, width)),
    section('Migrations, as they ran', verdict.proof === undefined ? [] : proofLines(verdict.proof), paint, width),
    section('Wondered about by the model, unverified', (verdict.unverified ?? []).map((finding) => `${placeOf(finding)}: ${finding.message}`), paint, width),
    section('Accepted', verdict.waived.map(({ finding, reason, by }) => `${finding.ruleId} at ${placeOf(finding)}: ${reason} (${by})`), paint, width),
    section('Not read', verdict.unread.map(({ path, detail }) => `${path}: ${detail}`), paint, width),
    section('Failed in Belay itself', verdict.mishaps.map(({ during, subject, message }) => `${during} ${subject}: ${message}`), paint, width),
    section('Good to know', verdict.notices, paint, width),
    verdictBlock(report, paint, width),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function entryBlock(entry: Entry, report: Report, paint: Paint, width: number): string {
  const { finding, level } = entry;
  const text = finding.path === null ? undefined : report.texts.get(finding.path);
  const rows = text === undefined || finding.span === null ? [] : frameOf(text, finding.span, width - 10);
  const gutter = Math.max(2, ...rows.map((row) => String(row.number ?? '').length));
  const bar = paint('dim', '│');
  const said = (lead: string, words: string) => wrap(`${lead}${plainLine(words)}`, width - gutter - 3).map((line) => `${' '.repeat(gutter)} ${bar} ${line}`);
  const waiting = entry.unconfirmedWaiver;
  return [
    `${paint(LEVEL_STYLE[level], paint('bold', level))} ${paint('bold', plainLine(finding.title))} ${paint('dim', `[${finding.ruleId}]`)}`,
    `${' '.repeat(gutter)} ${paint('dim', '┌─')} ${plainLine(placeOf(finding))}`,
    ...rows.map((row) => frameLine(row, gutter, level, paint)),
    `${' '.repeat(gutter)} ${bar}`,
    ...said('', finding.message),
    ...finding.evidence.flatMap((evidence) => evidenceLines(evidence, width - gutter - 3)).map((line) => `${' '.repeat(gutter)} ${bar} ${paint('dim', line)}`),
    ...said('Instead: ', finding.remedy),
    ...(finding.suggestion?.text.split('\n').slice(0, 20) ?? []).map((line) => `${' '.repeat(gutter)} ${bar} ${paint('green', `+ ${displayLine(line)}`)}`),
    ...(waiting ? said('Waiver: ', `"${waiting.reason}" waits for a second person: /ai-review accept ${finding.ruleId} <reason>`) : []),
    `${' '.repeat(gutter)} ${paint('dim', '└─')} ${paint('dim', `${shortId(finding)} · ${docsUrl(report.homepage, finding.ruleId)}${originOf(finding)}`)}`,
  ].join('\n');
}

function frameLine(row: { readonly number: number | null; readonly text: string }, gutter: number, level: Level, paint: Paint): string {
  const number = paint('dim', `${String(row.number ?? '').padStart(gutter)} │`);
  const text = row.number === null ? paint(LEVEL_STYLE[level], row.text) : row.text;
  return `${number} ${text}`.trimEnd();
}

function evidenceLines(evidence: Evidence, width: number): readonly string[] {
  const text = plainLine(evidence.text);
  switch (evidence.kind) {
    case 'schedule':
      return [...wrap(text, width), ...timeline(evidence.steps, width)];
    case 'observation':
      return wrap(`Seen on ${plainLine(evidence.server)}: ${text}`, width);
    case 'reader':
      return wrap(`${text} (${plainLine(evidence.path)}:${String(evidence.line)})`, width);
    case 'quote': {
      const place = evidence.path === null ? '' : ` (${plainLine(evidence.path)}${evidence.line === null ? '' : `:${String(evidence.line)}`})`;
      return wrap(`"${text}"${place}`, width);
    }
    case 'fact':
      return [...wrap(`${text} (${plainLine(evidence.source)})`, width), ...(evidence.paste === undefined ? [] : ['', ...evidence.paste.split('\n').slice(0, 60).map(displayLine)])];
  }
}

/** What two requests do, from top to bottom, in a column each. */
function timeline(steps: readonly ScheduleStep[], width: number): readonly string[] {
  const numbers = Math.max(4, ...steps.map((step) => String(step.line ?? '').length));
  const texts = steps.map((step) => displayLine(plainLine(step.text)));
  const widest = Math.max('request A'.length, ...texts.map(displayWidth));
  const column = Math.min(widest, Math.max(12, Math.floor((width - numbers - 4) / 2)));
  const row = (line: string, left: string, right: string) => `${line.padStart(numbers)}  ${pad(left, column)}  ${right === '' ? '' : pad(right, column)}`.trimEnd();
  return [
    row('line', 'request A', 'request B'),
    ...steps.map((step, index) => row(String(step.line ?? ''), step.actor === 'A' ? (texts[index] ?? '') : '', step.actor === 'B' ? (texts[index] ?? '') : '')),
  ];
}

function section(title: string, items: readonly string[], paint: Paint, width: number): string {
  if (items.length === 0) return '';
  const lines = items.flatMap((item) => wrap(plainLine(item), width - 4).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`));
  return [paint('bold', title), ...lines].join('\n');
}

function verdictBlock({ verdict }: Report, paint: Paint, width: number): string {
  const [style, word] = CONCLUSIONS[verdict.conclusion];
  const [first = '', ...rest] = verdict.reasons.map((reason) => wrap(plainLine(reason), width - 4).join('\n  '));
  return [`${paint(style, paint('bold', `${word}:`))} ${first}`, ...rest.map((reason) => `  ${reason}`)].join('\n');
}
