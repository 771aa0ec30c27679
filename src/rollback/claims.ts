import { clauses, modalityOf } from './modality.js';
import { phrases, sentences } from './phrase.js';
import { isPlaceholder } from './placeholder.js';
import { readDescription, type Description, type Statement } from './statements.js';

/** What a description claims beside its rollback plan: each the author's own words, cut to 200 characters, or null. */
export interface Claims {
  /** That the change was tried on staging or the like: done, not planned. */
  readonly staging: string | null;
  /** Numbers, a log or trace excerpt, a named metric or dashboard of this incident. */
  readonly observability: string | null;
  /** A gradual rollout with its steps. */
  readonly canary: string | null;
  /** A named switch that turns the change off. */
  readonly flag: string | null;
  /** A link to or the number of an incident. */
  readonly incident: string | null;
}

/** Nothing was claimed, or nothing was read. */
export const NO_CLAIMS: Claims = { staging: null, observability: null, canary: null, flag: null, incident: null };

/** Longest list of statements that is looked at. */
const STATEMENTS = 1500;

/** Reads the claims of a description. Pure and bounded. */
export function readClaims(body: string, templates: readonly string[]): Claims {
  return claimsOf(readDescription(body, templates));
}

/** The same of a description already taken apart. */
export function claimsOf({ statements }: Description): Claims {
  const own = statements.slice(0, STATEMENTS).filter((statement) => statement.ticked !== false && !isPlaceholder(statement.text));
  const first = (find: (statement: Statement) => string | null): string | null => {
    for (const statement of own) {
      const words = find(statement);
      if (words !== null) return words.trim().slice(0, 200);
    }
    return null;
  };
  return { staging: first(stagingIn), observability: first(observedIn), canary: first(canaryIn), flag: first(flagIn), incident: first(incidentIn) };
}

const STAGE = phrases(
  'staging', 'stage', 'stg', 'pre-?prod(?:uction)?', 'pre-?release', 'uat', 'qa env(?:ironment)?', 'qa', 'test env(?:ironment)?', 'preview(?: env(?:ironment)?| deploy(?:ment)?)?', 'testumgebung', 'vorproduktion', 'integrationsumgebung', 'pr[eé]-?prod(?:uction)?', 'recette', 'pre-?producci[oó]n', 'homologa[cç][aã]o', 'hml', 'стейдж(?:инг)?\\p{L}*', 'препрод\\p{L}*', 'тестов(?:ом|ый) (?:стенд|сред|контур)\\p{L}*',
  '预发布?', '测试环境', '仿真环境', '預發', 'ステージング', '検証環境', '스테이징', '검증 ?(?:환경|서버)', '테스트 ?(?:환경|서버)',
);
const STAGE_THING = /\b(?:git )?staging (?:areas?|tables?|buckets?|director(?:y|ies)|folders?|schemas?|layers?|branch(?:es)?|config\w*|keys?|secrets?|values?|files?|url)\b|[\w./-]*\/staging\b|\bstaging\/|\b(?:first|last|next|final|each|this|build|pipeline|early|multi)[- ]stage\b/gi;
const DONE = phrases(
  'tested', 'tests? (?:pass|passed|ok|green)', 'verified', 'validated', 'confirmed', 'checked', 'deployed', 'ran', 'run', 'running', 'passed', 'passes', 'pass', 'works', 'worked', 'working', 'green', 'soak(?:ed|ing)?', 'exercised', 'smoke[- ]?test(?:ed|s)?', "qa[’']?(?:ed|d)", 'signed off', 'sign-?off', 'successful(?:ly)?', 'success', 'replayed', 'rehearsed', 'tried', 'live', 'rolled out', 'shipped', 'loaded', 'load[- ]tested', 'been on', 'done', 'ok', 'yes', 'complete[d]?', 'observed', 'baked', 'fine', 'healthy', 'no longer', 'gone', 'approved', 'reviewed', 'pushed to',
  'getestet', 'gepr[uü]ft', 'verifiziert', 'l[aä]uft', 'ausgerollt', 'erfolgreich', 'best[aä]tigt', 'durchgespielt', 'test[eé]e?s?', 'v[eé]rifi[eé]e?s?', 'valid[eé]e?s?', 'd[eé]ploy[eé]e?s?', 'confirm[eé]e?s?', 'probad[oa]s?', 'verificad[oa]s?', 'validad[oa]s?', 'desplegad[oa]s?', 'comprobad[oa]s?', 'confirmad[oa]s?', 'testad[oa]s?', 'implantad[oa]s?', 'homologad[oa]s?', 'funciona', 'провер(?:ен|ил|ено)\\p{L}*', 'протестирова\\p{L}*', 'задеплоен\\p{L}*', 'выкачен\\p{L}*', 'прогна\\p{L}*', 'работает', 'выкатил\\p{L}*', 'обкатан\\p{L}*',
  '已验证', '验证通过', '测试通过', '已测试', '已部署', '验证过', '自测', '跑过', '通过', '已在', '验证', '正常', '確認済', '検証済', 'テスト済', '確認しました', '検証しました', '動作確認', '確認', '検証', 'デプロイ済', '完了', '実施', '확인', '검증', '테스트', '통과', '완료', '배포했',
);
const TICK = /[✅✔☑👍🟢]|:white_check_mark:|:heavy_check_mark:|\[x\]/iu;

function stagingIn({ text, label, ticked, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const labelled = label !== null && STAGE.test(label.replace(STAGE_THING, ' '));
  if (labelled && (TICK.test(text) || DONE.test(text) || ticked === true) && modalityOf(`${label} ${text}`) === 'stated') return `${label}: ${text}`;
  const section = under.at(-1);
  for (const raw of sentences(text)) {
    const sentence = raw.replace(/`[^`]*`/g, (code) => (STAGE.test(code) && /[/.=_:]/.test(code) ? ' ' : code)).replace(STAGE_THING, ' ');
    const named = clauses(sentence).filter((clause) => STAGE.test(clause));
    if (named.length === 0) {
      if (section !== undefined && label === null && isStageTitle(section) && (DONE.test(sentence) || ticked === true) && modalityOf(sentence) === 'stated') return raw;
      continue;
    }
    if (named.some((clause) => modalityOf(clause) === 'stated' && (ticked === true || TICK.test(clause) || DONE.test(clause)))) return raw;
    if (modalityOf(sentence) === 'stated' && (ticked === true || TICK.test(sentence) || DONE.test(sentence))) return raw;
  }
  return null;
}

function isStageTitle(title: string): boolean {
  return title.length < 60 && STAGE.test(title.replace(STAGE_THING, ' ')) && !/prod\b(?!uction)/i.test(title.replace(/pre-?prod/gi, ''));
}

const LOG_LINE =
  /^\s*at\s+\S.{0,200}[:(].{0,200}\d+\)?|^\s*File ".{1,200}", line \d+|Traceback \(most recent call last\)|\bgoroutine \d+ \[|\bpanic: |\b[\w.]*(?:Error|Exception|Fault)\b\s*:\s*\S|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,80}\b(?:ERROR|FATAL|WARN(?:ING)?|CRITICAL|error|panic|timeout|killed|FAIL\w*)\b|\b(?:level|severity)["']?\s*[=:]\s*["']?(?:error|fatal|warn|critical)|\bHTTP\/\d(?:\.\d)?["']?\s+[45]\d\d\b|^\s*\[?(?:ERROR|FATAL|CRITICAL|PANIC)\b\]?[:\s]|\bOOM ?Killed\b|\bOut ?Of ?Memory\b|\bSeq Scan on\b|\bdeadlock detected\b|\bcould not (?:obtain lock|serialize)\b|\bcanceling statement due to\b|\bECONN\w+\b|\bETIMEDOUT\b|\bSIG(?:SEGV|KILL)\b|\bexit code (?:1[0-9]{2}|2\d\d)\b/;
const QUANTITY = String.raw`(?:[~≈<>≤≥]\s?)?\d[\d.,]*\s?(?:%|percent\b|ms\b|s\b|sec\b|seconds?\b|min(?:ute)?s?\b|[kKmMgGtT]i?[bB]?\b|rps\b|qps\b|x\b|×|\/\s?(?:s|sec|min|minute|h|hour|day)\b|per\s+(?:second|minute|hour|day)|times\b|次|件|回|건|раз)?`;
const METRIC = String.raw`(?:error[- ]?rates?|errors?|5\d\ds?|5xx|4xx|40[0-9]s?|p(?:50|75|90|95|99|999)\b|latenc(?:y|ies)|cpu|memory|heap|rss|throughput|rps|qps|requests?|failures?|failed|timeouts?|connections?|lag|backlog|queue(?: depth| length| age)?|restarts?|response times?|success rate|conversion|apdex|gc|exceptions?|events?|checkouts?|payments?|orders?|crash(?:es|-free)?|retries|deadlocks?|replicas?|pods?|hit rate|saturation|alerts?|duplicat\w+|fehler\w*|anfragen|latenz|erreurs?|requ[eê]tes|errores|peticiones|latencia|erros|requisi[cç][oõ]es|ошиб\p{L}*|запрос\p{L}*|задержк\p{L}*|错误(?:率|数)?|报错|超时|延迟|请求|失败(?:率)?|告警|エラー(?:率)?|レイテンシ|遅延|失敗|タイムアウト|에러(?:율)?|오류(?:율)?|지연|실패|응답 ?시간)`;
const MEASURED = new RegExp(`${METRIC}.{0,60}?(?<![\\w.#/-])${QUANTITY}|(?<![\\w.#/-])${QUANTITY}.{0,30}?${METRIC}`, 'iu');
const DASHBOARD_LINK = /https?:\/\/\S*(?:grafana|datadoghq|newrelic|kibana|sentry|honeycomb|splunk|cloudwatch|lightstep|rollbar|bugsnag|prometheus|dynatrace|elastic|loggly|papertrail|logz|jaeger|tempo|signoz|appsignal|scoutapm|instana|dashboards?|metrics|monitoring)\S*/i;
const NAMED_BOARD = /\b(?:dashboard|monitor|panel|grafana|datadog|kibana|sentry|alert)\b[^.\n]{0,20}[`"“'«]([^`"”'»]{3,80})[`"”'»]|[`"“«]([^`"”»]{3,80})[`"”»]\s+(?:dashboard|monitor|panel|alert|metric)\b|\bSENTRY-[A-Z0-9]+\b|\b(?:sentry|rollbar|bugsnag)\s+(?:issue\s+)?#?[A-Z]*-?\d{3,}\b/i;
const NAMED_METRIC = /`[a-z][a-z\d]*(?:[._][a-z\d]+)*[._](?:total|count|seconds|ms|bytes|rate|errors?|latency|duration|p9\d|depth|lag|ratio|requests|failures|bucket|usage|utili[sz]ation|5xx)(?:\{[^`]*\})?`/i;
/** A threshold or a promise is no observation. */
const THRESHOLD = /\b(?:if|when|unless|until|once|should|must|target|threshold|expect\w*|alert (?:if|when|on)|slo|goal|falls|wenn|si|se|caso)\b|\bе?если\b|如果|若|超过|場合|경우/iu;

function observedIn({ text, form, label, ticked }: Statement): string | null {
  if (form === 'code') return LOG_LINE.test(text) ? text : null;
  for (const sentence of sentences(text)) {
    if (DASHBOARD_LINK.test(sentence)) return sentence;
    if (LOG_LINE.test(sentence)) return sentence;
    if (NAMED_BOARD.test(sentence) || NAMED_METRIC.test(sentence)) return sentence;
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    if (ticked !== true && MEASURED.test(withoutNames(whole)) && !THRESHOLD.test(whole) && modalityOf(whole) === 'stated' && /\d/.test(sentence)) return whole;
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
const STEP = /\b\d{1,3}\s?%|\b(?:one|1|2|two|single)\s+(?:pods?|nodes?|instances?|hosts?|regions?|cells?|tenants?|shards?|clusters?|servers?)\b|\bring (?:0|1)\b|\b(?:eu|us|ap)-[a-z]+-\d\b|\bfor \d+ ?(?:min|m|h|hours?)\b|一台|1台|一个(?:实例|节点)|1 ?(?:대|개)/iu;

function canaryIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  for (const sentence of sentences(text)) {
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    const named = CANARY.test(whole) || under.some((title) => title.length < 60 && /\bcanary\b|\broll-?out\b|灰度|カナリア|카나리/iu.test(title));
    if (!named || !STEP.test(sentence)) continue;
    if (modalityOf(whole) === 'negated' || /\berror|\bp9\d|\blatency|\bcpu\b|\bcoverage\b/i.test(sentence.replace(/.*?(?:canary|roll-?out|traffic|ramp)/i, '').slice(0, 0))) continue;
    return whole;
  }
  return null;
}

const FLAG_WORD = phrases('feature[- ]?flags?', 'flags?', 'flagged', 'feature[- ]?toggles?', 'toggles?', 'kill[- ]?switch(?:es)?', 'switch', 'launchdarkly', 'unleash', 'flipper', 'split\\.io', 'statsig', 'gate', 'gated', 'guarded by', 'interrupteur', 'drapeau', 'schalter', 'bandera', 'флаг\\p{L}*', 'фич[аеи]?-?флаг\\p{L}*', 'рубильник\\p{L}*', '开关', '特性开关', '功能开关', '降级开关', 'フラグ', 'トグル', '플래그', '토글', '스위치');
const FLAG_NAME = /[`"“'][\w.:/-]*[A-Za-z][\w.:/-]*(?:\s*=\s*\w+)?[`"”']|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b[a-z]+(?:[_.-][a-z0-9]+)+\b/;
const FLAG_IS_SUBJECT = /\b(?:remov(?:e[sd]?|ing)|delet(?:e[sd]?|ing)|clean(?:s|ed|ing)? up|drop(?:s|ped)?|retire[sd]?|evaluat\w+|default value of|typo in|renam(?:e[sd]?|ing)|compiler|command[- ]line|cli|--[\w-]+)\b/i;

function flagIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  for (const sentence of sentences(text)) {
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    const named = FLAG_WORD.test(whole) || under.some((title) => title.length < 60 && /\b(?:feature )?(?:flag|toggle|kill[- ]?switch)/i.test(title));
    if (!named || !FLAG_NAME.test(sentence.replace(/https?:\/\/\S+/g, ' ').replace(/\b(?:feature|kill)-(?:flags?|switch|toggles?)\b/gi, ' '))) continue;
    if (FLAG_IS_SUBJECT.test(sentence) || modalityOf(whole.replace(/\b(?:off|false|disabled?)\b/gi, ' ')) === 'negated') continue;
    return whole;
  }
  return null;
}

const INCIDENT_LINK = /https?:\/\/\S*(?:pagerduty|opsgenie|incident\.io|statuspage|status\.\w|firehydrant|rootly|victorops|squadcast|zenduty|grafana\.net\/a\/grafana-(?:incident|oncall)|blameless|jeli|incidents?\/|post-?mortems?|outage|betterstack)\S*/i;
const INCIDENT_NUMBER = /\b(?:INC|INCIDENT|OUTAGE|SEV|IR|PIR|PROD-?INC|MI|IM|SR)[-_ ]?#?\d{2,}(?:-\d+)*\b|\bincident[\s#:–-]*(?:no\.? ?|number ?|id:? ?)?#?(?:[A-Z]+-)?\d{2,}\b|#inc(?:ident)?-[\w-]+|\bP\d?IR-\d+|\b(?:vorfall|st[oö]rung|incident|incidente|инцидент\p{L}*)\s*(?:nr\.?|n[º°o]\.?|№|#)?\s*[A-Z]*-?\d{2,}|(?:故障单|事故单|故障|事故)(?:编号|号|ID)?\s*[:：#]?\s*[A-Z]*-?\d{2,}|(?:障害(?:票|番号|チケット)?|インシデント)\s*[:：#]?\s*[A-Z]*-?\d{2,}|장애\s*(?:번호|티켓|리포트)?\s*[:：#]?\s*[A-Z]*-?\d{2,}/iu;
const INCIDENT_TITLE = /\bincident\b|\boutage\b|\bpost-?mortem\b|инцидент|故障|事故|障害|インシデント|장애|vorfall|störung/iu;

function incidentIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const whole = label === null ? text : `${label}: ${text}`;
  if (INCIDENT_LINK.test(whole) || INCIDENT_NUMBER.test(whole)) return modalityOf(whole) === 'negated' && !INCIDENT_LINK.test(whole) ? null : whole;
  const title = label ?? under.at(-1) ?? '';
  return title.length < 60 && INCIDENT_TITLE.test(title) && /https?:\/\/\S+|#\d+|\b[A-Z][A-Z\d]+-\d+\b/.test(text) ? whole : null;
}
