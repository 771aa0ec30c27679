import { readMarkdown, type MarkdownBlock } from '../languages/markdown.js';
import { ELEMENTS, type PlanElementName } from './plan-elements.js';

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
}

/** What a reader of plans needs to know of the change itself. */
export interface PlanContext {
  /** The repository's own templates: their lines are nobody's statement. */
  readonly templates: readonly string[];
  /** Whether the change alters a schema or rewrites data: then nothing undoes itself. */
  readonly changesData: boolean;
}

/** Headings and labels under which people write how to undo a change, in the languages met in real descriptions. */
const SECTION =
  /\b(?:roll(?:ing|ed)?[\s-]?backs?(?:\s+(?:plan|strategy|steps|procedure|instructions))?|back[\s-]?out(?:\s+plan)?|revert(?:ing)?(?:\s+(?:plan|strategy|steps|instructions))?|undo(?:\s+plan)?|how to (?:revert|undo|roll back)|plan de retour arri[eè]re|retour arri[eè]re|r[uü]ckfallplan|plan de reversi[oó]n|plano de (?:rollback|revers[aã]o))\b|откат|回滚|回退|ロールバック|切り戻し|롤백/iu;
/** "Rollback" in another sense. */
const OTHER_SENSE = /\b(?:transactions?|savepoints?|sql|database (?:will|should|must)|tx|on (?:error|failure|exception)|(?:fix|test|bug|feature|handle|support|implement)\w*)\b.{0,40}\broll(?:s|ed|ing)?[\s-]?back|\broll(?:s|ed|ing)?[\s-]?back\b.{0,30}\b(?:the )?(?:transactions?|savepoints?|tx|discussion|conversation|on (?:error|failure|exception))\b/i;
/** A sentence outside any section that still says how this change is undone. */
const INTENT = /\b(?:(?:to|can|could|should|will|we(?:'ll| will| can)?|please|just|simply|then)\s+(?:be\s+)?(?:roll(?:ed)?[\s-]?back|revert(?:ed)?|back(?:ed)? out|undo(?:ne)?)|if (?:this|anything|something|it|the deploy\w*)\b.{0,60}\b(?:revert|roll(?:ing)?[\s-]?back|redeploy|disable|turn off|switch)|safe to revert|revert(?:ing)? (?:this|the) (?:pr|pull request|commit|merge)|rollback\s*:)/i;
const PLACEHOLDER =
  /^(?:[^\p{L}\p{N}]*(?:tbd|tba|todo|to be (?:done|determined|added|filled)|n\s*\/?\s*a|not applicable|none|nothing|no|not (?:needed|required|necessary)|keine[rs]?|entfällt|aucune?|à définir|à compléter|pendiente|por definir|ninguno|nenhum|a definir|нет|не требуется|未定|待定|待补充|无|無|暂无|なし|없음|미정|-+|\.{2,}|x{2,}|_+|\?+|fill (?:me|this) in|describe .{0,80}|how (?:do|can|will|would) (?:we|you|i)\b.{0,80}\?|(?:please )?(?:add|write|explain|document) .{0,60}(?:here|plan|steps)|<[^<>]{1,60}>|\[[^\]]{1,60}\])[^\p{L}\p{N}]*)$/iu;
/** Parts of a command that were left as their own placeholder. */
const LITERAL_PLACEHOLDER =
  /\b(?:MERGE_SHA|COMMIT_SHA|PREVIOUS_(?:SHA|TAG|VERSION|REVISION)|X\.Y\.Z)|<(?:sha|rev|revision|commit|hash|version|tag|release|chart|deployment|service|app|merge[- ]?sha|previous[^<>]{0,20})>|\{(?:sha|version|tag|revision|release)\}/i;
/** The author's own statement that a plain revert is enough and nothing else needs undoing. */
const PLAIN_REVERT = /\brevert(?:ing|ed)?\b/i;
const NOTHING_ELSE =
  /\b(?:no|without(?: any)?)\s+(?:db\s+|database\s+|schema\s+|data\s+)?(?:migrations?|schema(?: changes?)?|data(?: changes?| migration)?|state|persisted|client)\b|\bnothing else (?:needs|to)\b|\b(?:code|config(?:uration)?)[\s-]only\b|\bstateless\b|\b(?:keine[nr]?|ohne|pas de|aucune?|sans|sin|sem|ning[uú]n[ao]?|nenhuma?)\s+(?:datenbank-?|schema-?)?(?:migration|migraci|migra[cç]|schema|daten|donn[eé]e|datos|dados)|(?:没有|无|不涉及|無)(?:数据|数据库|迁移|資料|データ)|(?:マイグレーション|DB変更|データ変更)(?:は)?(?:なし|ありません)|(?:마이그레이션|DB 변경)\s*없|(?:без миграци|миграций нет)/iu;
/** A label in front of a colon, not a sentence or a command that happens to have one: few words, no number, no comma. */
const PURE_LABEL = /^[^\d,;`]+$/;
const LABEL_WORDS = 5;

interface Statement {
  readonly text: string;
  readonly inSection: boolean;
}

/** Reads a description. Pure and bounded; its text is data and never an instruction. */
export function readPlan(body: string, context: PlanContext): RollbackPlan {
  const templateLines = linesOf(context.templates);
  const blocks = readMarkdown(withoutInvisible(body));
  const { statements, sections } = collectStatements(blocks, templateLines);
  const own = statements.filter((statement) => !PLACEHOLDER.test(statement.text) && !OTHER_SENSE.test(statement.text));
  if (own.length === 0) {
    return { status: sections > 0 || statements.length > 0 ? 'placeholder' : 'missing', score: 0, elements: [], quote: '' };
  }
  const text = own.map((statement) => statement.text).join('\n');
  const elements = findElements(own, context);
  const has = (name: PlanElementName): boolean => elements.some((element) => element.name === name);
  const plainRevert = PLAIN_REVERT.test(text) && NOTHING_ELSE.test(text) && !context.changesData;
  const onlyLiteralPlaceholders = LITERAL_PLACEHOLDER.test(text) && !has('specific');
  const status = (has('mechanism') && has('specific')) || plainRevert ? 'present' : onlyLiteralPlaceholders ? 'placeholder' : 'vague';
  return { status, score: elements.reduce((sum, element) => sum + element.points, 0), elements, quote: text.slice(0, 500) };
}

/** Characters that show nothing or turn the reading direction: they must not hide a word from us or from a person. */
function withoutInvisible(text: string): string {
  return text.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/gu, '');
}

function normalise(line: string): string {
  return line.replace(/^[\s>*+#\-\d.)[\]xX|]+/, '').replace(/[*_`~|]/g, '').replace(/\s+/g, ' ').trim().toLowerCase();
}

function linesOf(templates: readonly string[]): ReadonlySet<string> {
  return new Set(templates.flatMap((template) => template.slice(0, 65_536).split('\n')).map(normalise).filter((line) => line.length > 2));
}

/** The author's statements about undoing: everything inside a section for it, and sentences elsewhere that say how. */
function collectStatements(blocks: readonly MarkdownBlock[], template: ReadonlySet<string>): { readonly statements: readonly Statement[]; readonly sections: number } {
  const statements: Statement[] = [];
  let sections = 0;
  let depth: number | null = null;
  const isTemplate = (text: string): boolean => template.has(normalise(text));
  const say = (text: string, inSection: boolean): void => {
    if (text.trim() !== '' && !isTemplate(text)) statements.push({ text: text.trim(), inSection });
  };
  for (const block of blocks) {
    if (block.kind === 'heading') {
      if (SECTION.test(block.text)) {
        sections += 1;
        depth = block.depth;
        say(afterLabel(block.text), true);
      } else if (depth !== null && block.depth <= depth) depth = null;
      continue;
    }
    if (block.kind === 'row') {
      const named = block.cells.length > 1 && SECTION.test(block.cells[0] ?? '');
      if (named) sections += 1;
      if (named || depth !== null) say(block.cells.slice(named ? 1 : 0).join(' '), true);
      continue;
    }
    const label = block.kind === 'code' ? null : block.label;
    if (label !== null && isSectionLabel(label)) {
      sections += 1;
      depth = depth ?? 7;
      if (!(block.kind === 'item' && block.checked === false)) say(afterLabel(block.text), true);
      continue;
    }
    if (label !== null && depth === 7 && block.kind !== 'item') depth = null;
    if (block.kind === 'item' && block.checked === false) continue;
    if (depth !== null) say(block.text, true);
    else if (block.kind !== 'code') for (const sentence of block.text.split(/(?<=[.!?。！？])\s+/)) if (INTENT.test(sentence)) say(sentence, false);
  }
  return { statements, sections };
}

function isSectionLabel(label: string): boolean {
  return SECTION.test(label) && label.length < 60 && PURE_LABEL.test(label) && label.trim().split(/\s+/).length <= LABEL_WORDS;
}

/** What follows the label in `Rollback plan: helm rollback api 41`; nothing when the label stands alone. */
function afterLabel(text: string): string {
  const at = text.search(/[:：]/);
  if (at >= 0 && isSectionLabel(text.slice(0, at))) return text.slice(at + 1);
  return SECTION.test(text) && text.length < 60 && text.split(/\s+/).length <= 4 ? '' : text;
}

function findElements(statements: readonly Statement[], context: PlanContext): readonly PlanElement[] {
  const elements: PlanElement[] = [];
  for (const { name, points, find } of ELEMENTS) {
    for (const { text } of statements) {
      const quote = find(text);
      if (quote === null || (name === 'specific' && LITERAL_PLACEHOLDER.test(quote))) continue;
      elements.push({ name, points, quote });
      break;
    }
  }
  if (!context.changesData && elements.length > 0 && !elements.some((element) => element.name === 'data')) {
    elements.push({ name: 'data', points: 20, quote: 'the change alters no schema and rewrites no data' });
  }
  return elements;
}
