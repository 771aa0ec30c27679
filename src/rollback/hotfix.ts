import type { Pull } from '../core/change-set.js';
import type { Config } from '../core/config.js';
import { matchesAny } from '../core/globs.js';
import { compilePattern } from '../core/patterns.js';

/** Whether a pull request is a hotfix, and every signal that says so, in words. */
export interface HotfixSignals {
  readonly hotfix: boolean;
  readonly evidence: readonly string[];
}

/** Branch names that teams give to hotfixes. */
const BRANCHES = [/^hot-?fix(es)?(?:[/_.-]|$)/i, /^(?:fix|bugfix)\/prod(?:uction)?[-_/]/i, /^emergency[/_-]/i, /^[^/]+\/hot-?fix[/_-]/i];
/** Titles that announce one. A word such as "hotfix" elsewhere in a title is about something else ("add hotfix workflow"). */
const TITLES = [
  /^\W*(?:the )?prod(?:uction)?\s+(?:is\s+)?(?:returning|returns|serving|serves|answering|throwing)\s+(?:5\d\d|5xx|errors)\b/i,
  /^\W*(?:site|website|prod(?:uction)?|checkout|login|api)\s+(?:is )?down\b/i,
  /^\W*\[(?:SEV-?[01]|P0|P1|incident)\]|^\W*(?:SEV-?[01]|P0)\s*[:|–—-]/i,
  /^\W*\[?\s*(?:prod(?:uction)?\s+)?hot-?fix\s*(?:\]|\)|:|\([^)]*\)\s*:|[-–—!]|\s*\/)/i,
  /^\W*(?:prod(?:uction)?|emergency|urgent)\s+hot-?fix\b/i,
  /^\W*\[?\s*emergency\b(?!\s+(?:contact|access|service|room|number|call))/i,
  // "Hotfix totals in the cart", "PAY-12: [hotfix] totals", not "Hotfix releases are tagged".
  /^\W*(?:\[?[A-Z][A-Z\d]+-\d+\]?\s*[:|–—-]?\s*)?\[?hot-?fix\b\]?(?!-|\s*(?:-\s*)?(?:workflows?|process(?:es)?|procedures?|pipelines?|templates?|labels?|branch(?:es)?|guides?|polic(?:y|ies)|docs?|documentation|support|releases?|notes?|scripts?|bots?|automation|jobs?|actions?|rules?|types?|commits?|tags?)\b)/i,
  /^\s*(?:🚑|🚨|:ambulance:|:rotating_light:)/u,
  /^\W*\[?(?:긴급|紧急修复|緊急修正|本番障害|correctif urgent)/i,
];
const LABELS = /^(?:type[:/ ]*)?(?:hot-?fix|incident|p0|p1|sev-?[01]|priority[:/ ]*(?:critical|urgent|p0|p1)|severity[:/ ]*(?:critical|1))$/i;
/** Bases that run in production by their very name. */
const PRODUCTION_BASES = /^(?:prod|production|live)$|^(?:release|stable)\//i;
/** A branch that hotfixes are deployed from. */
const HOTFIX_BASE = /^hot-?fix/i;
const INCIDENT = /\b(?:production|prod|site|checkout|api|service) (?:is|was|went) down\b|\bon-?call\b.{0,40}\bpaged\b|\bincident[\s#:-]*(?:[A-Z]+-)?\d+\b|\bsev-?[01]\b/i;

/** Said in the present tense at the very start, this needs no other signal. */
const DOWN_NOW = /(?:^|[.!]\s+|\n\s*)we(?: are|['’]re) (?:completely |currently |still )?down(?=\s*(?:[.!\n]|$))|(?:^|[.!,]\s+|\n\s*)(?:our |the )?prod(?:uction)? (?:is (?:still |currently |completely |partly |now )?(?:down|broken|on fire|unreachable|unavailable|failing|rejecting|returning (?:5\d\d|errors))|(?:returns|answers|serves) (?:5\d\d|5xx)|(?:blocks|is stuck)|\w+ (?:is|are) (?:failing|broken|down))\b|(?:^|[.!]\s+|\n\s*)(?:la )?(?:producci[oó]n est[aá] ca[ií]da|produ[cç][aã]o (?:est[aá] fora|caiu|fora do ar)|prod(?:uction)? est (?:down|tomb[eé]e|en panne|hs)|produktion (?:ist (?:down|ausgefallen)|steht))|прод(?:акшн|акшен)? (?:лежит|упал|недоступен)|(?:生产环境|线上)(?:不可用|挂了|宕机|全部报错)|本番(?:環境)?が?(?:落ち|停止|ダウン)|운영 ?(?:서버|환경)?가? ?(?:다운|중단)/iu;
/** A page of the on-call tools that a change is made for; a post-mortem links to one afterwards. */
const ON_CALL = /https?:\/\/\S*(?:pagerduty\.com|opsgenie\.com|app\.incident\.io|firehydrant\.io|rootly\.com|victorops\.com|squadcast\.com|zenduty\.com|statuspage\.io)\/\S+/i;
const AFTERWARDS = /\bpost-?mortem\b|\bfollow-?ups?\b|\baction items?\b|\bretrospective\b|\blessons\b/i;
const BODY_LENGTH = 20_000;

/** Traps: the back-merge of a hotfix, work on the hotfix process itself, a rollback branch kept ready. */
const BACK_MERGE = /\bback-?merge\b|\bmerge\b.{0,60}\bback (?:in)?to (?:dev|develop|development|main|master|trunk)\b|\bmerge\b.{0,60}\b(?:in)?to (?:dev|develop|development)\b/i;
const ABOUT_HOTFIXES = /\bhot-?fix\s+(?:workflow|process|procedure|pipeline|template|label|branch(?:es)?|guide|policy|docs?|documentation|support)\b/i;
const DO_NOT_MERGE = /\bdo not merge\b|\bdnm\b/i;

/**
 * Reads the signals of a hotfix. The configuration adds to the built-in ones. What the body says counts only beside
 * another signal: a post-mortem mentions incidents too.
 */
export function readHotfix(pull: Pull, settings: Config['hotfix']): HotfixSignals {
  if (isTrap(pull)) return { hotfix: false, evidence: [] };
  const evidence = [...branchSignals(pull, settings), ...titleSignals(pull, settings), ...labelSignals(pull, settings), ...baseSignals(pull, settings), ...trailerSignals(pull)];
  const body = ownWords(pull);
  const down = DOWN_NOW.exec(body) ?? (AFTERWARDS.test(`${pull.title}\n${body}`) ? null : ON_CALL.exec(body));
  if (down) evidence.push(`the description says "${down[0].replace(/^\W+/, '').trim().slice(0, 120)}"`);
  if (evidence.length === 0) return { hotfix: false, evidence: [] };
  const incident = INCIDENT.exec(pull.body);
  if (incident && !down) evidence.push(`the description says "${incident[0].trim()}"`);
  return { hotfix: true, evidence };
}

/** The description without comments, quotes and the template's own lines. */
function ownWords({ body, templates }: Pull): string {
  const template = new Set(templates.flatMap((text) => text.split(/\r?\n/)).map((line) => line.trim()));
  return body
    .slice(0, BODY_LENGTH)
    .replace(/<!--[^]*?(?:-->|$)/g, '')
    .split(/\r?\n/)
    .filter((line) => !/^\s{0,3}>/.test(line) && !template.has(line.trim()))
    .join('\n');
}

function isTrap(pull: Pull): boolean {
  if (/^back-?merge\b/i.test(pull.headBranch) || /(?:develop|main|master|trunk)\s*(?:に|へ)\s*(?:取り込み|マージ)/u.test(pull.title)) return true;
  if (BACK_MERGE.test(pull.title) || (ABOUT_HOTFIXES.test(pull.title) && !HOTFIX_BASE.test(pull.baseBranch))) return true;
  if (DO_NOT_MERGE.test(pull.title) && /\broll-?back\b/i.test(pull.title)) return true;
  return pull.baseBranch === pull.defaultBranch && PRODUCTION_BASES.test(pull.headBranch);
}

function branchSignals(pull: Pull, settings: Config['hotfix']): string[] {
  const name = pull.headBranch;
  const known = BRANCHES.some((pattern) => pattern.test(name)) || matchesAny(settings.branches)(name);
  return known ? [`head branch \`${name}\``] : [];
}

function titleSignals(pull: Pull, settings: Config['hotfix']): string[] {
  const title = pull.title.slice(0, 1000);
  const match = TITLES.map((pattern) => pattern.exec(title)).find((found) => found !== null);
  if (match) return [`title starts with "${match[0].trim()}"`];
  for (const source of settings.titles) {
    const pattern = compilePattern(source);
    if ('test' in pattern && pattern.test(title)) return [`title matches the configured pattern \`${source}\``];
  }
  return [];
}

function labelSignals(pull: Pull, settings: Config['hotfix']): string[] {
  const configured = new Set(settings.labels.map((label) => label.toLowerCase()));
  return pull.labels.filter((label) => LABELS.test(label) || configured.has(label.toLowerCase())).map((label) => `label \`${label}\``);
}

function baseSignals(pull: Pull, settings: Config['hotfix']): string[] {
  const base = pull.baseBranch;
  // A repository whose default branch is called `production` merges everything there: the name says nothing then.
  if (base === pull.defaultBranch) return [];
  return PRODUCTION_BASES.test(base) || HOTFIX_BASE.test(base) || matchesAny(settings.bases)(base) ? [`base branch \`${base}\``] : [];
}

function trailerSignals(pull: Pull): string[] {
  if (pull.baseBranch === pull.defaultBranch) return [];
  const picked = pull.commits.find((commit) => /^\(cherry picked from commit [0-9a-f]{7,40}\)$/m.test(commit.message));
  return picked ? [`commit ${picked.sha.slice(0, 7)} was cherry-picked to \`${pull.baseBranch}\``] : [];
}
