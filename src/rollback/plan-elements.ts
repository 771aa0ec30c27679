import { phrases, sentences } from './phrase.js';
import { hasLiteralPlaceholder } from './placeholder.js';
import { MECHANISM } from './undo-words.js';

/** What a plan is scored on; the points add up to 100. */
export type PlanElementName = 'mechanism' | 'specific' | 'data' | 'last-good-version' | 'trigger' | 'verified' | 'owner' | 'time';

interface ElementReader {
  readonly name: PlanElementName;
  readonly points: number;
  /** The author's words that earn the points, or null. */
  readonly find: (text: string) => string | null;
}

/** Commands and switches that somebody can run as they stand. */
const SPECIFICS: readonly RegExp[] = [
  /\bgit revert\b[^\n.;]{0,50}?(?:\b[0-9a-f]{7,40}\b|\bHEAD|<[^<>]+>|\S*sha\b|\bmerge|\bcommit|\b(?:this|the) (?:pr|pull request)\b)\S*/i,
  /\brevert(?:ing)? (?:this pr'?s?|the|its|this) merge commit\b/i,
  /\bkubectl\s+(?:-n\s+\S+\s+|--namespace[= ]\S+\s+)?(?:rollout undo|set image|scale|apply|delete|patch)\b[^\n.;]*/i,
  /\bhelm\s+rollback\s+\S+(?:\s+\S+)?/i,
  /\bargocd\s+app\s+rollback\s+\S+(?:\s+\d+)?/i,
  /\bheroku\s+(?:releases:)?rollback\b[^\n.;]*/i,
  /\bfly(?:ctl)?\s+deploy\s+[^\n;]*--image\s+\S+/i,
  /\b(?:alembic\s+downgrade|rails\s+db:rollback|rake\s+db:rollback|bin\/rails\s+db:rollback|knex\s+migrate:(?:rollback|down)|php\s+artisan\s+migrate:rollback|flyway\s+undo|liquibase\s+rollback\w*|goose\s+[^\n]*\bdown\b|dbmate\s+(?:rollback|down)|migrate\s+[^\n]*\bdown\b|sqlx\s+migrate\s+revert|diesel\s+migration\s+revert|npm\s+run\s+migrat\w*:(?:down|revert|rollback|undo)|manage\.py\s+migrate\s+\S+\s+\S+|sequelize\s+db:migrate:undo|typeorm\s+migration:revert|mix\s+ecto\.rollback)\b[^\n.;]*/i,
  /\b(?:docker\s+(?:service\s+(?:rollback|update)|compose\s+up)|nomad\s+job\s+revert|ecs\s+update-service|gcloud\s+\S+\s+services?\s+update-traffic|gcloud\s+run|az\s+webapp\s+deployment\s+slot\s+swap|vercel\s+(?:rollback|promote)|netlify\s+\S*rollback|wrangler\s+rollback|cap\s+\S+\s+deploy:rollback|terraform\s+apply|ansible-playbook)\b[^\n.;]*/i,
  /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*(?:=|to|→|->|back to)\s*(?:"[^"]*"|'[^']*'|`[^`]*`|[\w.-]+)/,
  /\b(?:flag|toggle|switch)\s+[`'"]?[\w.:/-]*[_.:/-][\w.:/-]+[`'"]?/i,
  /[`'"]?\b[\w-]+[_.-][\w.-]+\b[`'"]?\s+(?:feature\s+)?(?:flag|toggle|kill[\s-]?switch)\b/i,
  /\b(?:redeploy|re-deploy|deploy|roll(?:ing)?\s*back to|pin(?:ned)?(?: back)? to|downgrade to|restore|release|image|tag)\b[^\n.;]{0,40}?\bv?\d+\.\d+(?:\.\d+)?[\w.-]*/i,
  /\b(?:redeploy|re-deploy|deploy|roll(?:ing)?\s*back to)\b[^\n.;]{0,60}?\b[0-9a-f]{7,40}\b/i,
  /\b(?:aws|gcloud|az|consul|etcdctl|redis-cli|ldcli|doctl)\s+[a-z][\w-]*\s+(?:[a-z][\w-]*\s+)?-{1,2}\w[^\n;]*/i,
  /(?:^|[\s`(])(?:\.{1,2}\/|bin\/|scripts?\/|ops\/)[\w./-]*(?:roll-?back|revert|undo|restore)[\w./-]*/i,
  /\b(?:make|rake|npm run|pnpm(?: run)?|yarn(?: run)?)\s+[\w:-]*(?:rollback|revert|undo)[\w:-]*/i,
  /\bhttps?:\/\/\S*(?:runbook|rollback|playbook)\S*#\S+/i,
];

const PATTERNS: Readonly<Record<Exclude<PlanElementName, 'specific'>, RegExp>> = {
  mechanism: MECHANISM,
  data: /\b(?:no (?:db |database |schema |data )*(?:migrations?|schema changes?|data changes?|backfill)|backwards?[\s-]compatible|down migration|migration is reversible|reversible migration|restore (?:from|the) (?:backup|snapshot|dump)|point[\s-]in[\s-]time|pitr|inverse sql|saved copy|copy of the (?:table|rows|data)|code[\s-]only|config(?:uration)?[\s-]only|schema (?:stays|can stay|is untouched))\b/i,
  'last-good-version': /\b(?:v\d+(?:\.\d+)+[\w.-]*|(?:release|tag|version|image|revision|build)\s*[:#]?\s*[`'"]?v?\d[\w.-]*|(?:sha|commit)\s*[`'"]?[0-9a-f]{7,40})/i,
  trigger: /\b(?:if|when|once|should)\b[^\n]{0,120}?\b\d+(?:\.\d+)?\s*(?:%|percent|ms|s|x|errors?|5xx|req|rps|per)[^\n]{0,60}?\b\d+\s*(?:s|sec|seconds?|m|min|minutes?|h|hours?)\b/i,
  verified: /\b(?:rehearsed|(?:tested|verified|exercised|tried|practi[cs]ed|ran|dry[\s-]?run)\b[^\n.]{0,60}\b(?:roll[\s-]?back|revert|undo|down migration|staging|pre-?prod)|(?:roll[\s-]?back|revert|undo|down migration)\b[^\n.]{0,60}\b(?:tested|verified|rehearsed|tried))\b/i,
  owner: /(?:\b(?:owner|owned by|on-?call|responsible|dri|contact)\b\s*[:=]?\s*@?[\w-]+|(?<![\w.])@[a-z\d][\w-]*(?:\/[\w-]+)?)/i,
  time: /\b(?:takes?|within|in|under|about|~|less than|<)\s*~?\d+(?:\s*[-–]\s*\d+)?\s*(?:s|sec|seconds?|m|min|minutes?|h|hours?)\b/i,
};

/** A flag, variable or setting that is given a value. */
const NAME = '(?:[`"“\'«][\\w.:/-]{2,80}[`"”\'»]|\\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\\b|\\b[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)+\\b)';
const OFF = '(?:off|aus|disabled?|false|0|kapal[ıi]|выкл\\p{L}*|apagad\\w+)';
const SWITCHED: readonly RegExp[] = [
  new RegExp(`${NAME}\\s*(?:flag |toggle |switch )?(?:back )?(?:to|=|→|->|auf|[aà]|en|para|в|на|为|改为|改回|改成|切回|设为|设置为|を|に|로|을|를)\\s*[\`"“«*_]?(?:true|false|on|off|disabled?|enabled?|none|null|legacy|old|\\d[\\w.%]*|[\`"“«][^\`"”»]{1,40})`, 'iu'),
  new RegExp(`${NAME}\\s*(?:flag |toggle |switch )?(?:is |wird |ist )?(?:turned |switched |gets |goes )?${OFF}(?![\\p{L}])`, 'iu'),
  new RegExp(`(?:turn(?:ing)? off|switch(?:ing)? off|flip(?:ping)?(?: off)?|toggl(?:e|ing)|disabl(?:e|ing)|kill|d[eé]sactiver|d[eé]sactivez|desactivar|desativar|desligar|deaktivier\\p{L}*|ausschalten|abschalten|отключ\\p{L}*|выключ\\p{L}*|вимк\\p{L}*|uitschakelen|zet|关闭|关掉|關閉|disattiv\\p{L}*|wyłącz\\p{L}*)\\s*(?:the |le |la |el |a |o |den |das |флаг |开关|功能开关|特性开关|feature[- ]?|flag |toggle |switch )*\\s*${NAME}`, 'iu'),
  new RegExp(`${NAME}\\s*(?:フラグ|スイッチ|플래그|스위치|开关|флаг)?\\s*(?:を|를|을)?\\s*(?:オフ|無効|OFF|off|끄|비활성|关闭|关掉|выкл)`, 'iu'),
];
const SQL_COMMAND = /^(?:update|delete from|insert into|drop|alter|create|truncate|restore|rename|reindex)\s+\S+\s+\S/i;
const ASSIGNMENT = /^(?:export\s+)?[A-Za-z][\w.-]*\s*(?:=|:\s)\s*["']?[\w./-]+["']?;?$/;
const CALL = /^[a-z_$][\w$]*(?:\.[\w$]+)*\(.{0,160}\);?$/i;

/** A command that somebody can run as it stands: a tool with arguments, a statement of SQL, an assignment, a call. */
function commandIn(text: string): string | null {
  for (const match of text.matchAll(/`([^`\n]{3,300})`/g)) {
    const code = (match[1] ?? '').trim().replace(/^\$\s+/, '');
    if (SQL_COMMAND.test(code) || ASSIGNMENT.test(code) || CALL.test(code) || isCommandLine(code)) return code;
  }
  return null;
}

function isCommandLine(code: string): boolean {
  if (!/^(?:sudo\s+)?(?:\.{0,2}\/)?[A-Za-z][\w./-]*(?:\s+\S+)+$/.test(code)) return /^(?:\.{1,2}\/|scripts?\/|bin\/)[\w./-]+$/.test(code);
  const [, ...rest] = code.split(/\s+/);
  // Prose in backticks has no option, path, number or assignment.
  return rest.some((word) => /^-{1,2}\w|[/=:@]|\d|\.\w|_/.test(word)) || (rest.length >= 2 && /^(?:kubectl|helm|git|docker|heroku|fly|flyctl|argocd|rails|rake|php|npm|pnpm|yarn|make|just|terraform|ansible|aws|gcloud|az|cap|kamal|nomad|systemctl|psql|mysql|flyway|liquibase|alembic|dbmate|goose|sqlx|diesel|knex|prisma|mix|rails|bundle|poetry|uv|go|cargo|serverless|sls|sst|cdk|pulumi|wrangler|vercel|netlify|railway|eb|cf|oc|k|pm2|supervisorctl|redis-cli|mongosh|rabbitmqctl|etcdctl|consul|vault|nginx|curl|kafka-configs|kafka-topics)$/.test(code.split(/\s+/)[0] ?? '') && code.split(/\s+/)[1] !== 'revert');
}

const DEPLOYS = phrases('ship(?:ping|ped)?', 'relivr*', 'livr*', 're-?deploy*', 'deploy*', 'roll(?:ed|ing)?[- ]?back', 'rollback', 'revert*', 'pin*', 'downgrad*', 'promot*', 'releas*', 'images?', 'restor*', 'go back', 'back to', 'publish*', 'install*', 'ausroll*', 'zur[uü]ck*', 'd[eé]ploy*', 'red[eé]ploy*', 'revenir', 'desplegar', 'volver', 'restaurar', 'implantar', 'voltar', 'reimplantar', 'imagem', 'imagen', 'задеплоить', 'откат*', 'верн*', 'образ*', '回滚', '回退', '部署', '镜像', '重新发布', '恢复', '切回', 'デプロイ', '戻', 'ロールバック', 'リリース', '切り戻', '배포', '롤백', '되돌', '이미지');
const VERSION = /(?<![\w.#/-])(?:v\d+(?:\.\d+)*[\w.-]*|\d+\.\d+(?:\.\d+)*(?:-[\w.]+)?|(?:build|revision|rev|release|deployment|version|版本|версия|バージョン|버전|リビジョン|ревизия)\s*[#:№]?\s*[`"]?v?\d[\w.-]*)|[\w./-]+:v?\d[\w.-]*\b|(?<![\w/])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?!\w)/iu;
/** A version since which something is broken is no way back. */
const SINCE = /\b(?:since|introduced (?:in|by)|broken (?:in|by|since)|regression (?:in|from)|seit|depuis|desde|fixed in|fixes)\s+(?:the\s+|version\s+)?[`"]?$/i;

/** A named version, image or commit that is deployed again. */
function versionIn(text: string): string | null {
  for (const sentence of sentences(text)) {
    const match = VERSION.exec(sentence);
    if (match === null || !DEPLOYS.test(sentence) || SINCE.test(sentence.slice(0, match.index))) continue;
    return sentence.slice(Math.max(0, match.index - 60), match.index + match[0].length).trim();
  }
  return null;
}

/** A named build, deployment or pinned package that is put back: `shop-git-main-8f2kq1` → Promote. */
function buildIn(text: string): string | null {
  const match = /`([\w./:@=-]*\d[\w./:@=-]*)`/.exec(text);
  return match !== null && DEPLOYS.test(text.replace(match[0], ' ')) && !SINCE.test(text.slice(0, match.index)) ? match[0] : null;
}

function first(pattern: RegExp, text: string): string | null {
  const match = pattern.exec(text);
  return match ? match[0].trim().replace(/[,.;:)`*]+$/, '').slice(0, 200) : null;
}

function specific(text: string): string | null {
  const command = commandIn(text);
  if (command !== null && !hasLiteralPlaceholder(command)) return command.slice(0, 200);
  for (const pattern of [...SPECIFICS, ...SWITCHED]) {
    const quote = first(pattern, text);
    if (quote !== null && quote !== '' && !hasLiteralPlaceholder(quote)) return quote;
  }
  return (versionIn(text) ?? buildIn(text))?.slice(0, 200) ?? null;
}

/** Every element with its points. Source of the weights: the scoring table in docs/rules/rollback/plan-missing.md. */
export const ELEMENTS: readonly ElementReader[] = [
  { name: 'mechanism', points: 20, find: (text) => first(PATTERNS.mechanism, text) ?? specific(text) },
  { name: 'specific', points: 20, find: specific },
  { name: 'data', points: 20, find: (text) => first(PATTERNS.data, text) },
  { name: 'last-good-version', points: 10, find: (text) => first(PATTERNS['last-good-version'], text) },
  { name: 'trigger', points: 10, find: (text) => first(PATTERNS.trigger, text) },
  { name: 'verified', points: 10, find: (text) => first(PATTERNS.verified, text) },
  { name: 'owner', points: 5, find: (text) => first(PATTERNS.owner, text) },
  { name: 'time', points: 5, find: (text) => first(PATTERNS.time, text) },
];
