import { phrases } from './phrase.js';

const UNDO_WORDS = [
  'roll(?:s|ed|ing)?[- ]?backs?', 'rol+[- ]?ba?c?ks?', 'roll(?:s|ed|ing)?\\s+(?:this|it|these|that|them|the \\p{L}+)\\s+back', 'back(?:ed|ing)?\\s+(?:this|it)\\s+out', 'back(?:ed|ing)?[- ]?outs?', 'revert*', 'reversib*', 'irreversib*', 'kill[- ]?switch(?:es)?',
  'r[uü]ckfallplan*', 'zur[uü]ckroll*', 'zur[uü]ckgeroll*', 'zur[uü]cksetz*', 'zur[uü]cknehm*', 'r[uü]ckg[aä]ngig*', 'retour (?:en )?arri[eè]re', 'marche arri[eè]re', 'revenir (?:en arri[eè]re|[aà] la version)',
  'reversi[oó]n', 'revierte', 'vuelta atr[aá]s', 'volver (?:a la versi[oó]n|atr[aá]s)', 'marcha atr[aá]s', 'revers[aã]o', 'reverter', 'reverta*', 'voltar (?:para|[aà]) (?:a )?vers[aã]o', 'откат*', 'откач*', 'відкат*', 'terugdraai*', 'terugrol*', 'geri al*',
  '回滚', '回退', '回滾', 'ロールバック', '切り戻', '切戻', '巻き戻', 'リバート', '롤백', '되돌', '원복',
];

/** What people call undoing a change, in the languages met in real descriptions. */
export const UNDO = phrases(...UNDO_WORDS);

/** The same in a heading or label, where words that mean other things in a sentence mean this. */
export const UNDO_TITLE = phrases(
  ...UNDO_WORDS, 'going back', '(?:how )?(?:do )?we (?:get|go) back', 'getting back', 'to (?:stop|disable|undo|revert|turn off|switch off)(?: (?:it|this))?', 'turn(?:ing)? (?:it|this) off', 'switch(?:ing)? (?:it|this) off', '(?:if|when|in case) (?:it|this|that|something|anything|things|the \\p{L}+) (?:gets|goes|go|breaks?|brakes?|fails?|misbehaves?|causes?|complains?|does(?: not|n[’\']?t) (?:work|help))(?: \\p{L}+){0,3}', 'if (?:we|you|it|this|that|something|anything|things)(?: \\p{L}+){0,4} (?:worse|wrong|undone|undo|pull(?:ed)? (?:it|this)|back|fail\\p{L}*|break\\p{L}*|trouble|problems?|issues?|misbehav\\p{L}*)', '(?:how )?to (?:disable|turn (?:it |this )?off|switch (?:it |this )?off)', 'backing (?:it|this) out', 'plan b', 'escape hatch', 'way out', 'reversal', 'undo(?:ne|ing)?', 'un-do', 'fall[- ]?back', 'way back', 'recovery (?:plan|steps?|procedures?|strategy)', 'contingency(?: plan)?', 'restore (?:plan|steps?|procedures?)', 'exit (?:plan|strategy)',
  'r[uü]ckfall*', 'r[uü]ckbau*', 'r[uü]cknahme*', 'r[uü]ckabwicklung', 'wiederherstellung*', 'plan de repli', 'annulation', 'annuler', 'r[eé]version', 'deshac*', 'retroceso', 'desfazer', 'plano de retorno', 'ripristin*', 'annullament*',
  'отмен[аы]', 'возврат*', 'wycofa*', 'przywr[oó]c*', '撤销', '还原', '還原', '撤回', '退回', '恢复方案', '戻し', '戻す', '差し戻', '復旧手順', '복구',
);

/** "Rollback" in another sense: of a database transaction, of a discussion; and work on rollbacks themselves. */
export const OTHER_SENSE =
  /\b(?:transactions?|savepoints?|tx|uncommitted)\b.{0,60}\broll(?:s|ed|ing)?[\s-]?back|\broll(?:s|ed|ing)?[\s-]?back\b.{0,30}\b(?:the )?(?:transactions?|savepoints?|tx|discussion|conversation|session|on (?:error|failure|exception))\b|\bROLLBACK\b(?=;| TO\b| statement)|\b(?:session|db|conn(?:ection)?|tx|trx|client|em|manager)\.rollback\(|\b(?:nothing|something|anything) to roll back\b|\btests? (?:for|of|on) (?:the )?rollbacks?\b|\broll(?:s|ed|ing)?[- ]back (?:the )?(?:local|user|unsaved|optimistic|pending|partial)\b|\bctrl\s?\+\s?z\b|\broll(?:s|ed|ing)?[\s-]?back\b.{0,20}\b(?:and|then)\s+(?:we\s+|it\s+)?(?:return|re-?rais|rais|throw|propagat|surfac|bubbl)\w*\b.{0,30}\b(?:errors?|err|exceptions?|nil|null|false|callers?|results?)\b|事务.{0,20}回滚|回滚.{0,10}(?:事务|(?:单元)?测试)|トランザクション.{0,20}ロールバック|트랜잭션.{0,20}롤백|транзакц.{0,30}откат|откат.{0,10}транзакц|롤백하기 위한|롤백 ?(?:워크플로우|기능|버튼)|回滚(?:功能|工作流|按钮|接口)|ロールバック(?:機能|用|ボタン)|\b(?:re-?raise|rethrow)\b|\brolled back (?:too|in|when|by the|on)\b|\brollback (?:on|in case of) (?:any )?(?:error|failure|exception)|\brollback behaviou?r\b|\bhow (?:to|we|you)\b.{0,60}\b(?:roll|revert)\w*.{0,10}(?:back|it)\b.{0,60}\bin\b.{0,30}\.md|\brollback (?:logic|handling|handler|button|endpoint|api|command|job|pipeline|workflow|support|feature|bug|test|tests|script was|path)\b/i;
export const WORK_ON_IT = /^\W*(?:fix(?:e[sd])?|bug|add(?:s|ed)?|implement(?:s|ed)?|support(?:s|ed)?|refactor(?:s|ed)?|improve(?:s|d)?|handle(?:s|d)?|introduce[sd]?|document(?:s|ed)?)\b/i;

/** What else a heading may promise: in such a section only the sentences about undoing are the plan. */
export const MIXED = /\b(?:deploy\w*|releases?|roll-?outs?|launch|risks?|impact|tests?|testing|tested|monitor\w*|verification|validation|safety|migrations?|compatibility|dependencies|alerts?|observability|notes?|communication)\b|[リデ]リース|部署|发布|上线|风险|风险|影响|測定|テスト|影響|배포|위험|영향|테스트|d[eé]ploiement|risques?|despliegue|riesgos?|risco|implanta[cç][aã]o|риск\p{L}*|развертыв\p{L}*|деплой|risiko|risiken/iu;

/** Words that make a sentence say how something is undone: a condition, an ability. */
export const CONDITION = phrases(
  'if', 'in case', 'in the event', 'should', 'when', 'once', 'unless', 'falls', 'wenn', 'sollte', 'im fall*', 'bei problemen', 'bei fehlern', 'notfalls', 'si', "s[’']il", 'en cas', 'au besoin', 'en caso', 'se', 'caso', 'em caso',
  'если', 'в случае', 'при проблем*', 'при ошибк*', 'eğer', 'jeśli', 'als er', '如果', '如有', '若', '一旦', '万一', '必要时', '出现问题', '有问题', '異常時', '場合', 'もし', '万が一', '問題があれば', '障害時', '경우', '만약', '문제 ?시', '발생 ?시', '이상 ?시', '장애 ?시',
);
const ABILITY = /\b(?:to|can|could|should|will|would|must|we(?:['’]ll| will| can)?|please|just|simply|then|may|safe(?:ly)? to)\s+(?:(?:also|always|be|safely|just|simply|easily|cleanly|quickly|either|only)\s+){0,3}(?:roll(?:ed)?[\s-]?back|revert(?:ed)?|back(?:ed)? (?:this |it )?out|undo(?:ne)?)\b/i;
/** "Roll back by reverting.", "Otherwise roll back." */
const IMPERATIVE = /^\W*(?:otherwise,? |else,? )?(?:(?:roll(?:ing)? back|revert(?:ing)?)(?=\s+(?:by|if|via|with|using|when)\b)|(?:roll back|revert)(?=\s*[.!]?$))/i;
const REVERT_THIS = /\brevert(?:ing)?\s+(?:this|the|its)\s+(?:pr\b|pull request|merge\b|squash|commit\b|change\b|deploy\w*)|\bsafe(?:ly)? (?:to )?(?:revert|roll)|\brevert(?:ing)?[- ]safe\b|\b(?:git|clean|plain|simple|straight(?:forward)?|standard|normal|full) revert\b/i;
const ROLLBACK_IS = /\b(?:roll-?back|rolling back|going back|back-?out|revert|undo)(?:\s+(?:plan|strategy|steps?|procedure|path))?\s*(?:(?:is|are|would be|will be|via|by|with|using|through|just|means|requires?|takes?)\b|[:=→]|->|[–—-] )/i;
const ABLE = phrases('kann', 'k[oö]nnen', 'l[aä]sst sich', 'per', 'peut', 'pouvez', 'il suffit', 'suffit', 'reicht', 'gen[uü]gt', 'puede*', 'basta', 'pode*', 'можно', 'достаточно', '可以', '直接', '即可', '执行', '通过', '可能', 'できる', 'できます', '可能です', 'してください', '가능', '하면', '합니다', '됩니다', '수 있');
const SWITCH = /\b(?:submit|ship|publish|releas(?:e|ing)|push)\b.{0,40}\b(?:another|new|previous|old|fixed)\b|\bredep\w+\b|\bpin\b|\binstall\b.{0,60}--version|`[a-z]\w+ [^`]{6,}`|\b(?:turn(?:ing)?|switch(?:ing)?|flip(?:ping)?|toggl(?:e|ing)|set(?:ting)?)\b.{1,60}\b(?:off|back|false|0|disabled)\b|\bdisabl(?:e|ing)\b|\bre-?deploy|\bdeploy\b.{0,60}\bagain\b|\bdeploy (?:tag|version|image|release)\b|\b(?:go|goes|going|switch|switching|move|bring|brings) back\b|\bbring back\b|\bprevious (?:behaviou?r|version|release|image)\b|\bscale\b.{1,30}\bto 0\b|\bfail ?over\b/i;
const TROUBLE = /\bin case (?:it|this|that|anything|something) \w+|\bshould (?:this|it|anything|something|we|the (?:fix|deploy|release)\w*)\b|\b(?:should|if)\b.{1,60}\b(?:br[ea]{1,2}ks?|fails?|complains?|goes? (?:wrong|sideways|south)|worse|misbehaves?|problems?)\b|\bif\b.{0,30}\b(?:this|it|anything|something|things?|problems?|issues?|errors?|error rate|we see|needed|necessary|required|the (?:deploy|release|rollout|fix)\w*|regress\w*|p9[059]|5xx|latency)\b|\bin case of (?:problems?|issues?|trouble|emergency|regress\w*)\b|\b(?:a |any )?(?:problems?|trouble|regressions?|failures?) means?\b/i;

/** Whether a sentence outside every plan section says how this change would be undone. */
export function saysHowToUndo(whole: string): boolean {
  // A question that is quoted is nobody's plan.
  const sentence = whole.replace(/["“«][^"”»]{1,120}\?["”»]/g, ' ');
  if (OTHER_SENSE.test(sentence) || REPORTS.test(sentence) || ABOUT_ROLLBACKS.test(sentence)) return false;
  // What is said of another pull request is no plan for this one.
  if (/#\d+/.test(sentence) && !/\bthis\b/i.test(sentence)) return false;
  if (IMPERATIVE.test(sentence) || ABILITY.test(sentence) || REVERT_THIS.test(sentence) || ROLLBACK_IS.test(sentence)) return true;
  if (UNDO.test(sentence) && (CONDITION.test(sentence) || ABLE.test(sentence) || /\b(?:always )?possible\b/i.test(sentence))) return true;
  if (/\b(?:in case|if)\b/i.test(sentence) && /\bgo(?:es)? back to\b/i.test(sentence)) return true;
  return (TROUBLE.test(sentence) && SWITCH.test(sentence)) || THEN_DO.test(sentence) || UNDO_COMMAND.test(sentence);
}

/** "Should results look off, set …": a condition, then an imperative. */
const THEN_DO = /^\W*(?:(?:if|should|in case)\b[^,:;]{3,80}|to (?:turn|switch) (?:it|this|that|the \w+) (?:back )?off|to (?:stop|undo|disable) (?:it|this)|to (?:go|get) back)[,:]\s*(?:then |just |please |simply |we (?:can |will |['’]ll )?)?(?:set|run|deploy|re-?deploy|switch|turn|flip|revert|restore|roll|execute|pin|install|point|disable|pause|remove|take|put)\b/i;

/** A command that can mean nothing else, and one of which the author says that it takes the change away again. */
const UNDO_COMMAND = /^(?!.*\b(?:ran|was|were|had|did|already|hung|failed)\b).*`(?:[^`]*\s)?(?:kubectl\s[^`]*rollout undo|helm rollback|argocd app rollback|heroku (?:releases:)?rollback|nomad job revert|docker service rollback|kubectl-argo-rollouts? undo)\s[^`]+`|`[^`\s]+\s[^`]+`\s+(?:removes?|undoes|reverts?|restores?|brings?|puts?|takes?)\s(?:\S+\s){0,6}(?:again|back|away|out)\b/i;

/** Instructions for readers, not for this change. */
const ABOUT_ROLLBACKS = /\bhow (?:a|the) (?:rollback|revert)\b|^\W*(?:when|how|where|why) to\b|^\W*(?:docs?|document\w*|describ\w+|explain\w*)\b.{0,60}\bhow to\b|^\W*(?:template|guide|docs?|runbook|chapter|section) (?:for|on|about)\b/i;

/** What the change itself did or does: "This reverts commit …", "We rolled back the release at 14:20". */
const REPORTS = /^\W*(?:this (?:pr|pull request|change|commit|hotfix|patch)?\s*(?:essentially |partially |temporarily |fully )?(?:reverts|rolls? back|backs? out|undoes)|reverts?\s+(?:["“`'#]|[\w.-]+\/[\w.-]+#|commit\b|\w+ from\b|(?:the )?changes? (?:from|made|in)\b))|\b(?:we|i|ops|sre|they|on-?call)\s+(?:had to |have |already |then |had )?(?:rolled back|reverted|rolled it back|roll(?:ed)? back to)\b|\b(?:users?|operators?|admins?|customers?|editors?|members?|people) can\b/i;

/** A mechanism: how it is undone, however unspecific. */
export const MECHANISM = new RegExp(
  [
    phrases(
      'revert*', 'roll(?:s|ed|ing)?[- ]?back', 're-?deploy*', 'rollout undo', 'disabl(?:e|es|ed|ing)', 'feature[- ]flags?', 'kill[- ]?switch', 'fail(?:ing)?[- ]?over', 'restor(?:e|es|ed|ing)', 'downgrad(?:e|es|ed|ing)', 'scale (?:down|to)', 'unset', 'undo', 'back(?:ed|ing)? (?:it )?out', 'promote', 'pin(?:ned|ning)?(?: back)? to', 'down migration', 're-?run',
      'zur[uü]ck*', 'r[uü]ckg[aä]ngig*', 'deaktivier*', 'wiederherstell*', 'einspiel*', 'abschalt*', 'ausschalt*', 'revenir', 'annuler', 'd[eé]sactiv*', 'red[eé]ploy*', 'restaur*', 'remettre', 'revertir', 'revierte', 'deshacer', 'desactiv*', 'volver', 'redesplegar', 'apagar', 'reverter', 'desfazer', 'desativ*', 'desligar', 'voltar', 'reimplant*', 'ripristin*', 'disabilit*',
      'откат*', 'откач*', 'верн*', 'отключ*', 'выключ*', 'восстанов*', 'передеплой*',
      '回滚', '回退', '撤销', '还原', '回滾', '還原', '关闭', '關閉', '关掉', '重新部署', '恢复', '切回', 'ロールバック', '切り戻', '切戻', '戻し', '戻す', 'リバート', '無効', 'オフ', '再デプロイ', '롤백', '되돌', '원복', '복구', '비활성', '끄', '재배포',
    ).source,
    /\b(?:turn|switch|flip|toggle)\w*\s+(?:\S+\s+){0,6}(?:off|back)\b/.source,
    /\bset(?:ting)?\s+\S+\s+(?:back\s+)?(?:to|=)/.source,
    /\bshift\w* (?:\S+ ){0,3}traffic|\btraffic\b.{0,30}\bback\b/.source,
  ].join('|'),
  'iu',
);

/** A revert of this change. */
export const REVERT = phrases(
  'revert(?:s|ed|ing)?', 'git revert', 'rever(?:t|s)[- ]commit', 'roll(?:ed|ing)?[- ]?back', 'reversib(?:le|el)', 'zur[uü]cknehm*', 'zur[uü]ckroll*', 'zur[uü]ckgeroll*', 'zur[uü]cksetz*', 'r[uü]ckg[aä]ngig*', 'revertier*', 'annuler', 'retour arri[eè]re', 'revenir', 'revertir', 'revierte', 'reversi[oó]n', 'deshac*', 'reverter', 'revers[aã]o', 'desfazer', 'откат*', 'откач*', 'отмен*', 'ревер*',
  '回滚', '回退', '撤销', '还原', '回滾', '還原', 'ロールバック', '切り戻', '切戻', '戻し', '戻す', '戻せ', 'リバート', '롤백', '되돌', '원복', '리버트',
);

const NOUNS = '(?:db|database|schema|data|state|sql|persistent|stateful|config(?:uration)?|infra(?:structure)?|client|api|env(?:ironment)?|external|downstream|manual|further|additional|other|special|extra|breaking|lasting|persisted|side)';
/** The author's word that nothing but the code needs undoing. */
export const NOTHING_ELSE = new RegExp(
  [
    `\\b(?:no|without(?: any)?|zero|not? any|does(?:n[’']t| not) (?:touch|include|contain|change|alter|need|have|involve|require)(?: any| a)?|(?:there (?:is|are) )?no)\\s+(?:${NOUNS}(?:[,/ ]| or | and | nor )\\s*){0,5}(?:migrations?|schemas?|data(?:base)?|db|state|side[- ]?effects?|considerations?|actions?|steps?|follow-?ups?|clean-?ups?|changes?|backfills?|clients?|persist\\w*|storage|cache\\w*|contracts?)\\b`,
    String.raw`\bnothing (?:else|more|further)\b|\bnothing (?:needs?|to|has to|is|in the (?:db|database))\b|\bnothing (?:else )?(?:is )?(?:persisted|stored|migrated)\b`,
    String.raw`\b(?:code|config(?:uration)?|ui|frontend|css|copy|docs?|logic|yaml|template)[-\s]only\b|\bonly (?:code|config(?:uration)?|css|frontend|ui)\b|\bstateless\b|\bpure(?:ly)? (?:code|config|frontend|ui|logic)\b|\bno[- ]op for (?:data|the schema)\b`,
    String.raw`\b(?:keine[nr]?|ohne|kein)\s+(?:\p{L}+-?\s*(?:oder|und|/|,)\s*)?(?:datenbank-?|schema-?|db-?)?\s?(?:migration|schema|daten|änderung an (?:den )?daten)\p{L}*`,
    String.raw`\breine?r?\s+(?:code|konfig)\p{L}*|\bnur (?:code|konfiguration)\b`,
    String.raw`\b(?:pas de|aucune?|sans|ni)\s+(?:\p{L}+ ){0,2}(?:migration|sch[eé]ma|donn[eé]es?|base)\p{L}*|\bcode (?:seul|uniquement)\b`,
    String.raw`\b(?:sin|ning[uú]na?|no hay|sem|nenhuma?|n[aã]o h[aá]|senza)\s+(?:\p{L}+ ){0,3}(?:migraci|migra[cç]|migrazion|esquema|schema|datos|dados|dati|banco|base)\p{L}*|\b(?:s[oó]lo|apenas|somente|solo) c[oó]digo\b`,
    String.raw`\bno (?:toca|afecta|modifica|cambia|requiere|incluye)\b.{0,30}(?:base|datos|esquema|migra)|\bn[aã]o (?:toca|altera|mexe|afeta|muda)\b.{0,30}(?:banco|dados|migra|schema|esquema)|\bne (?:touche|modifie|change)\b.{0,20}(?:base|donn[eé]e|sch[eé]ma|migration)|\b(?:ändert|berührt|betrifft) (?:nichts|keine)\b|\bnon (?:tocca|modifica)\b.{0,30}(?:dat|base|schema)|не (?:трогает|затрагивает|меняет).{0,20}(?:баз|данн|схем)`,
    String.raw`\b(?:bez|geen|zonder)\s+(?:\p{L}+ ){0,2}(?:migrac|migratie|danych|data|schema|zmian|bazy)\p{L}*`,
    String.raw`без (?:\p{L}+ ){0,2}(?:миграци|данных|схем)\p{L}*|миграций (?:\p{L}+ )?нет|нет миграци\p{L}*|(?:данные|схема|база) не (?:меня|затраг)\p{L}*|только код`,
    '(?:没有|无|不涉及|無|没|不含|不改|不影响|未涉及|沒有)(?:任何)?(?:数据|数据库|迁移|表结构|schema|DB|資料|データ|缓存|状态|库表)',
    '(?:マイグレーション|DB ?(?:の)?変更|データ(?:の)?変更|スキーマ(?:の)?変更|データベース(?:の)?変更|DB|データ)(?:への影響)?(?:は|も)?(?:なし|無し|ありません|ない|無い|伴わない)|コードのみ',
    '(?:마이그레이션|DB ?(?:변경|마이그레이션)?|데이터 ?(?:변경)?|스키마 ?(?:변경)?)(?:은|는|이|가|도)?\\s*(?:없|불필요)|코드만',
  ].join('|'),
  'iu',
);

/** A ticked or written word that the change can be reverted safely. */
export const SAFE_REVERT = /\b(?:safe(?:ly)?|cleanly|trivially|freely)\s+(?:to\s+)?(?:be\s+)?(?:revert|roll)(?:ed|able)?(?:[\s-]?back)?\b|\brevert(?:ed|s|ible|able)?\s+(?:safely|cleanly|at any (?:time|point)|without (?:issues?|problems?|risk))\b/i;

const TITLE_LENGTH = 120;
const TITLE_WORDS = 16;

/** Headings and labels under which people write how to undo a change. */
export function isPlanTitle(title: string): boolean {
  const text = title.replace(/^[^\p{L}\p{N}]+|[\s:：.]+$/gu, '');
  if (text.length > TITLE_LENGTH || text.split(/\s+/).length > TITLE_WORDS) return false;
  if (/^(?:back|zur[uü]ck|retour|назад)$/i.test(text)) return true;
  if (!UNDO_TITLE.test(text) || OTHER_SENSE.test(text) || WORK_ON_IT.test(text)) return false;
  return !/^(?:prod(?:uction)?|emergency|staging)? ?roll-?back(?: release)?(?: pr| pull request)?$(?<!^roll-?back)/i.test(text) && !/["“”#]|\breasons?\b|\bwhy\b|\bversion from\b|\brevert(?:s|ed)\b(?! safely| cleanly)(?!.*[?？])|^(?:this|we|i)\b/i.test(text) || /[?？]$/.test(text);
}
