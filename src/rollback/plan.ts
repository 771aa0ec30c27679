import { hasLiteralPlaceholder, isPlaceholder, NOT_NEEDED } from './placeholder.js';
import { ELEMENTS, type PlanElementName } from './plan-elements.js';
import { sentences } from './phrase.js';
import { readDescription, type Description, type Statement } from './statements.js';
import { isPlanTitle, MECHANISM, MIXED, NOTHING_ELSE, OTHER_SENSE, REVERT, saysHowToUndo, UNDO, UNDO_TITLE, WORK_ON_IT } from './undo-words.js';

/** One thing a plan names, the points it earns and the author's exact words. */
export interface PlanElement {
  readonly name: PlanElementName;
  readonly points: number;
  readonly quote: string;
}

/**
 * What a description says about undoing the change. `present`: an executable undo of this change. `vague`: an intention
 * without a way. `placeholder`: template text, an empty section, TBD. `missing`: nothing.
 */
export interface RollbackPlan {
  readonly status: 'present' | 'vague' | 'placeholder' | 'missing';
  /** 0 to 100: the sum of the elements' points. */
  readonly score: number;
  readonly elements: readonly PlanElement[];
  /** The author's words that were taken for the plan, cut to 500 characters; empty when there are none. */
  readonly quote: string;
  /** The same words, line by line and whole. */
  readonly lines: readonly string[];
}

/** What a reader of plans needs to know of the change itself. */
export interface PlanContext {
  /** The repository's own templates: their lines are nobody's statement. */
  readonly templates: readonly string[];
  /** Whether the change alters a schema or rewrites data: then nothing undoes itself. */
  readonly changesData: boolean;
}

/** No plan was read. */
export const NO_PLAN: RollbackPlan = { status: 'missing', score: 0, elements: [], quote: '', lines: [] };

const QUOTE_LENGTH = 500;

/** Reads a description. Pure and bounded; its text is data and never an instruction. */
export function readPlan(body: string, context: PlanContext): RollbackPlan {
  return planIn(readDescription(body, context.templates), context.changesData);
}

/** The same of a description already taken apart. */
export function planIn(description: Description, changesData: boolean): RollbackPlan {
  const { own, promised } = planStatements(description);
  const said = own.filter(({ text }) => !isPlaceholder(text));
  if (said.length === 0) return { ...NO_PLAN, status: promised ? 'placeholder' : 'missing' };
  const lines = said.map(lineOf);
  const elements = findElements(lines, changesData);
  return { status: statusOf(lines, elements), score: elements.reduce((sum, element) => sum + element.points, 0), elements, quote: lines.join('\n').slice(0, QUOTE_LENGTH), lines };
}

/** A statement as it is searched: code in backticks, what introduces it in front. */
function lineOf({ label, text, form }: Statement): string {
  if (form === 'code') return `\`${text.replace(/`/g, '')}\``;
  return label === null || isPlanTitle(label) ? text : `${label}: ${text}`;
}

function statusOf(lines: readonly string[], elements: readonly PlanElement[]): RollbackPlan['status'] {
  const has = (name: PlanElementName): boolean => elements.some((element) => element.name === name);
  if (has('mechanism') && has('specific')) return 'present';
  const text = lines.join('\n');
  if (isPlainRevert(text)) return 'present';
  if (lines.some(hasLiteralPlaceholder)) return 'placeholder';
  return lines.every((line) => NOT_NEEDED.test(line) && line.length < 40 && !REVERT.test(line.replace(NOT_NEEDED, ''))) ? 'placeholder' : 'vague';
}

/** The author's own word that a plain revert is enough and that nothing else needs undoing. */
function isPlainRevert(text: string): boolean {
  return REVERT.test(text) && NOTHING_ELSE.test(text) && !/\b(?:can(?:not|['’]?t)|could not|must not|never|not (?:possible|safe|enough))\b.{0,12}\b(?:be )?(?:revert|roll)|\birreversibl/i.test(text);
}

/**
 * The author's statements about undoing: everything in a section for it, and sentences elsewhere that say how. `promised`:
 * whether a section, label or box for a plan is there at all.
 */
function planStatements({ statements, titles }: Description): { readonly own: readonly Statement[]; readonly promised: boolean } {
  const own: Statement[] = [];
  let promised = titles.some(isPlanTitle);
  let goesOn: Statement | null = null;
  for (const statement of statements) {
    const section = statement.under.findLast(isPlanTitle);
    if (section !== undefined) {
      promised = true;
      if (statement.ticked !== false && belongs(statement, section)) own.push(statement);
      goesOn = null;
      continue;
    }
    if (statement.ticked !== null && UNDO.test(statement.text) && !OTHER_SENSE.test(statement.text) && !WORK_ON_IT.test(statement.text)) {
      promised = true;
      if (statement.ticked) own.push(statement);
      continue;
    }
    if (statement.ticked === false) continue;
    if (goesOn !== null && (statement.form === 'code' || statement.form === 'item')) {
      own.push(statement);
      continue;
    }
    goesOn = null;
    if (statement.form === 'code') continue;
    const parts = sentences(statement.text).filter(saysHowToUndo);
    for (const text of parts) own.push({ ...statement, text });
    if (parts.length > 0 && /[:：]\s*$/.test(statement.text)) goesOn = statement;
  }
  return { own, promised };
}

/** In a section about more than undoing, only what speaks of undoing belongs to the plan. */
function belongs(statement: Statement, section: string): boolean {
  if (OTHER_SENSE.test(statement.text)) return false;
  if (!MIXED.test(section.replace(UNDO_TITLE, ''))) return true;
  return UNDO.test(statement.text) || saysHowToUndo(statement.text) || MECHANISM.test(statement.text);
}

function findElements(lines: readonly string[], changesData: boolean): readonly PlanElement[] {
  const elements: PlanElement[] = [];
  for (const { name, points, find } of ELEMENTS) {
    for (const line of lines) {
      const quote = find(line);
      if (quote === null) continue;
      elements.push({ name, points, quote });
      break;
    }
  }
  if (!changesData && elements.length > 0 && !elements.some((element) => element.name === 'data')) {
    elements.push({ name: 'data', points: 20, quote: 'the change alters no schema and rewrites no data' });
  }
  return elements;
}
