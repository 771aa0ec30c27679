/**
 * What a plan offers beside a plain revert, as far as its words tell. Each one is looked for sentence by sentence, and a
 * sentence that denies it ("there is no backup") offers nothing.
 */
export type Offer =
  /** Data comes back from somewhere that is named: a command, a table, a file. */
  | 'restore'
  /** Data comes back from a backup, and no more is said. */
  | 'backup'
  /** A statement that writes rows back. */
  | 'inverse-data'
  /** A statement that makes or renames a column or table again. */
  | 'inverse-schema'
  | 'down-migration'
  /** Nothing used the thing any more, or it was empty. */
  | 'unused'
  /** An earlier release stopped using it. */
  | 'staged'
  | 'floor'
  /** Old and new work side by side. */
  | 'both'
  /** What was added may stay. */
  | 'may-stay'
  | 'loosen'
  | 'order'
  | 'forward'
  | 'not-applied'
  | 'drain'
  | 'alias'
  | 'release'
  | 'no-hook';

const RESTORE_VERB =
  '(?:restor\\w*|recover\\w*|re-?load\\w*|re-?import\\w*|copy\\w*\\s+(?:\\S+\\s+){0,6}back|copied\\s+back|put\\w*\\s+back|bring\\w*\\s+back|write\\w*\\s+back|refill\\w*|repopulat\\w*|rehydrat\\w*|replay\\w*|undelet\\w*|wiederherstell\\w*|zur[uü]ckspiel\\w*|einspiel\\w*|restaur\\w*|recuper\\w*|восстан\\S*|恢复|还原|復元|リストア|복원|복구)';
const SOURCE =
  '(?:back-?ups?|snapshots?|dumps?|pitr|point[\\s-]in[\\s-]time|saved\\s+(?:copy|values|rows)|cop(?:y|ies)|archive\\w*|export\\w*|csv|wal(?:-g)?|time\\s+travel|undo\\s+(?:log|table)|shadow\\s+(?:table|column)|audit\\s+(?:table|log)|history\\s+table|s3:\\/\\/\\S+|gs:\\/\\/\\S+|\\w+_(?:back-?up|bak|bkp|old|copy|archived?|saved|snapshot|history|prev(?:ious)?|before|deprecated|\\d{4,8})\\b|sicherung\\w*|sauvegarde\\w*|copia\\w*|respaldo\\w*|c[oó]pia\\w*|бэкап\\S*|резервн\\S*|备份|快照|バックアップ|スナップショット|백업|스냅샷)';
const NAMED_COPY = '(?:\\b\\w+_(?:back-?up|bak|bkp|copy|archived?|saved|snapshot|pre_?\\w+|before\\w*|old|\\d{6,8})\\b|\\b(?:back-?up|bak|bkp|saved|archived?|snapshot)_\\w+|s3:\\/\\/\\S+|gs:\\/\\/\\S+|\\bsnap(?:shot)?-\\w+|\\brds:\\S+|\\S+\\.(?:sql|dump|csv|parquet|gz)\\b)';

const PATTERNS: Readonly<Record<Offer, readonly RegExp[]>> = {
  backup: [new RegExp(`${RESTORE_VERB}[^\\n]{0,160}?${SOURCE}`, 'iu'), new RegExp(`${SOURCE}[^\\n]{0,120}?${RESTORE_VERB}`, 'iu')],
  restore: [
    new RegExp(`${RESTORE_VERB}[^\\n]{0,160}?${NAMED_COPY}`, 'iu'),
    new RegExp(`${NAMED_COPY}[^\\n]{0,120}?${RESTORE_VERB}`, 'iu'),
    /\b(?:pg_restore|mysqlbinlog|wal-g\s+backup-fetch|pgbackrest|barman\s+recover|restore-db-(?:instance|cluster)\S*|xtrabackup\s+--\S+|mongorestore|flashback\s+table|gcloud\s+sql\s+backups\s+restore)\b/i,
    /\b(?:psql|mysql)\b[^\n]{0,120}(?:<|-f|--file)\s*\S*(?:back-?up|dump|bak|saved|restore|snapshot|copy)\S*/i,
    new RegExp(`\\b(?:saved|copied|kept|stored|exported|dumped|backed\\s+up|archived|snapshotted|moved|preserved|gesichert|sauvegard\\w+|guardad\\w+|salv\\w+)\\b[^\\n]{0,100}(?:in|to|into|as|at|under|nach|dans|en|em)\\s+(?:the\\s+)?(?:table\\s+|schema\\s+|bucket\\s+)?[\`"']?${NAMED_COPY}`, 'iu'),
    new RegExp(`\\b(?:from|out of|aus|depuis|desde)\\s+(?:the\\s+)?(?:table\\s+|copy\\s+)?[\`"']?${NAMED_COPY}`, 'iu'),
    /\b(?:pitr|point[\s-]in[\s-]time\s+(?:recovery|restore))\b[^\n]{0,80}\b(?:to|before|back|at|window)\b/i,
  ],
  'inverse-data': [
    /\bupdate\s+[\w."`]+\s+(?:\w+\s+)?set\s+[\w."`]+\s*=/i,
    /\binsert\s+into\s+[\w."`]+[\s(][^\n]{0,400}?\b(?:select|values)\b/i,
    /\bdelete\s+from\s+[\w."`]+\s+where\b/i,
    /\b(?:inverse|reverse|compensating|undo|opposite|reversing)\s+(?:sql|update|statement|script|query|backfill|data\s+(?:fix|migration))\b/i,
    /\b(?:scripts?|sql|bin|ops|db|tools|tasks)\/\S*(?:undo|revert|restore|inverse|reverse|rollback|unbackfill)\S*\.(?:sql|sh|py|rb|js|ts)\b/i,
    /\b(?:rake|rails|manage\.py|artisan|npm run|make)\s+\S*(?:restore|revert_data|undo|unbackfill|reverse)\S*/i,
  ],
  'inverse-schema': [
    /\balter\s+table\b[^\n;]{0,160}\b(?:add\s+(?:column\s+)?\w|rename|change|modify|alter|drop)\b/i,
    /\bcreate\s+(?:or\s+replace\s+)?(?:materialized\s+)?(?:view|table|type)\b\s+[\w."`]+/i,
    /\brename\w*\b[^\n.]{0,80}\bback\b|\bback\s+to\s+(?:its|the)\s+(?:old|former|original|previous)\s+name\b|\brename\s+(?:the\s+)?(?:column|table)?\s*[`"']?[\w.]+[`"']?\s+(?:back\s+)?to\s+[`"']?[\w.]+/i,
    /\b(?:re-?create|re-?add|add\s+back|create\s+again)\w*\b[^\n.]{0,60}\b(?:column|table|view|index|type)\b/i,
  ],
  'down-migration': [
    /\balembic\b[^\n]{0,60}\bdowngrade\b|\b(?:rails|rake|bin\/rails)\b[^\n]{0,40}\bdb:(?:rollback|migrate:(?:down|redo))|\bmigrate:(?:rollback|down|undo|reset)\b|\bdb:migrate:undo\b|\bmigration:revert\b|\becto\.rollback\b|\bmix\s+\S*rollback\b|\bmanage\.py\s+migrate\s+\w+\s+\S+|\bdjango-admin\s+migrate\s+\w+\s+\S+|\bflyway\b[^\n]{0,30}\bundo\b|\bliquibase\b[^\n]{0,40}\brollback|\bgoose\b[^\n]{0,80}\bdown(?:-to)?\b|\bdbmate\b[^\n]{0,40}\b(?:down|rollback)\b|\bsqitch\s+revert\b|\bdiesel\s+migration\s+re(?:vert|do)\b|\bsqlx\s+migrate\s+revert\b|\b(?:golang-)?migrate\b[^\n]{0,120}\bdown\b(?:\s+\d+)?|\bef\s+database\s+update\b|\bUpdate-Database\b|\bknex\b[^\n]{0,40}\b(?:rollback|down)\b|\bnode-pg-migrate\s+down\b|\b(?:npm|pnpm|yarn)\b[^\n]{0,30}\bmigrat\w*[:\s](?:down|revert|rollback|undo)\b|\bmake\s+\S*(?:migrat\w*[-_]?down|down[-_]?migrat\w*|db[-_]rollback)|\bdoctrine:migrations:(?:execute\b[^\n]*--down|migrate\s+(?:prev|\S+))|\bphinx\s+rollback\b|\batlas\s+migrate\s+down\b|\bsequelize\b[^\n]{0,40}\bundo\b/i,
    /\bdown[\s-]?(?:migration|script|sql|file|method|step|revision)\b|\bdown\(\)|\b\S*\.?down\.sql\b|\b(?:reverse|revert|roll(?:ing)?\s*back|undo|downgrade|back\s+out)\w*\s+(?:the\s+|this\s+|that\s+|of\s+the\s+)?(?:db\s+|database\s+|schema\s+|data\s+)*migrations?\b|\bmigrations?\s+(?:is|are|can\s+be|will\s+be|gets?)?\s*(?:then\s+)?(?:rolled\s*back|reverted|reversed|undone|downgraded|reversible)\b|\breversible\s+migration|\bdowngrade\b/i,
    /\bMigration\b[^\n]{0,40}(?:zur[uü]ckrollen|r[uü]ckg[aä]ngig)|\bannuler\s+la\s+migration|\brevertir\s+la\s+migraci[oó]n|\breverter\s+a\s+migra[cç][aã]o|откат\S*\s+миграц|回滚(?:数据库)?迁移|マイグレーション(?:を)?(?:ロールバック|戻)|마이그레이션(?:을|을\s)?\s*롤백/iu,
  ],
  unused: [
    /\b(?:unused|not\s+used|no\s+longer\s+(?:used|read|written|referenced|queried)|never\s+(?:been\s+)?(?:used|read|written|populated|set)|has\s+not\s+been\s+(?:read|used|written|touched|queried)|dead\s+(?:column|table|code)|unreferenced|orphan\w*)\b/i,
    /\b(?:nothing|nobody|no\s+(?:code|reader|writer|query|queries|service|consumer|one|caller)s?)\s+(?:\w+\s+){0,3}(?:reads?|writes?|uses?|references?|queries|touches|selects?|depends?)\b/i,
    /\b(?:is|was|were|are)\s+(?:always\s+)?(?:empty|null|all\s+null|blank)\b|\bzero\s+rows\b|\b0\s+rows\b|\bno\s+(?:rows|data|values)\s+(?:in|are\s+lost|were|is\s+lost)\b|\b(?:only|all|every\w*)\s+(?:\w+\s+)?(?:null|NULLs)\b|\bno\s+data\s+(?:loss|to\s+lose)\b/i,
    /\b(?:ungenutzt|unbenutzt|inutilis[eé]\w*|sin\s+uso|sem\s+uso|n[aã]o\s+(?:é\s+)?usad\w*)\b|не\s+использ|未使用|使われていない|사용되지\s*않/iu,
  ],
  staged: [
    /\b(?:stopp\w*|ceas\w*|quit|remov\w*|dropp\w*|ignor\w*|deprecat\w*|no\s+longer\s+(?:read|used|written|referenced)|has\s+not\s+been\s+(?:read|used|written|queried)|unused|not\s+(?:read|used|written|referenced))\b[^\n.]{0,160}?\b(?:in|since|with|as\s+of|by|from|after|shipped\s+in|released\s+in)\s+(?:the\s+)?(?:v?\d+(?:\.\d+)+|#\d+|pr\s*#?\d+|release\s+\S*\d\S*|version\s+\S*\d|\d{4}-\d{2}|(?:last|previous|prior|earlier)\s+(?:release|deploy\w*|version|week|month|sprint|pr|pull\s+request)|january|february|march|april|may|june|july|august|september|october|november|december|\d+\s+(?:days?|weeks?|months?|releases?))/i,
    /\b(?:since|as\s+of|from)\s+(?:v?\d+(?:\.\d+)+|#\d+|release\s+\S*\d\S*|\d{4}-\d{2})\b[^\n.]{0,100}\b(?:not|no|nothing|never|without|ignore[sd]?|unused|stopped)\b/i,
    /\bignored_columns\b[^\n.]{0,120}\b(?:since|in|already|earlier|previous|last|shipped|released|deployed|live)\b|\bstate[\s-]only\s+(?:removal|migration|change)\b[^\n.]{0,120}\b(?:earlier|already|previous|last|since|shipped|released|deployed|first|v?\d+\.\d+|#\d+)/i,
    /\b(?:earlier|previous|prior|last)\s+(?:release|deploy\w*|version|pr|pull\s+request)\b[^\n.]{0,120}\b(?:stopped|removed|no\s+longer|already|does\s+not|doesn't|did\s+not|didn't|ignores?|without)\b/i,
    /\bcontract\s+(?:step|phase|part)\b|\b(?:second|last|final)\s+(?:step|phase|part)\s+of\s+(?:an?\s+|the\s+)?expand\b/i,
  ],
  floor: [
    /\b(?:roll[\s-]?back|revert)\s+floor\b|\b(?:do\s+not|don't|never|must\s+not|cannot|can't|not)\s+(?:be\s+)?(?:roll\w*[\s-]?back|revert\w*|go|deploy|downgrade)\s+(?:\w+\s+){0,4}?(?:past|below|before|beyond|further\s+than|earlier\s+than|older\s+than|behind|under)\b|\b(?:earliest|oldest|lowest|minimum)\s+(?:safe\s+|supported\s+)?(?:version|release|rollback\s+target|image|tag)\b|\bno\s+(?:earlier|further|lower|older)\s+than\b/i,
  ],
  both: [
    /\bexpand(?:\s*(?:\/|&|and|-|→|->|then)\s*)(?:migrate\s*(?:\/|-|and)\s*)?contract\b|\bdual[\s-]?(?:write|read|writing|reading|publish\w*|format)s?\b|\bdouble[\s-]?(?:write|writing|read)s?\b|\bwrit(?:es?|ing)\s+(?:to\s+)?both\b|\breads?\s+(?:from\s+)?both\b|\bboth\s+(?:columns?|names?|formats?|versions?|topics?|queues?|keys?|fields?|shapes?|schemas?)\b|\bcompat(?:ibility)?\s+view\b|\bview\s+(?:with|under|named|keeps?|of)\s+(?:\w+\s+){0,3}old\s+name\b|\bold\s+(?:and\s+new|name\s+stays)\b|\btrigger\b[^\n.]{0,60}\b(?:in\s+sync|sync\w*|copies|mirrors?)\b/i,
    /\b(?:old|previous|current|running|existing|prior|last)\s+(?:code|release|version|image|app\w*|pods?|build|consumers?|clients?|workers?|readers?|writers?)\b[^\n.]{0,100}\b(?:still\s+works?|keeps?\s+working|works?\s+(?:with|on|against|fine|unchanged)|runs?\s+(?:on|with|against|fine)|can\s+(?:run|read|write|still|work|handle|parse|cope)|compatible|tolerat\w*|ignor\w*|understand\w*|accepts?|handles?|unaffected|already\s+(?:writes?|fills?|sets?|sends?|validates?|checks?|reads?)|always\s+(?:writes?|fills?|sets?|sends?)|does\s+not\s+(?:read|write|care|need|touch)|doesn't\s+(?:read|write|care|need|touch)|never\s+(?:reads?|writes?))\b/i,
    /\b(?:backwards?|backward|rückwärts|n-1|forward\s+and\s+backward)[\s-]?compatib\w*\b|\bcompatible\s+with\s+(?:the\s+)?(?:old|previous|current|running|prior|last|existing)\b|\babw[aä]rtskompatibel|\brétrocompatible|\bretrocompat\w*|обратно\s+совместим|向后兼容|兼容旧|後方互換|하위\s*호환/iu,
  ],
  'may-stay': [
    /\b(?:column|table|index|schema|value|values|rows|data|field|constraint|migration|type|enum|it|they)\b[^\n.]{0,60}\b(?:can|may|could|will|is\s+safe\s+to|are\s+safe\s+to|should|simply|just)\s+(?:safely\s+)?(?:stay|stays|remain|be\s+left|be\s+kept|leave)\b|\b(?:stays?|remains?|left|leave|leaving|kept|keep)\b[^\n.]{0,40}\b(?:in\s+place|behind|as\s+(?:is|it\s+is)|unused|there|where\s+it\s+is|untouched|harmless)\b|\b(?:leave|keep)\s+the\s+(?:new\s+)?(?:column|table|index|schema|value|rows|data)\b|\b(?:column|table|index|values?|type|rows|field)\s+(?:itself\s+)?(?:simply\s+|just\s+)?(?:stays?|remains?)\b|\bharmless\b|\bpurely\s+additive\b|\badditive\b|\bno\s+data\s+(?:is\s+)?(?:loss|lost)\b|\bignores?\s+the\s+(?:new\s+)?(?:column|table|value|field)/i,
  ],
  loosen: [
    /\bdrop\s+(?:constraint|not\s+null|index|the\s+(?:new\s+)?(?:constraint|index|check|foreign\s+key|unique|not[\s-]null))\b|\bdrop\w*\s+(?:\S+\s+){0,4}(?:constraint|index|check|not\s+null)\b|\bset\s+default\b|\bremove_(?:index|foreign_key|check_constraint)\b|\b(?:remove|relax|lift|take\s+off)\s+the\s+(?:\S+\s+){0,3}(?:constraint|check|not[\s-]null|unique|index|foreign\s+key)\b|\bmake\s+(?:\S+\s+){1,5}nullable\b|\bdrop\s+column\b|\bwiden\w*\s+(?:\S+\s+){0,4}back\b/i,
  ],
  order: [
    /\b(?:first|before|prior\s+to|then|after(?:wards)?|followed\s+by|in\s+(?:this|that)\s+order)\b[^\n]{0,120}\b(?:downgrade|down\s+migration|db:rollback|migrate\S*\s+down|rolled?\s*back\s+the\s+(?:schema|migration|database)|drop\s+(?:the\s+)?(?:constraint|column|not\s+null))\b|\b(?:downgrade|down\s+migration|db:rollback|drop\s+(?:the\s+)?constraint)\b[^\n]{0,100}\b(?:first|before|then|prior\s+to)\b/i,
  ],
  forward: [/\b(?:roll|fix|go|forward)[\s-]?forward\b|\bforward[\s-](?:fix|only|migration)\b|\b(?:new|follow-?up|further|another|second|compensating|corrective|repair)\s+migration\b|\bflyway\s+repair\b|\bchecksums?\b[^\n.]{0,80}\b(?:repair|update|clear|fix)\w*\b|\brepair\b[^\n.]{0,60}\bchecksums?\b|\bclearCheckSums\b/i],
  'not-applied': [/\b(?:not|never|nowhere)\s+(?:yet\s+)?(?:been\s+)?(?:applied|run|executed|deployed|released|shipped)\b|\b(?:has|have)\s*(?:n't|\s+not)\s+(?:yet\s+)?(?:been\s+)?(?:run|applied|deployed|released|shipped)\b|\bcomment(?:s)?[\s-]only\b|\bunreleased\b/i],
  drain: [
    /\b(?:flush|purg|invalidat|clear|evict|drain|empt|expir|bust|delet|dropp?|reset)\w*\b[^\n.]{0,80}\b(?:caches?|keys?|redis|memcached?|cdn|queues?|topics?|jobs?|messages?|sessions?|entries|streams?|dead[\s-]letter|consumers?)\b|\b(?:caches?|keys?|queues?|topics?|messages?|jobs?|sessions?|entries)\b[^\n.]{0,60}\b(?:flush|purg|invalidat|clear|evict|drain|empt|expir|reset)\w*\b|\bFLUSH(?:DB|ALL)\b|\bredis-cli\b|\bttl\b|\breplay\w*\b[^\n.]{0,60}\b(?:events?|messages?|topic|offsets?|log)\b|\breset[\s-]offsets\b|\bold\s+(?:topic|queue|key|keys|consumer|format)\b[^\n.]{0,80}\b(?:stays?|kept|still|remains?|keeps?|until)\b|\b(?:tolerant|ignores?\s+unknown|unknown\s+fields?)\b|\breserved\b/i,
  ],
  alias: [/\balias(?:es)?\b|\bre-?index\w*\b|\bold\s+index\b|\bswap\w*\s+(?:the\s+)?(?:index|alias)|\b(?:index|mapping)\b[^\n.]{0,60}\b(?:stays?|kept|restored?|rebuil\w+)\b|\bsnapshot\b/i],
  release: [
    /\b(?:re-?releas(?:e|es|ed|ing)\s+(?:it\s+|this\s+)?(?:as|with|at|under)|re-release\w*|publish\w*|ship\w*|releas(?:e|ing)\s+(?:a\s+|an\s+)?(?=v?\d+\.\d+\.\d+[^\n.]{0,40}\b(?:with|that|restor|higher|again)))\b[^\n.]{0,80}(?:v?\d+\.\d+\.\d+\S*|\b(?:higher\s+version|new\s+(?:patch\s+)?(?:version|release|build)|patch(?:\s+(?:version|release))?|next\s+version|follow-?up|hotfix\s+(?:build|release|version)|build\s+\d+))|\b(?:a|the)\s+(?:new|higher|next|patch|follow-?up)\s+(?:patch\s+)?(?:release|version|build)\b|\b(?:higher|newer|new\s+patch|next\s+patch)\s+version\b|\bdist-tags?\b|\bnpm\s+(?:deprecate|unpublish|publish|dist-tag)\b|\b(?:yank|deprecate)\w*\b|\b(?:phased|staged)\s+(?:release|rollout)\b[^\n.]{0,60}\b(?:halt|pause|stop)\w*|\b(?:halt|pause|stop)\w*\b[^\n.]{0,60}\b(?:phased|staged)\s+(?:release|rollout)\b/i,
    /\b(?:v\d+|old|previous|existing|deprecated|both)\s+(?:api|endpoints?|routes?|fields?|paths?|clients?|versions?|contracts?)\b[^\n.]{0,80}\b(?:stays?|kept|keeps?|still|remains?|continue\w*|supported|served|until|works?|unaffected|unchanged)\b|\b(?:keep|serve|support)\w*\s+(?:serving\s+)?(?:both|the\s+old|v\d)\b|\bno\s+(?:known\s+|external\s+|live\s+|other\s+)?(?:clients?|consumers?|callers?|users?)\b|\b(?:server|remote)[\s-]?(?:side)?\s+(?:flag|config|switch)\b/i,
  ],
  'no-hook': [/--no-hooks\b|\b(?:disable|skip|without|remove|turn\s+off)\w*\b[^\n.]{0,60}\b(?:hooks?|migrations?|migrate\s+(?:step|job|on\s+boot|on\s+start)|release\s+command|readiness|auto-?migrat\w*)\b|\bRUN_MIGRATIONS\s*=\s*\S+|\bSKIP_MIGRAT\w*\s*=?\s*\S*/i],
};

const NO_BACKUP =
  /\b(?:no|not|never|without|lacks?|missing|can(?:no|')t|cannot|isn't|is\s+not|don't|do\s+not|didn't|haven't|won't|impossible|neither|kein\w*|ohne|pas\s+de|aucune?|sin|sem)\s+(?:\S+\s+){0,4}?(?:back-?ups?|snapshots?|cop(?:y|ies)|dumps?|restor\w*|recover\w*|sicherung|sauvegarde|pitr|needed|required|necessary)\b|\bno\s+(?:restore|backup)\b|нет\s+бэкап|没有备份|無備份|バックアップ(?:は)?(?:なし|ない|ありません)|백업\s*(?:없|불필요)/iu;

/** A sentence that denies what it names. */
const DENIES: Readonly<Partial<Record<Offer, RegExp>>> = {
  restore: NO_BACKUP,
  backup: NO_BACKUP,
  'down-migration': /\b(?:no|not|never|without|lacks?|missing|can(?:no|')t|cannot|isn't|is\s+not|don't|do\s+not|doesn't|won't|impossible|kein\w*|ohne|irreversible|there\s+is\s+none)\s+(?:\S+\s+){0,4}?(?:down|downgrade|revers\w*|undo|rolled?\s*back|reverted|db:rollback|rollback)\b|\birreversible\b|\bno[\s-]?op\s+down\b|\bdown\s+(?:\w+\s+){0,3}(?:is|does)\s+(?:empty|nothing|a\s+no-?op|missing|not)\b/i,
  unused: /\b(?:still|currently|actively|heavily)\s+(?:being\s+)?(?:used|read|written|referenced)\b|\bnot\s+(?:empty|unused)\b/i,
  both: /\b(?:not|isn't|aren't|no\s+longer|never)\s+(?:\w+\s+){0,2}(?:backwards?|compatible|rückwärts)\b|\bincompatible\b|\bno\s+(?:dual|double)\b/i,
  drain: /\b(?:not|never|no\s+need\s+to|don't|do\s+not|without)\s+(?:\w+\s+){0,3}(?:flush|purg|drain|invalidat|clear)\w*/i,
  release: /\b(?:not|never|no\s+need\s+to|don't|do\s+not)\s+(?:\w+\s+){0,2}(?:publish|re-?release)\w*/i,
};

/** Longest text and sentence that is looked at. */
const TEXT_LIMIT = 40_000;
const SENTENCE_LIMIT = 600;

/** The words that offer something, by what they offer. Pure and bounded. */
export function offersIn(text: string): ReadonlyMap<Offer, string> {
  const offers = new Map<Offer, string>();
  for (const sentence of sentencesOf(text)) {
    for (const [offer, patterns] of Object.entries(PATTERNS) as [Offer, readonly RegExp[]][]) {
      if (offers.has(offer) || DENIES[offer]?.test(sentence) === true) continue;
      const match = patterns.map((pattern) => pattern.exec(sentence)).find((found) => found !== null);
      if (match) offers.set(offer, match[0].trim().slice(0, 160));
    }
  }
  return offers;
}

/** Words by which the author says that nothing but the code needs undoing; null where nobody does. */
export function deniesSchema(text: string): string | null {
  for (const sentence of sentencesOf(text)) {
    const match = /\b(?:no|without(?:\s+any)?|does(?:n't|\s+not)\s+(?:touch|change|alter|include|have|contain)\s+(?:any\s+)?(?:the\s+)?)\s*(?:db\s+|database\s+|schema\s+|data\s+|sql\s+)*(?:migrations?|schema(?:\s+changes?)?|database|data\s+changes?|data)\b(?!\s+(?:is\s+)?los[ts])|\bnothing\s+else\s+(?:needs|to)\b[^\n.]{0,40}|\bcode[\s-]only\b|\bstateless\s+change\b|\bsafe\s+to\s+revert\b/i.exec(sentence);
    if (match) return match[0].trim();
  }
  return null;
}

function sentencesOf(text: string): readonly string[] {
  return text
    .slice(0, TEXT_LIMIT)
    .split(/\n+|(?<=[.!?])\s+(?=[A-Z`"'(])|(?<=[。！？])/u)
    .map((sentence) => sentence.trim().slice(0, SENTENCE_LIMIT))
    .filter((sentence) => sentence !== '');
}
