import type { Claims } from './claimed.js';
import { clauses, modalityAround } from './modality.js';
import { phrases, sentences } from './phrase.js';
import { isPlaceholder } from './placeholder.js';
import { readDescription, type Description, type Statement } from './statements.js';
import { isPlanTitle, saysHowToUndo } from './undo-words.js';

/** Longest list of statements that is looked at. */
const STATEMENTS = 1500;

/** Reads the claims of a description. Pure and bounded. */
export function readClaims(body: string, templates: readonly string[]): Claims {
  return claimsOf(readDescription(body, templates));
}

/** The same of a description already taken apart. */
export function claimsOf({ statements, titles }: Description): Claims {
  const own = statements.slice(0, STATEMENTS).filter((statement) => statement.ticked !== false && !isPlaceholder(statement.text));
  const first = (find: (statement: Statement) => string | null): string | null => {
    for (const statement of own) {
      const words = find(statement);
      if (words !== null) return words.trim().slice(0, 200);
    }
    return null;
  };
  return { staging: first(stagingIn), observability: first(observedIn), canary: first(canaryIn), flag: first(flagIn), incident: first(incidentIn) ?? titles.find((title) => INCIDENT_LINK.test(title) || INCIDENT_NUMBER.test(title)) ?? null };
}

const STAGE = phrases(
  'staging', 'stagin', 'stage', 'stg', 'pre-?prod(?:uction)?', 'pre-?release', 'uat', 'qa env(?:ironment)?', '(?<=\\b(?:on|in|to) (?:the )?)qa', 'test env(?:ironment)?', 'preview (?:env(?:ironment)?|deploy(?:ment)?)', 'testumgebung', 'vorproduktion', 'integrationsumgebung', 'pr[eé]-?prod(?:uction)?', 'recette', 'pre-?producci[oó]n', 'homologa[cç][aã]o', 'hml', 'стейдж\\p{L}*', 'препрод\\p{L}*', 'тестов(?:ом|ый) (?:стенд|сред|контур)\\p{L}*',
  '预发布?', '测试环境', '仿真环境', '預發', 'ステージング', '検証環境', '스테이징', '검증 ?(?:환경|서버)', '테스트 ?(?:환경|서버)',
);
const STAGE_THING = /\b(?:git )?staging (?:areas?|tables?|buckets?|director(?:y|ies)|folders?|schemas?|layers?|branch(?:es)?|config\w*|keys?|secrets?|values?|files?|url)\b|[\w./-]*\/staging\b|\bstaging\/|\b(?:first|last|next|final|each|this|build|pipeline|early|multi)[- ]stage\b/gi;
const DONE = phrases(
  'tested', 'tests? (?:pass|passed|ok|green)', 'verified', 'validated', 'confirmed', 'checked', 'deployed', 'ran', 'run', 'running', 'passed', 'passes', 'pass', 'works', 'worked', 'working', 'green', 'soak(?:ed|ing)?', 'exercised', 'smoke[- ]?test(?:ed|s)?', "qa[’']?(?:ed|d)", 'signed off', 'sign-?off', 'successful(?:ly)?', 'success', 'replayed', 'rehearsed', 'tried', 'live', 'rolled out', 'shipped', 'loaded', 'load[- ]tested', 'been on', 'done', 'ok', 'yes', 'complete[d]?', 'observed', 'baked', 'fine', 'healthy', 'no longer', 'gone', 'approved', 'reviewed', 'pushed to',
  'getestet', 'gepr[uü]ft', 'verifiziert', 'l[aä]uft', 'ausgerollt', 'erfolgreich', 'best[aä]tigt', 'durchgespielt', 'test[eé]e?s?', 'v[eé]rifi[eé]e?s?', 'valid[eé]e?s?', 'd[eé]ploy[eé]e?s?', 'confirm[eé]e?s?', 'probad[oa]s?', 'verificad[oa]s?', 'validad[oa]s?', 'desplegad[oa]s?', 'comprobad[oa]s?', 'confirmad[oa]s?', 'testad[oa]s?', 'implantad[oa]s?', 'homologad[oa]s?', 'funciona', 'провер(?:ен|ил|ено)\\p{L}*', 'перевір\\p{L}*', 'протестирова\\p{L}*', 'задеплоен\\p{L}*', 'выкачен\\p{L}*', 'прогна\\p{L}*', 'работает', 'выкатил\\p{L}*', 'обкатан\\p{L}*',
  'active', 'aktiv', 'ausprobiert', 'actif', 'activo', 'ativo', 'killed', '已验证', '验证通过', '测试通过', '已测试', '已部署', '验证过', '自测', '跑过', '通过', '已在', '验证', '正常', '確認済', '検証済', 'テスト済', '試験済', '済み', '確認しました', '検証しました', '動作確認', '確認', '検証', 'デプロイ済', '完了', '実施', '확인', '검증', '테스트', '통과', '완료', '배포했',
);
/** Something was done there; not that it broke there. */
const PAST = /\b(?:on|in) (?:staging|stage|stg|pre-?prod\w*|uat|qa) (?:since|for (?:\d+|an?|one|two|the last) ?\w+)\b|(?:на|в) стейдж\p{L}* (?:\p{L}+ ){0,2}под нагрузкой|\b(?!(?:introduced|broken|failed|crashed|noticed|reported|caused|created|added|changed|moved|renamed|removed|fixed|needed|based|named|used|called|supposed|expected|shared|stored|configured|limited|blocked|disabled|affected|occurred|happened|released|merged|received|reproduced|tracked|seen)\b)[a-z]{2,}(?:ed|ran) (?:\S+ ){0,4}(?:on|in|to|against|with) (?:our |the |a )?(?:staging|stage|stg|pre-?prod\w*|uat|qa)\b/iu;
const TICK = /[✅✔☑👍🟢]|:white_check_mark:|:heavy_check_mark:|\[x\]/iu;

function stagingIn({ text, label, ticked, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const labelled = label !== null && STAGE.test(label.replace(STAGE_THING, ' '));
  if (labelled && (TICK.test(text) || DONE.test(`${label} ${text}`) || /\b[a-z]{3,}ed\b/.test(text) || ticked === true) && modalityAround(`${label} ${text}`, [STAGE, DONE]) === 'stated') return `${label}: ${text}`;
  if (label !== null && DONE.test(label) && STAGE.test(text.replace(STAGE_THING, ' ')) && modalityAround(`${label}: ${text}`, [STAGE, DONE]) === 'stated') return `${label}: ${text}`;
  const section = under.at(-1);
  for (const raw of sentences(text)) {
    const sentence = raw.replace(/`[^`]*`/g, (code) => (STAGE.test(code) && /[/.=_:]/.test(code) ? ' ' : code)).replace(STAGE_THING, ' ');
    const done = (part: string): boolean => (ticked === true || TICK.test(part) || DONE.test(part) || PAST.test(part) || MEASURED_THERE.test(part)) && modalityAround(part, [STAGE, DONE]) === 'stated';
    const named = clauses(sentence).filter((clause) => STAGE.test(clause));
    if (named.length === 0) {
      if (section !== undefined && label === null && isStageTitle(section) && done(sentence)) return raw;
      continue;
    }
    const heading = under.at(-1) ?? '';
    if (named.some(done) || done(sentence) || (label === null && heading.length < 60 && DONE_TITLE.test(heading) && named.some((clause) => modalityAround(clause, [STAGE]) === 'stated' && clause.length < 60 && !BROKE.test(clause)))) return raw;
  }
  return null;
}

/** A heading under which the places of a test are listed. */
const DONE_TITLE = /^\W*(?:tested|verified|checked|validated|getestet|gepr[uü]ft|test[eé]e?|v[eé]rifi[eé]|probado|testado|verificado|провер\p{L}*|протест\p{L}*|перевір\p{L}*|getest|przetestowan\p{L}*|已测试|已验证|確認済み?|検証済み?)/iu;
const MEASURED_THERE = /\d.{0,30}(?:→|->).{0,10}\d/;
const BROKE = /\b(?:fail|broke|repro|found|seen|crash)/i;

function isStageTitle(title: string): boolean {
  return title.length < 60 && STAGE.test(title.replace(STAGE_THING, ' ')) && !/prod\b(?!uction)/i.test(title.replace(/pre-?prod/gi, ''));
}

const LOG_LINE =
  /^\s*at\s+\S.{0,200}[:(].{0,200}\d+\)?|^\s*File ".{1,200}", line \d+|Traceback \(most recent call last\)|\bgoroutine \d+ \[|\bpanic: |\b[\w.]*(?:Error|Exception|Fault)\b\s*:\s*\S|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,80}\b(?:ERROR|FATAL|WARN(?:ING)?|CRITICAL|error|panic|timeout|killed|FAIL\w*)\b|\b(?:level|severity)["']?\s*[=:]\s*["']?(?:error|fatal|warn|critical)|\bHTTP\/\d(?:\.\d)?["']?\s+[45]\d\d\b|^\s*\[?(?:ERROR|FATAL|CRITICAL|PANIC)\b\]?[:\s]|\bOOM ?Killed\b|\bOut ?Of ?Memory\b|\bSeq Scan on\b|\bdeadlock detected\b|\bcould not (?:obtain lock|serialize)\b|\bcanceling statement due to\b|\bECONN\w+\b|\bETIMEDOUT\b|\bSIG(?:SEGV|KILL)\b|\bexit code (?:1[0-9]{2}|2\d\d)\b/;
const NUMBER = String.raw`(?<![\w.#/:-])(?:[~≈<>≤≥]\s?)?\d[\d.,]*(?:[ \u00a0]\d{3})*`;
const UNIT = String.raw`\s?(?:%|percent\b|ms\b|s\b|sec\b|seconds?\b|min(?:ute)?s?\b|h\b|hours?\b|[kKmMgGtT]i?[bB]\b|k?\s?(?:rps|qps|req)\b|×|x\b|/\s?(?:s|sec|min|minute|h|hour|day)\b|per\s+(?:second|minute|hour|day)\b|秒|分|초|분|мс|с\b|мин)`;
const METRIC = String.raw`(?:error[- ]?rates?|errors?|5\d\ds?|5xx|4xx|40[0-9]s?|p(?:50|75|90|95|99|999)\b|latenc(?:y|ies)|cpu|memory|heap|rss|disks?|storage|inodes|throughput|rps|qps|requests?|req\b|failures?|fail(?:s|ed|ing)?|timeouts?|timed out|connections?|lag|backlog|queue(?: depth| length| age)?|dlq|restarts?|response times?|success rate|conversion|apdex|gc|exceptions?|crash(?:es|-free)?|retries|deadlocks?|replicas?|pods?|hit rate|saturation|alerts?|duplicat\w+|oom\w*|fehler\w*|anfragen|latenz|erreurs?|requ[eê]tes|errores|peticiones|latencia|cierres|erros|requisi[cç][oõ]es|ошиб\p{L}*|запрос\p{L}*|задержк\p{L}*|очеред\p{L}*|задач\p{L}*|错误(?:率|数)?|报错|超时|延迟|请求|失败(?:率)?|告警|エラー(?:率)?|レイテンシ|遅延|失敗|タイムアウト|에러(?:율)?|오류(?:율)?|지연|실패|중복|응답 ?시간)`;
/** What may fail: counted, or by its share. */
const THING = String.raw`(?:events?|messages|uploads?|jobs?|checkouts?|payments?|orders?|invoices?|accounts?|deliver(?:y|ies)|users?|customers?|sessions?|tenants?|logins?|transactions?|emails?|webhooks?|bookings?|refunds?|rows?|der \p{L}+)`;
const COUNTED = String.raw`(?:次|件|回|건|раз|笔|单)`;
const SINCE = String.raw`(?:\bsince\b|\blast (?:night|hour|day|week)|\bin (?:the last )?(?:\d+ ?(?:min|h|hours?|minutes?|days?)|an hour|ten minutes|total)|\bper (?:minute|hour|day|second)|\bseit\b|\bdepuis\b|\bdesde\b|\bsubir|с \d|以来|기준|\binstead of [\d\x60]|\bwere (?:put|handled|charged|lost|sent|affected)|\bare (?:stuck|in)|\bnormally\b|\busually\b)`;
const MEASURED = new RegExp(
  [
    `${METRIC}.{0,60}?${NUMBER}${UNIT}`,
    `${NUMBER}${UNIT}.{0,30}?${METRIC}`,
    `${METRIC}\\)?:?\\s+(?:is |are |at |=)?\\s?${NUMBER}(?![.\\d]*\\s*(?:\\)|→|->))`,
    `${NUMBER}k?(?:\\s?\\/\\s?(?:s|min|h|hour|day)|\\s?%|\\s?ms|\\s?s)\\s?(?:→|->)\\s?${NUMBER}`,
    `${NUMBER}k?\\s+(?:[\\p{L}-]+\\s+){0,3}?${METRIC}`,
    `${NUMBER}\\s?%.{0,30}?${THING}|${THING}.{0,40}?${NUMBER}\\s?%`,
    `${NUMBER}k?\\s+(?:[\\p{L}-]+\\s+){0,3}?${THING}\\b.{0,40}\\b(?:are|were|was|is|have|had|got|failed|lost|stuck|affected)\\b`,
    `(?<![\\w.#/:-])\\d[\\d.,]*\\d\\s?${COUNTED}`,
    String.raw`\bat \d{2,3}(?:[.,]\d)?\s?%(?!\s*of)`,
    String.raw`\bjumps? between \d|\b\d[\d.,]+ \p{L}+ at \d{1,2}:\d\d`,
    `${NUMBER}k?\\s+\\p{L}.{0,60}${SINCE}`,
  ].join('|'),
  'iu',
);
const FAILS_WITH = /\b(?:fail(?:s|ed|ing)?|crash(?:es|ed|ing)?|error(?:s|ed)?|throw(?:s|n)?|threw|rais(?:es|ed)|answers?|return(?:s|ed)?|reject(?:s|ed)?|die[sd]?|killed|with|log|line|trace|message|from \w+)\b.{0,30}`(?:[^`]*(?:error|exception|denied|refused|not exist|unknown|invalid|timeout|timed out|cannot|null|undefined|killed|overflow|violat|exceeded|aborted|too (?:big|large|many|long)|full\b|4\d\d|5\d\d)[^`]*)`/i;
/** A line of a log: it begins with its time. */
const STAMPED = /^\s*[[(]?\d{4}-\d\d-\d\d[ ,T]+\d\d:\d\d|\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d|\bFatal error\b/i;
/** Numbers of a test run or of a release are not those of the incident. */
const OF_TESTS = /\b(?:tests?|tested|specs?|suite|benchmarks?|wrk|k6|jmeter|lighthouse|threads|build|lint|coverage|e2e|locally|dbt|ci|staging|pre-?prod\w*|rehears\w+|nullable|columns?)\b|ステージング|测试|테스트|스테이징|стейдж/iu;
const DASHBOARD_LINK = /https?:\/\/(?!(?:[\w.-]*\.)?(?:github\.com|npmjs\.com|docs\.)|docs\.)(?:[\w.-]*(?:grafana|datadoghq|newrelic|kibana|sentry|honeycomb|splunk|cloudwatch|lightstep|rollbar|bugsnag|prometheus|dynatrace|loggly|papertrail|logz|jaeger|signoz|appsignal|scoutapm|instana|crashlytics)[\w.-]*(?=[/:?#])\S*|\S*(?:\/d\/|crashlytics|cloudwatch|dashboards?\/|metrics|monitoring)\S*)/i;
const NAMED_BOARD = /\b(?:dashboard|board|painel|tablero|panneau|monitor|panel|grafana|datadog|kibana|sentry|alert)\b[^.\n]{0,20}[`"“'«]([^`"”'»]{3,80})[`"”'»]|[`"“«]([^`"”»]{3,80})[`"”»]\s+(?:dashboard|board|monitor|panel|alert|metric)\b|\bSENTRY-(?=[A-Z]*\d)[A-Z0-9]+\b|\b(?:sentry|rollbar|bugsnag)\s+(?:issue\s+)?#?[A-Z]*-?\d{3,}\b/i;
const NAMED_METRIC = /`[a-z][a-z\d]*(?:[._][a-z\d]+)*[._](?:total|count|seconds|ms|bytes|rate|errors|latency|duration|p9\d|depth|lag|ratio|requests|failures|bucket|usage|utili[sz]ation|5xx)(?:\{[^`]*\})?`|`[a-z]\w+\{[^`]*\}`|\bmetri[ck]s?\b\W{0,3}`\w+`|メトリクス\s*`\w+`/i;
/** A threshold or a promise is no observation. */
const CHANGES = /^\W*(?:this (?:pr|change|pull request|fix)\s+)?(?:lower|rais|increas|decreas|reduc|set|add|limit|cap|bump|chang|new|use|make|allow|extend|shorten|switch|replac|move|remov|updat|introduc|default)(?:s|es|e|ed|ing)?\b/i;
const THRESHOLD = /\bstops? (?:at|if|when|above)\b|\bwatch(?:ing)?\b|\babbruch\b|\bparamos\b|\b(?:above|below|over|under) \d\S* (?:\S+ )?(?:are|is) (?:accepted|allowed|rejected)\b|\b(?:if|when|unless|until|once|should|must|expect\w*|alert (?:if|when|on)|slo|goal|falls|wenn|si|se|caso)\b|\bе?если\b|如果|若|超过|場合|경우/iu;

function observedIn({ text, form, label, ticked, under }: Statement): string | null {
  if (form === 'code') return LOG_LINE.test(text) || STAMPED.test(text) ? text : null;
  for (const sentence of sentences(text)) {
    if (DASHBOARD_LINK.test(sentence)) return sentence;
    if (LOG_LINE.test(sentence)) return sentence;
    if (NAMED_BOARD.test(sentence) || NAMED_METRIC.test(sentence)) return sentence;
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    if (FAILS_WITH.test(sentence)) return sentence;
    const counts = withoutNames(whole);
    if (ticked !== true && !under.some(isPlanTitle) && MEASURED.test(counts) && !THRESHOLD.test(counts) && !CHANGES.test(sentence) && !OF_TESTS.test(whole) && !isGradual(whole) && !FLAG_WORD.test(whole)) return whole;
  }
  return null;
}

/** Versions, dates, issue numbers and addresses are numbers of something else. */
function withoutNames(text: string): string {
  return text.replace(/https?:\/\/\S+|\bv?\d+\.\d+\.\d+\S*|\b\d{4}-\d\d-\d\d\S*|\b\d{1,2}:\d\d(?::\d\d)?\b|#\d+|\b[A-Z][A-Z\d]+-\d+\b|`[^`]*`/g, ' ');
}

const CANARY = phrases(
  'canary', 'canaries', 'canari', 'canario', 'can[aá]rio', 'gradual(?:ly)?(?: roll-?out)?', 'progressive (?:roll-?out|delivery|deployment)', 'phased (?:roll-?out|release|deployment)', 'staged roll-?out', 'incremental roll-?out', 'percentage roll-?out', 'roll(?:ing|ed)?[- ]?out', 'ramp(?:ed|ing|s)?(?:[- ]?up)?', 'blue[/ -]?green', 'ring (?:0|1|zero|one)', 'traffic', 'weights?', 'schrittweise', 'stufenweise', 'd[eé]ploiement progressif', 'progressivement', 'despliegue (?:gradual|progresivo)', 'gradualmente', 'канаре\\p{L}*', 'поэтапн\\p{L}*', 'постепенн\\p{L}*', '灰度', '金丝雀', '分批', '放量', 'カナリア', '段階', '카나리', '점진', '단계',
);
const ONE_FIRST = /\b(?:one|1|2|two|single)\s+(?:pods?|nodes?|instances?|hosts?|regions?|cells?|tenants?|shards?|clusters?|servers?|az)\b|\bring (?:0|1)\b|\b(?:pods?|nodes?|regions?|az|topics?|tenants?|shards?|clusters?) (?:\S+ ){0,2}one (?:\p{L}+ )?at a time\b|\bone (?:\p{L}+ )?at a time\b|一台|1台|一个(?:实例|节点)|1 ?(?:대|개)/iu;
const PERCENT = /(?<![\w.])\d{1,3}(?:[.,]\d+)?\s?%/g;
const DURATION = /\b\d+ ?(?:min(?:ute)?s?|m|h|hours?|days?|stunden?|tage?|heures?|horas?|minutos?|minuten|дн\p{L}*|час\p{L}*|мин\p{L}*)(?![\p{L}])|\b(?:for|für|pendant|durante|por) (?:a|an|one|two|eine[nr]?|une?|um[a]?|на) \p{L}+|\b(?:mon|tue|wed|thu|fri|segunda|ter[cç]a|quarta|quinta|sexta|lunes|martes|mi[eé]rcoles|jueves|viernes|lundi|mardi|mercredi|jeudi|vendredi|montag|dienstag|mittwoch|donnerstag|freitag)\b|\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|overnight|this week|next week|(?:a|one|two) (?:hour|day|week)s?|days apart)\b|\d+ ?(?:分|時間|小时|分钟|시간|분|天|日)|на (?:час|день)/iu;
const NEXT = /→|->|=>|\bthen\b|\bdanach\b|\bdann\b|\bpuis\b|\bensuite\b|\bluego\b|\bdespu[eé]s\b|\bdepois\b|потом|затем|然后|再|その後|次に|이후|다음|\bfinally\b|\bthe rest\b|\ball\b|\balle\b|\beveryone\b|\beverybody\b|\btous\b|\btodos\b|100 ?%/iu;
const FAULT = /\berrors?\b|\bp9\d|\blatency|\bcpu\b|\bcoverage\b|\bmemory\b|\bfail/i;

const EVERYBODY = /\ball\b|\bthe rest\b|\beveryone\b|\beverybody\b|\balle[ns]?\b|\btous\b|\btout le monde\b|\btodos\b|\bresto\b|\bвсе\p{L}*|全部|全量|全員|全台|全体|전체|모두/iu;
const FIRST_THEN = /\bfirst\b.{0,60}\bthen\b.{1,60}\b(?:then|the rest|all|everyone)\b|\b(?:region|shard|pod|node|tenant|cell|cluster|store|shop|customer) by (?:region|shard|pod|node|tenant|cell|cluster|store|shop|customer)\b/i;
const PLACES = /\b(?:ein(?:en)?|un|une|um|uma|один|одна|eine) (?:knoten|pod|server|instanz|n[oœ]ud|nodo|n[oó]|instance|instancia|серве\p{L}*|под|нод\p{L}*)(?!\p{L}).{1,80}(?:\balle\b|\btous\b|\btodos\b|все)/iu;

/** `10 → 50 → 100`, and what takes a while each. */
const WEIGHTS = /\b\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?(?:\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?){0,3}100\b/i;
const EACH = /\b\p{L}+(?: \d+(?: to \d+)?)? for \d+ ?(?:min(?:ute)?s?|m|h|hours?|days?)\b/giu;

/** A rollout in steps: rising shares with what comes between them, or one place first. */
function isGradual(text: string): boolean {
  const shares = new Set((text.match(PERCENT) ?? []).map((share) => Number.parseFloat(share.replace(',', '.'))));
  const named = CANARY.test(text);
  if (WEIGHTS.test(text)) return true;
  if ((text.match(EACH) ?? []).length >= 2 && /\bthen\b|\bthe rest\b|\bdann\b|\bpuis\b|\bluego\b|\bdepois\b|затем|然后|その後/iu.test(text)) return true;
  const rising = [...shares];
  const toAll = rising.at(-1) === 100 || EVERYBODY.test(text);
  if (rising.length >= 3 && toAll && rising.every((share, index) => index === 0 || share > (rising[index - 1] ?? 0))) return true;
  if (FIRST_THEN.test(text) || PLACES.test(text)) return true;
  if (shares.size >= 2 && toAll && NEXT.test(text) && (DURATION.test(text) || named) && !/\bfrom\b.{0,20}%.{0,10}\bto\b.{0,20}%/i.test(text)) return true;
  if (shares.size >= 1 && named && (NEXT.test(text) || DURATION.test(text)) && !FAULT.test(text.split('%')[0] ?? '')) return true;
  return ONE_FIRST.test(text) && (named || DURATION.test(text)) && (NEXT.test(text) || DURATION.test(text));
}

function canaryIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const whole = label === null ? text : `${label}: ${text}`;
  const titled = under.some((title) => title.length < 60 && /\bcanary\b|\broll-?out\b|\bramp|灰度|カナリア|카나리|段階|단계/iu.test(title));
  const steps = isGradual(whole) || (titled && isGradual(`rollout: ${whole}`)) || BATCHES.test(whole);
  return steps && !/\b(?:no|without|skip(?:ping|ped)?|not)\b.{0,20}\b(?:canary|gradual|rollout)\b|\b(?:could|might)\b.{0,30}\bcanary/i.test(whole) ? whole : null;
}

const BATCHES = /\b(?:batch|wave|phase|step|ring) ?#?1\b.{1,120}\b(?:batch|wave|phase|step|ring) ?#?2\b|\b(?:starting|begin(?:ning)?|start) with\b.{1,60}\bfor (?:a|an|one|\d+) ?\p{L}+.{0,20}\bthen\b/iu;

const FLAG_WORD = phrases('feature[- ]?flags?', 'flags?', 'flagged', 'feature[- ]?toggles?', 'toggles?', 'kill[- ]?switch(?:es)?', 'switch', 'launchdarkly', 'unleash', 'configcat', 'remote config(?: key)?', 'config key', 'flipper', 'split\\.io', 'statsig', 'gate', 'gated', 'guarded by', 'interrupteur', 'drapeau', 'schalter', 'bandera', 'флаг\\p{L}*', 'фич[аеи]?-?флаг\\p{L}*', 'рубильник\\p{L}*', '开关', '特性开关', '功能开关', '降级开关', 'フラグ', 'トグル', '플래그', '토글', '스위치');
const FLAG_NAME = /[`"“'][\w.:/-]*[A-Za-z][\w.:/-]*(?:\s*=\s*\w+)?[`"”']|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[a-z]+(?:[_.-][a-z0-9]+)+\b/;
const FLAG_IS_SUBJECT = /\b(?:remov(?:e[sd]?|ing)|delet(?:e[sd]?|ing)|clean(?:s|ed|ing)? up|drop(?:s|ped)?|retire[sd]?|evaluat\w+|default value of|typo in|renam(?:e[sd]?|ing)|compiler|command[- ]line|cli|has been (?:at|on))\b/i;
/** Released behind a name, and off again by it. */
const CONDITIONAL = /\b(?:only|while|with|when|if|unless|once)\b.{0,30}`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*=\s*\w+`/;
const BEHIND = /\b(?:behind|hinter|derri[eè]re|detr[aá]s de|atr[aá]s d[ea]|через|за)\s+(?:the |a |an |our |le |la |der |dem |el |o |флагом )?(?:new )?(?:\p{L}+ ){0,2}`[\w.:/-]+`|\b(?:on|enabled|active) for (?:\S+ ){1,4}(?:through|via|with|by) `[\w.:/-]+`|`[\w.:/-]+`\s*(?:的?后面|で制御|で有効|로 제어)/iu;
const VARIABLE_SET = /(?<![\w.])(?!\w*(?:VERSION|TAG|IMAGE|REVISION|SHA|COMMIT)\b)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*(?:=|:\s)\s*["']?(?!v?\d+\.\d)[\w.-]+/u;
const SWITCH_SET = /[\w.:/-]*[a-z][\w.:/-]*\s*=\s*["']?(?:true|false|on|off)\b|`[\w.:/-]+`\s*(?:to|=|→|auf|[aà]|en|para|в|на|为|を|로)\s*[`"]?(?:true|false|on|off|0|1)\b|`[\w.:/-]+`\s*(?:off|aus|выкл)\b/iu;
const isSet = (text: string): boolean => VARIABLE_SET.test(text) || SWITCH_SET.test(text);

function flagIn({ text, label, under, form }: Statement): string | null {
  const inPlan = under.some(isPlanTitle);
  if (form === 'code') return inPlan && /^(?:export )?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+=\S+$/.test(text) ? text : null;
  for (const sentence of sentences(text)) {
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    if (FLAG_IS_SUBJECT.test(sentence) || /`--?[\w-]+`\s+(?:flag|switch|option)|\b(?:could|would|might|if wanted)\b.{0,40}\b(?:behind|flag|toggle)/i.test(sentence)) continue;
    if (/\bscale\b/i.test(sentence)) continue;
    if (BEHIND.test(whole) || CONDITIONAL.test(sentence) || ((inPlan || saysHowToUndo(sentence)) && isSet(sentence)) || (isSet(sentence) && DURATION.test(sentence) && NEXT.test(sentence))) return whole;
    const named = FLAG_WORD.test(whole) || under.some((title) => title.length < 60 && /\b(?:feature )?(?:flag|toggle|kill[- ]?switch)/i.test(title));
    if (!named || !FLAG_NAME.test(sentence.replace(/https?:\/\/\S+/g, ' ').replace(/\b(?:feature|kill)-(?:flags?|switch|toggles?)\b/gi, ' '))) continue;
    if (/\b(?:no|not|without|n[’']t)\b.{0,25}\b(?:flag|toggle|switch)|\bkein\p{L}* (?:flag|schalter)|\bsans flag|\bsin flag|\bsem flag|без флага|没有开关/iu.test(whole)) continue;
    return whole;
  }
  return null;
}

const INCIDENT_LINK = /https?:\/\/\S*(?:pagerduty|opsgenie|incident\.io|statuspage|status\.\w|firehydrant|rootly|victorops|squadcast|zenduty|grafana\.net\/a\/grafana-(?:incident|oncall)|blameless|jeli|incidents?\/|post-?mortems?|outage|betterstack|rollbar\.com|bugsnag\.com|crashlytics|honeybadger\.io|airbrake\.io|raygun\.com|sentry\.io\/\S*issues|sentry\S*\/issues\/)\S*/i;
const INCIDENT_NUMBER = /\b(?:INC|INCIDENT|OUTAGE|SEV|IR|PIR|PROD-?INC|MI|IM|SR)[-_ ]?#?\d{2,}(?:-\d+)*\b|\bincident[\s#:–-]*(?:no\.? ?|number ?|id:? ?)?#?(?:[A-Z]+-)?\d{2,}\b|#inc(?:ident)?-[\w-]+|\bP\d?IR-\d+|\b(?:vorfall|st[oö]rung|incident|incidente|инцидент\p{L}*)\s*(?:nr\.?|n[º°o]\.?|№|#)?\s*[A-Z]*-?\d{2,}|(?:故障单|事故单|故障|事故)(?:编号|号|ID)?\s*[:：#]?\s*[A-Z]*-?\d{2,}|(?:障害(?:票|番号|チケット)?|インシデント)\s*[:：#]?\s*[A-Z]*-?\d{2,}|장애\s*(?:번호|티켓|리포트)?\s*[:：#]?\s*[A-Z]*-?\d{2,}/iu;
const INCIDENT_TITLE = /\bincident\b|\boutage\b|\bpost-?mortem\b|инцидент|故障|事故|障害|インシデント|장애|vorfall|störung/iu;

function incidentIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const whole = label === null ? text : `${label}: ${text}`;
  if (INCIDENT_LINK.test(whole)) return whole;
  if (INCIDENT_NUMBER.test(whole) && !/\b(?:no|not an|without(?: an)?) incident\b/i.test(whole)) return whole;
  const title = label ?? under.at(-1) ?? '';
  return title.length < 60 && INCIDENT_TITLE.test(title) && /https?:\/\/\S+|#\d+|\b[A-Z][A-Z\d]+-\d+\b/.test(text) ? whole : null;
}
