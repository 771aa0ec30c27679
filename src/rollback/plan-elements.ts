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
  /\b(?:make|just|task|rake|npm run|pnpm(?: run)?|yarn(?: run)?)\s+[\w:-]*(?:rollback|revert|undo)[\w:-]*/i,
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

function first(pattern: RegExp, text: string): string | null {
  const match = pattern.exec(text);
  return match ? match[0].trim().replace(/[,.;:)`*]+$/, '').slice(0, 200) : null;
}

function specific(text: string): string | null {
  for (const pattern of SPECIFICS) {
    const quote = first(pattern, text);
    if (quote !== null && quote !== '') return quote;
  }
  return null;
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
