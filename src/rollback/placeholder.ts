import { phrases } from './phrase.js';

/** Words that stand where a plan should be. */
const EMPTY =
  /^(?:no response|coming soon|soon|pending|in progress|not (?:yet )?(?:written|defined|decided)(?: yet)?|(?:あとで|後で|後ほど|追って)(?:書|記載|追記|記入|共有).*|(?:나중에|추후)\s?(?:작성|추가|기재).*|(?:后续|稍后|之后)(?:补充|补上|填写|添加).*|(?:to be )?fill(?:ed)? (?:in|out)\b.{0,40}|(?:a )?preencher\b.{0,30}|(?:por |a )?completar\b.{0,30}|noch auszuf[uü]llen|[aà] (?:compl[eé]ter|remplir)\b.{0,30}|(?:tbd|tba|tbc|todo|wip)(?:\s*[,;:.–-]?\s+\S.{0,40})?|to be (?:done|determined|added|filled|defined|confirmed|written|provided)(?: (?:in|out|later|before|once|by)\b.{0,40})?|n\s*[/.]?\s*a|not applicable|none|nothing|no|nope|nil|null|not (?:needed|required|necessary|relevant)|(?:will )?(?:add|fill|update|write)(?: (?:it|this|that))?(?: in)? later|later|same as (?:above|usual)|-+|—+|–+|\.{2,}|…+|x{2,}|_+|\?+|keine[rs]?|entf[aä]llt|offen|folgt(?: noch)?|noch offen|nicht (?:n[oö]tig|erforderlich|notwendig|zutreffend)|aucune?|n[eé]ant|sans objet|[aà] (?:d[eé]finir|compl[eé]ter|venir|remplir)|pendiente|por (?:definir|completar)|ninguno|no aplica|no necesario|nenhum|n[aã]o se aplica|a (?:definir|preencher)|pendente|da definire|nessuno|нет|не требуется|не нужен|не нужно|неприменимо|позже|уточняется|未定|待定|待补充|待填写|待补|待确认|暂无|無|无|不需要|无需|不适用|なし|無し|特になし|不要|該当なし|後で記載|後ほど記載|検討中|없음|미정|해당 ?없음|불필요|추후 ?작성|작성 ?예정|nog te (?:bepalen|doen)|volgt(?: nog)?|do (?:uzupe[lł]nienia|ustalenia)|nie dotyczy|belirlenecek|(?:буде|треба) \p{L}+|немає|brak|geen|yok)$/iu;
/** What a template asks of its reader. */
const ASKS =
  /^(?:(?:please |kindly )?(?:describe|explain|add|write|provide|list|document|outline|detail|specify|include|fill(?: in| out)?|insert|enter|state|note|delete|remove|select|choose|check|tick)\b(?=.{0,160}(?:\b(?:here|how|what|steps?|plan|strategy|instructions?|details?|rollback|roll back|revert|undo|section|applicable|below|procedure|one|boxes|all|any)\b)).*|(?:how|what|who|when|is|are|can|could|does|do|will|would|if)\b.{0,200}[?？]|(?:e\.?g\.?|for example|example|i\.e\.)\b.*|<[^<>]{1,120}>|\[[^\]]{1,160}\]|\{\{?[^{}]{1,80}\}?\}|_{2,}.*_{2,}|\(?(?:optional|required|if applicable|delete if not applicable|if any)\)?|if (?:not applicable|this (?:section|does not)|applicable|none)\b.{0,100}|(?:bitte )?(?:beschreiben|angeben|ausf[uü]llen)\b.*|(?:beschreibe|wie|was)\b.{0,160}(?:\?|beschreiben|hier)|(?:d[eé]crire|d[eé]crivez|expliquez|pr[eé]cisez|comment|indiquer)\b.{0,160}|(?:describa|describe|explique|indique|c[oó]mo|detalle|descreva|como)\b.{0,160}(?:[?？]|aqu[ií]|plan\w*|pasos|revers\w*|rollback)|(?:опишите|укажите|как)\b.{0,160}|(?:请|請)(?:描述|说明|填写|補充|补充|列出|輸入).*|(?:如何|怎么|怎樣).{0,60}[?？]|.{0,60}(?:を記載|を記入|を書いて|記載してください|記入してください|ご記入).{0,20}|.{0,60}(?:작성해|적어|기재해|설명해)\s?(?:주세요|주십시오|주시기).{0,20}|어떻게.{0,60}[?？]?)$/iu;
/** Parts of a command that were left as their own placeholder. */
const LITERAL =
  /\b(?:MERGE_?SHA|COMMIT_?SHA|MERGE_?COMMIT(?:_SHA)?|COMMIT_?(?:HASH|ID)|PREV(?:IOUS)?_(?:SHA|TAG|VERSION|REV(?:ISION)?|RELEASE|IMAGE)|(?:YOUR|LAST_GOOD|OLD)_[A-Z_]+|REVISION_NUMBER|X\.Y\.Z|x\.y\.z|vX\.Y(?:\.Z)?|XXXX+|xxxx+)\b|<(?:[a-z]+[ _-]?){0,3}(?:sha1?|rev(?:ision)?|commit|hash|version|tag|release|chart|deployment|service|app|name|flag|previous|number|id|image|namespace)\b[^<>]{0,30}>|\{\{?\s*(?:sha|version|tag|revision|release|commit|merge_?sha|previous\w*)\s*\}?\}|\$\{?(?:SHA|COMMIT|MERGE_?SHA|REV|PREVIOUS\w*|VERSION|TAG)\}?|\[(?:sha|commit(?: sha| hash)?|version|tag|revision|previous[^\]]{0,20}|hash)\](?!\()/;
/** A commit that will only exist once this is merged cannot be named yet. */
const THIS_MERGE = /<(?:the |this )?(?:sha of )?(?:this |the )?(?:pr['’]?s? )?merge[ -]commit(?: of this (?:pr|pull request))?>|<this (?:pr|merge|commit)[^<>]{0,30}>/gi;

/** Whether a line says nothing: a dash, N/A, TBD, or what a template asks of its reader. */
export function isPlaceholder(text: string): boolean {
  const bare = text
    .replace(/^(?:[\s>*_~`"'|•·–—-]|\p{Extended_Pictographic})+/u, '')
    .replace(/[\s.!。！*_~`"'|:：]+$/u, '')
    .trim();
  if (bare === '' || !/[\p{L}\p{N}?]/u.test(bare)) return true;
  // What names a command, a number or an address is nobody's template.
  const asks = ASKS.test(bare) || ASKS.test(bare.replace(/^\(\s*|\s*\)$/g, ''));
  if (asks && !/[`\d]|https?:/.test(bare.replace(/^(?:<[^<>]*>|\[[^\]]*\])$/, ''))) return true;
  return EMPTY.test(bare) || EMPTY.test(bare.replace(/^[([{<]\s*|\s*[)\]}>]$/g, ''));
}

/** Whether a command still holds the name of what should stand there. */
export function hasLiteralPlaceholder(text: string): boolean {
  return LITERAL.test(text.replace(THIS_MERGE, 'this merge'));
}

/** N/A or "not needed" in front of a reason. */
export const NOT_NEEDED = phrases('n/a', 'not applicable', 'not (?:needed|required|necessary)', 'none (?:needed|required|necessary)', 'no (?:special )?(?:rollback|roll back|revert|action|plan)(?: plan)? (?:is )?(?:needed|required|necessary)', 'nicht (?:n[oö]tig|erforderlich)', 'pas n[eé]cessaire', 'no (?:es )?necesario', 'n[aã]o (?:é )?necess[aá]rio', 'не требуется', '不需要', '无需', '不要', '불필요', '필요 ?없');
