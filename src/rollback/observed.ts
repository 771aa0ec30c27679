import { FLAG_WORD } from './release-switch.js';
import { isGradual } from './gradual.js';
import { sentences } from './phrase.js';
import type { Statement } from './statements.js';
import { isPlanTitle } from './undo-words.js';

const LOG_LINE =
  /^\s*at\s+\S.{0,200}[:(].{0,200}\d+\)?|^\s*File ".{1,200}", line \d+|Traceback \(most recent call last\)|\bgoroutine \d+ \[|\bpanic: |\b[\w.]*(?:Error|Exception|Fault)\b\s*:\s*\S|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d.{0,80}\b(?:ERROR|FATAL|WARN(?:ING)?|CRITICAL|error|panic|timeout|killed|FAIL\w*)\b|\b(?:level|severity)["']?\s*[=:]\s*["']?(?:error|fatal|warn|critical)|\bHTTP\/\d(?:\.\d)?["']?\s+[45]\d\d\b|^\s*\[?(?:ERROR|FATAL|CRITICAL|PANIC)\b\]?[:\s]|\bOOM ?Killed\b|\bOut ?Of ?Memory\b|\bSeq Scan on\b|\bdeadlock detected\b|\bcould not (?:obtain lock|serialize)\b|\bcanceling statement due to\b|\bECONN\w+\b|\bETIMEDOUT\b|\bSIG(?:SEGV|KILL)\b|\bexit code (?:1[0-9]{2}|2\d\d)\b/;
const NUMBER = String.raw`(?<![\w.#/:-])(?:[~≈<>≤≥]\s?)?\d[\d.,]*(?:[ \u00a0]\d{3})*`;
const UNIT = String.raw`\s?(?:%|percent\b|ms\b|s\b|sec\b|seconds?\b|min(?:ute)?s?\b|h\b|hours?\b|[kKmMgGtT]i?[bB]\b|k?\s?(?:rps|qps|req)\b|×|x\b|/\s?(?:s|sec|min|minute|h|hour|day)\b|per\s+(?:second|minute|hour|day)\b|秒|分|초|분|мс|с\b|мин)`;
const METRIC = String.raw`(?:error[- ]?rates?|errors?|5\d\ds?|5xx|4xx|40[0-9]s?|p(?:50|75|90|95|99|999)\b|latenc(?:y|ies)|cpu|memory|heap|rss|disks?|storage|inodes|throughput|rps|qps|requests?|req\b|failures?|fail(?:s|ed|ing)?|timeouts?|timed out|connections?|lag|backlog|queue(?: depth| length| age)?|dlq|restarts?|response times?|success rate|conversion|apdex|gc|exceptions?|crash(?:es|-free)?|\w+ rate|deadlocks?|replicas?|pods?|hit rate|saturation|alerts?|duplicat\w+|oom\w*|fehler\w*|anfragen|latenz|erreurs?|requ[eê]tes|errores|peticiones|latencia|cierres|erros|requisi[cç][oõ]es|ошиб\p{L}*|запрос\p{L}*|задержк\p{L}*|очеред\p{L}*|задач\p{L}*|错误(?:率|数)?|报错|超时|延迟|请求|失败(?:率)?|告警|エラー(?:率)?|レイテンシ|遅延|失敗|タイムアウト|에러(?:율)?|오류(?:율)?|지연|실패|중복|응답 ?시간)`;
/** What may fail: counted, or by its share. */
const THING = String.raw`(?:events?|messages|uploads?|jobs?|checkouts?|payments?|orders?|invoices?|accounts?|deliver(?:y|ies)|users?|customers?|sessions?|tenants?|logins?|transactions?|emails?|webhooks?|bookings?|refunds?|rows?|der \p{L}+)`;
const COUNTED = String.raw`(?:次|件|回|건|раз|笔|单)`;
const SINCE = String.raw`(?:\bsince\b|\blast (?:night|hour|day|week)|\bin (?:the last )?(?:\d+ ?(?:min|h|hours?|minutes?|days?)|an hour|ten minutes|total)|\bper (?:minute|hour|day|second)|\bseit\b|\bdepuis\b|\bdesde\b|\bsubir|с \d|以来|기준|\binstead of [\d\x60]|\bwere (?:put|handled|charged|lost|sent|affected)|\bare (?:stuck|in)|\bnormally\b|\busually\b)`;
const MEASURED = new RegExp(
  [
    `${METRIC}.{0,60}?${NUMBER}${UNIT}`,
    `${NUMBER}${UNIT}.{0,30}?${METRIC}`,
    `${METRIC}\\)?:?\\s+(?:is |are |at |=)?\\s?${NUMBER}(?![.\\d]*\\s*(?:\\)|→|->))`,
    `${NUMBER}k?(?:\\s?\\/\\s?(?:s|min|h|hour|day)|\\s?%)\\s?(?:→|->)\\s?${NUMBER}`,
    `(?![45]\\d\\d\\s+(?:errors?|status|responses?|에러|오류|错误|エラー|ошиб))${NUMBER}k?\\s+(?:[\\p{L}-]+\\s+){0,3}?${METRIC}`,
    `${NUMBER}k?\\s+\\p{L}+\\s?\\/\\s?(?:s|min|h|hour|day)\\b`,
    `${NUMBER}\\s?%.{0,30}?${THING}|${THING}.{0,40}?${NUMBER}\\s?%`,
    `${NUMBER}k?\\s+(?:[\\p{L}-]+\\s+){0,3}?${THING}\\b.{0,40}\\b(?:are|were|was|is|have|had|got|failed|lost|stuck|affected)\\b`,
    `(?<![\\w.#/:-])\\d[\\d.,]*\\d\\s?${COUNTED}`,
    String.raw`\bat \d{2,3}(?:[.,]\d)?\s?%(?!\s*of)`,
    String.raw`\bjumps? between \d|\b\d[\d.,]+ \p{L}+ at \d{1,2}:\d\d`,
    `${NUMBER}k?\\s+\\p{L}.{0,60}${SINCE}`,
  ].join('|'),
  'iu',
);
const FAILS_WITH = /\b(?:fail(?:s|ed|ing)?|crash(?:es|ed|ing)?|error(?:s|ed)?|throw(?:s|n)?|threw|rais(?:es|ed)|answers?|return(?:s|ed)?|reject(?:s|ed)?|die[sd]?|killed|with|log|line|trace|message|from \w+)\b.{0,30}`(?:[^`]*(?:error|exception|denied|refused|not exist|unknown|invalid|timeout|timed out|cannot|null|undefined|killed|overflow|violat|exceeded|aborted|too (?:big|large|many|long)|full\b|\b4\d\d\b|\b5\d\d\b)[^`]*)`/i;
/** A line of a log: it begins with its time. */
const STAMPED = /^\s*[[(]?\d{4}-\d\d-\d\d[ ,T]+\d\d:\d\d|\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d|\bFatal error\b/i;
/** Numbers of a test run or of a release are not those of the incident. */
const OF_TESTS = /\b(?:tests?|tested|specs?|suite|benchmarks?|wrk|k6|jmeter|lighthouse|threads|build|lint|coverage|e2e|locally|dbt|ci|staging|pre-?prod\w*|rehears\w+|nullable|columns?)\b|ステージング|测试|테스트|스테이징|стейдж/iu;
const DASHBOARD_LINK = /https?:\/\/(?!(?:[\w.-]*\.)?(?:github\.com|npmjs\.com|docs\.)|docs\.)(?:[\w.-]*(?:grafana|datadoghq|newrelic|kibana|sentry|honeycomb|splunk|cloudwatch|lightstep|rollbar|bugsnag|prometheus|dynatrace|loggly|papertrail|logz|jaeger|signoz|appsignal|scoutapm|instana|crashlytics)[\w.-]*(?=[/:?#])\S*|\S*(?:\/d\/|crashlytics|cloudwatch|dashboards?\/|metrics|monitoring)\S*)/i;
const NAMED_BOARD = /\b(?:dashboard|board|painel|tablero|panneau|monitor|panel|grafana|datadog|kibana|sentry|alert)\b[^.\n]{0,20}[`"“'«]([^`"”'»]{3,80})[`"”'»]|[`"“«]([^`"”»]{3,80})[`"”»]\s+(?:dashboard|board|monitor|panel|alert|metric)\b|\bSENTRY-(?=[A-Z]*\d)[A-Z0-9]+\b|\b(?:sentry|rollbar|bugsnag)\s+(?:issue\s+)?#?[A-Z]*-?\d{3,}\b/i;
const NAMED_METRIC = /`[a-z][a-z\d]*(?:[._][a-z\d]+)*[._](?:total|count|seconds|ms|bytes|rate|errors|latency|duration|p9\d|depth|lag|ratio|requests|failures|bucket|usage|utili[sz]ation|5xx)(?:\{[^`]*\})?`|`[a-z]\w+\{[^`]*\}`|\bmetri[ck]s?\b\W{0,3}`\w+`|メトリクス\s*`\w+`/i;
/** A threshold or a promise is no observation. */
const CHANGES = /^\W*(?:this (?:pr|change|pull request|fix)\s+)?(?:lower|rais|increas|decreas|reduc|set|add|limit|cap|bump|chang|new|use|make|allow|extend|shorten|switch|replac|move|remov|updat|introduc|default)(?:s|es|e|ed|ing)?\b/i;
const THRESHOLD = /\bstops? (?:at|if|when|above)\b|\bhalt\b|\babort\b|\bwatch(?:ing)?\b|\blook at\b|\bkeep an eye\b|\btriggers?\b|观察|監視|\babbruch\b|\bparamos\b|\b(?:above|below|over|under) \d\S* (?:\S+ )?(?:are|is) (?:accepted|allowed|rejected)\b|\b(?:if|when|unless|until|once|should|must|expect\w*|alert (?:if|when|on)|slo|goal|falls|wenn|si|se|caso)\b|\bе?если\b|如果|若|超过|場合|경우/iu;

/** What ends a rollout is looked at later. */
const STOPS = /\bstop(?:s|ping)?\b|\bhalt\w*\b|\babort\w*\b|\babbruch\b|\bparamos\b|\bwatch(?:ing|es)?\b|\bkeep(?:ing)? an eye\b|\bprovided\b|\bas long as\b|\bstays?\b.{0,12}\b(?:below|under|above|at)\b|[`"]\s*(?:[<>]=?|[≤≥])\s*\d|\b(?:without|until|unless)\b[^.`]{0,20}`/i;
/** A share of users who are given the change is none of those who suffer. */
const SHARE_OF_ROLLOUT = /\b(?:on|off|enabled|active|live|released|rolled out|visible) for\b|\bcanary\b|\bcohorts?\b|\bring ?\d\b|[≤≥]/i;
const SAID_BY = /\d\s?%.{0,60}\baccording to (?:the )?`/i;

/** The words of a statement that show something of what happens in production; null where they do not. */
export function observedIn({ text, form, label, ticked, under }: Statement): string | null {
  if (form === 'code') return LOG_LINE.test(text) || STAMPED.test(text) ? text : null;
  const title = label ?? under.at(-1) ?? '';
  const watches = WATCH_TITLE.test(title);
  if (SOLUTION.test(title)) return null;
  for (const sentence of sentences(text)) {
    if (DASHBOARD_LINK.test(sentence)) return sentence;
    if (LOG_LINE.test(sentence)) return sentence;
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    if (!watches && !STOPS.test(whole) && (NAMED_BOARD.test(sentence) || NAMED_METRIC.test(sentence) || SAID_BY.test(sentence))) return sentence;
    if (FAILS_WITH.test(sentence)) return sentence;
    const counts = withoutNames(whole);
    if (ticked !== true && !under.some(isPlanTitle) && MEASURED.test(counts) && !THRESHOLD.test(counts) && !CHANGES.test(sentence) && !OF_TESTS.test(whole) && !isGradual(whole) && !FLAG_WORD.test(whole) && !SHARE_OF_ROLLOUT.test(whole)) return whole;
  }
  return null;
}

/** What is looked at after the deploy, and what the change does, is nothing that was seen. */
const WATCH_TITLE = /\bwatch|\bmonitor|\bobserve|\broll-?out|\brelease plan|观察|監視|모니터/iu;
const SOLUTION = /^\W*(?:solutions?|fix|changes?|what changes|approach|how|cambios?|soluci[oó]n|l[oö]sung|[äa]nderung\p{L}*|решение|correction|changements?|solu[cç][aã]o|mudan[cç]as?|方案|解决\p{L}*|改动|变更内容|対応内容?|修正内容?|変更内容?|해결|변경 ?사항)\W*$/iu;

/** Versions, dates, issue numbers and addresses are numbers of something else. */
function withoutNames(text: string): string {
  return text.replace(/https?:\/\/\S+|\bv?\d+\.\d+\.\d+\S*|\b\d{4}-\d\d-\d\d\S*|\b\d{1,2}:\d\d(?::\d\d)?\b|#\d+|\b[A-Z][A-Z\d]+-\d+\b|`[^`]*`/g, ' ');
}
