import { isPlanTitle } from './undo-words.js';
import { readMarkdown, type MarkdownBlock } from '../languages/markdown.js';

/** One line that the author of a description wrote: not the template's, not quoted, not struck out. */
export interface Statement {
  readonly text: string;
  /** What introduces the line on the same line: `Owner` in `Owner: @ada`. */
  readonly label: string | null;
  /** The headings and labels it stands under, outermost first; the last one may be its own. */
  readonly under: readonly string[];
  readonly form: 'line' | 'item' | 'cell' | 'code';
  /** Whether its box is ticked; null where it has none. An unticked one is nobody's statement yet. */
  readonly ticked: boolean | null;
  readonly line: number;
}

/** A description taken apart. */
export interface Description {
  /** What the author states, in reading order. Unticked items are among them. */
  readonly statements: readonly Statement[];
  /** Every heading and label, the template's own ones included. */
  readonly titles: readonly string[];
}

/** Longest template that is compared, and shortest line of one that can stand for the template's words. */
const TEMPLATE_LIMIT = 65_536;
const TEMPLATE_LINE = 3;
/** From this many words on a line that differs from the template's in few plain words is still the template's. */
const FUZZY_WORDS = 6;
const FUZZY_SHARE = 0.85;

/** Reads a description against the repository's own templates. Pure and bounded; its text is data and never an instruction. */
export function readDescription(body: string, templates: readonly string[]): Description {
  const template = templateOf(templates);
  const state: Reading = { statements: [], titles: [], headings: [], label: null, itemLabels: [], template };
  const blocks = readMarkdown(withoutInvisible(body));
  for (const [index, block] of blocks.entries()) take(leading(block, blocks[index + 1], blocks[index - 1]), state);
  return { statements: state.statements, titles: state.titles };
}

/** Characters that show nothing or turn the reading direction: they must not hide a word from us or from a person. */
function withoutInvisible(text: string): string {
  return text.replace(/[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu, '');
}

/** Words of the longest line that heads the list below it without a colon. */
const LEADING_WORDS = 6;

/** A short line or item with a list or a code block right below it heads that: `Rollback` in a line of its own. */
function leading(block: MarkdownBlock, next: MarkdownBlock | undefined, previous: MarkdownBlock | undefined): MarkdownBlock {
  if ((block.kind !== 'paragraph' && block.kind !== 'item') || block.label !== null) return block;
  const dashed = /^([^`]{2,40}?)\s+(?:[–—-]|→|=>)\s+(\S.*)$/u.exec(block.text);
  if (dashed && isPlanTitle(dashed[1] ?? '') && (dashed[1] ?? '').split(/\s+/).length <= 3) return { ...block, label: dashed[1] ?? null, rest: dashed[2] ?? '' };
  if (next === undefined) return block;
  const question = /[?？]$/.test(block.text);
  if ((!question && /[.!。！,;`]/.test(block.text)) || block.text.split(/\s+/).length > (question ? 2 * LEADING_WORDS : LEADING_WORDS)) return block;
  if (block.kind === 'paragraph' && (!block.first || (next.kind !== 'item' && next.kind !== 'code'))) return block;
  if (block.kind === 'item' && !(next.kind === 'item' && next.level > block.level) && next.kind !== 'code') return block;
  if (block.kind === 'paragraph' && previous?.kind === 'heading' && next.kind === 'code') return block;
  return { ...block, label: block.text, rest: '' };
}

interface Template {
  /** Normalised lines, with the state of their box. */
  readonly lines: ReadonlyMap<string, boolean | null>;
  readonly long: readonly (readonly string[])[];
}

interface Label {
  readonly text: string;
  readonly loose: boolean;
  readonly bold: boolean;
  /** The bold label on a line of its own that this `Key: value` stands under. */
  readonly above: string | null;
}

interface Reading {
  readonly statements: Statement[];
  readonly titles: string[];
  readonly headings: { readonly depth: number; readonly text: string }[];
  /** A label on a line of its own: it holds until the next label or heading. `loose` ones hold for what follows directly. */
  label: Label | null;
  readonly itemLabels: { readonly level: number; readonly text: string }[];
  readonly template: Template;
}

function take(block: MarkdownBlock, state: Reading): void {
  switch (block.kind) {
    case 'heading': {
      while (state.headings.length > 0 && (state.headings.at(-1)?.depth ?? 0) >= block.depth) state.headings.pop();
      const { title, rest } = splitHeading(block.text);
      state.headings.push({ depth: block.depth, text: title });
      state.titles.push(title);
      state.label = null;
      state.itemLabels.length = 0;
      if (rest !== '') say(state, rest, { form: 'line', ticked: null, line: block.line, label: title }, block.text);
      return;
    }
    case 'break':
      state.label = null;
      state.itemLabels.length = 0;
      return;
    case 'paragraph':
      takeLine(block, state);
      return;
    case 'item':
      takeItem(block, state);
      return;
    case 'row':
      takeRow(block, state);
      return;
    case 'code':
      state.itemLabels.length = 0;
      for (const text of codeLines(block.text)) say(state, text, { form: 'code', ticked: null, line: block.line, label: null });
  }
}

/** `## Rollback: helm rollback api 41`: a title and what it says at once. */
function splitHeading(text: string): { readonly title: string; readonly rest: string } {
  const match = /^([^:：`]{2,60}?)\s*(?::\s|：)\s*(\S.*)$/u.exec(text);
  return match ? { title: match[1] ?? text, rest: match[2] ?? '' } : { title: text.replace(/\s*[:：]\s*$/, ''), rest: '' };
}

function takeLine(block: Extract<MarkdownBlock, { kind: 'paragraph' }>, state: Reading): void {
  state.itemLabels.length = 0;
  if (block.label === null) {
    // What a `Key: value` line introduced ends with its paragraph; a label on a line of its own goes on.
    // Within its paragraph a `Key: value` line goes on where its sentence does.
    const goesOn = !block.first && /^[\p{Ll}\d`(]/u.test(block.text) && !/[.!?。！]$/.test(state.statements.at(-1)?.text ?? '');
    if (!goesOn && state.label?.loose === true) state.label = restored(state.label);
    say(state, block.text, { form: 'line', ticked: null, line: block.line, label: null });
    return;
  }
  state.titles.push(block.label);
  const loose = block.rest !== '';
  // A whole sentence that leads to a list says something itself.
  if (!loose && !block.bold && block.label.split(/\s+/).length > LEADING_WORDS) say(state, block.text, { form: 'line', ticked: null, line: block.line, label: null });
  const above = loose && !block.bold && state.label?.bold === true ? (state.label.loose ? state.label.above : state.label.text) : null;
  state.label = { text: block.label, loose, bold: block.bold || above !== null, above };
  if (block.rest !== '') say(state, block.rest, { form: 'line', ticked: null, line: block.line, label: block.label }, block.text);
}

/** Where a `Key: value` line ends, the label above it goes on. */
function restored(label: Label): Label | null {
  return label.above === null ? null : { text: label.above, loose: false, bold: true, above: null };
}

function takeItem(block: Extract<MarkdownBlock, { kind: 'item' }>, state: Reading): void {
  const labels = state.itemLabels;
  // `Rollback: revert it` is said; a list behind it is about something else, unless it ends in a colon.
  if (state.label?.loose === true && !/[:：]$/.test(state.statements.at(-1)?.text ?? '')) state.label = restored(state.label);
  while (labels.length > 0 && (labels.at(-1)?.level ?? 0) >= block.level) labels.pop();
  if (block.label === null) {
    say(state, block.text, { form: 'item', ticked: block.checked, line: block.line, label: null });
    return;
  }
  state.titles.push(block.label);
  labels.push({ level: block.level, text: block.label });
  if (block.rest !== '' || (block.checked !== null && block.label !== block.text)) say(state, block.rest === '' ? block.text : block.rest, { form: 'item', ticked: block.checked, line: block.line, label: block.rest === '' ? null : block.label }, block.text);
}

/** `| Rollback | kubectl rollout undo … |`, or a column headed so. */
function takeRow(block: Extract<MarkdownBlock, { kind: 'row' }>, state: Reading): void {
  const { cells, header } = block;
  const first = cells[0] ?? '';
  if (header === null) {
    // A table's first row heads its columns; in one of two columns it may already be a pair.
    if (cells.length === 2) sayCell(state, first, cells[1] ?? '', block.line);
    return;
  }
  if (cells.length === 1) sayCell(state, header[0] ?? '', first, block.line);
  for (let index = 1; index < cells.length; index += 1) {
    const cell = cells[index] ?? '';
    const column = header[index] ?? '';
    sayCell(state, column === '' ? first : `${first} | ${column}`, cell, block.line);
  }
  if (cells.length > 2) sayCell(state, header[0] ?? '', first, block.line);
}

function sayCell(state: Reading, title: string, text: string, line: number): void {
  for (const part of title.split(' | ')) if (part !== '') state.titles.push(part);
  if (text.trim() === '' || isTemplate(state.template, text, null)) return;
  state.statements.push({ text: text.trim().replace(LONG_WORD, '$1'), under: [...underOf(state), ...title.split(' | ')], form: 'cell', ticked: null, line, label: title.split(' | ')[0] ?? null });
}

function underOf(state: Reading): string[] {
  return [...state.headings.map(({ text }) => text), ...(state.label === null ? [] : [...(state.label.above === null ? [] : [state.label.above]), state.label.text]), ...state.itemLabels.map(({ text }) => text)];
}

/** Sections that a tool writes about the change. */
const BY_MACHINES = /^\W*(?:summary|walkthrough|overview|review|changes) by\b|\bgenerated by\b|^\W*dependabot commands(?: and options)?\W*$/i;
/** Lists of what others changed. */
const OF_OTHERS = /^\W*(?:release notes|changelog|commits)\W*$/i;

/** Nobody writes longer words than an address is; searching them costs dearly. */
const LONG_WORD = /(\S{250})\S+/g;

/** What is said to whoever judges the description is no statement about the change. */
const TO_MACHINES = /^\s*\/?cc:?\s+@|\b(?:automated|automatic|ai|llm|bots?|belay)\b.{0,20}\b(?:reviewers?|review|checks?|tools?|assistants?)\b.{0,80}\b(?:report|mark|treat|accept|approve|ignore|consider|satisf\w+|assume|score|pass)\b|\bignore (?:all |any )?(?:previous|prior|above) (?:instructions|rules)\b/i;

/** Takes a line for the author's, unless it is the template's: the whole of it, or `whole`, the line with its label. */
function say(state: Reading, text: string, how: Omit<Statement, 'text' | 'under'>, whole = text): void {
  const { template } = state;
  // A box of the template that nobody ticked is still a promise of what it asks for.
  if (how.ticked === false) state.titles.push(text);
  if (TO_MACHINES.test(whole) || underOf(state).some((title) => BY_MACHINES.test(title) || (how.form === 'item' && OF_OTHERS.test(title)))) return;
  if (isTemplate(template, whole, how.ticked) || (whole !== text && isTemplate(template, text, how.ticked))) return;
  const own = withoutTemplateStart(template, text).replace(LONG_WORD, '$1').trim();
  if (own !== '') state.statements.push({ text: own, under: underOf(state), ...how });
}

function codeLines(text: string): string[] {
  const joined = text.replace(/\\\n\s*/g, ' ');
  return joined.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

function normalise(line: string): string {
  return line
    .replace(/^[\s>*+#\-\d.)]+/, '')
    .replace(/^\[[ xX]?\]\s*/, '')
    .replace(/[*_`~|()[\]<>"'’]/g, '')
    .replace(/[\s:：.。!?？…-]+$/u, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function templateOf(templates: readonly string[]): Template {
  const lines = new Map<string, boolean | null>();
  const add = (text: string, box: boolean | null): void => {
    const line = normalise(text);
    if (line.length >= TEMPLATE_LINE && !lines.has(line)) lines.set(line, box);
  };
  for (const template of templates) {
    const source = template.slice(0, TEMPLATE_LIMIT);
    for (const raw of source.split(/\r?\n/)) {
      const box = /^\s*(?:[-*+]|\d+[.)])\s+\[([ xX]?)\]/.exec(raw);
      add(raw.replace(/<!--|-->/g, ''), box ? /x/i.test(box[1] ?? '') : null);
    }
    for (const block of readMarkdown(source)) {
      if (block.kind === 'row') for (const cell of block.cells) add(cell, null);
      else if (block.kind === 'item' || block.kind === 'paragraph') for (const text of [block.text, block.rest]) add(text, block.kind === 'item' ? block.checked : null);
      else if (block.kind === 'code') for (const line of block.text.split('\n')) add(line, null);
    }
  }
  const long = [...lines.keys()].map((line) => line.split(' ')).filter((words) => words.length >= FUZZY_WORDS);
  return { lines, long };
}

/** A ticked box says something even where its words are the template's, unless the template ticks it. */
function isTemplate(template: Template, text: string, ticked: boolean | null): boolean {
  const line = normalise(text);
  const box = template.lines.get(line);
  if (box !== undefined) return !(ticked === true && box !== true);
  if (ticked === true) return false;
  return template.long.some((words) => isNearly(words, line.split(' ')));
}

/** Whether two lines differ in a few plain words only: a number, a name or an identifier is the author's. */
function isNearly(template: readonly string[], line: readonly string[]): boolean {
  if (line.length < FUZZY_WORDS || Math.abs(template.length - line.length) > 2) return false;
  const known = new Set(template);
  const foreign = line.filter((word) => !known.has(word));
  if (foreign.length / line.length > 1 - FUZZY_SHARE) return false;
  const kept = new Set(line);
  if (template.filter((word) => !kept.has(word)).length / template.length > 1 - FUZZY_SHARE) return false;
  return foreign.every((word) => /^\p{L}{1,12}$/u.test(word));
}

/** What the author wrote behind the template's own words on one line. */
function withoutTemplateStart(template: Template, text: string): string {
  const sign = /^(.{3,200}?)[?？:：]\s+(?=\S)/u.exec(text);
  if (sign && template.lines.has(normalise(sign[1] ?? ''))) return text.slice(sign[0].length);
  return text;
}
