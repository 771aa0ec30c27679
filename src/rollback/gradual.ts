import { phrases, sentences } from './phrase.js';
import type { Statement } from './statements.js';

const CANARY = phrases(
  'canary', 'canaries', 'canari', 'canario', 'can[aá]rio', 'gradual(?:ly)?(?: roll-?out)?', 'progressive (?:roll-?out|delivery|deployment)', 'phased (?:roll-?out|release|deployment)', 'staged roll-?out', 'incremental roll-?out', 'percentage roll-?out', 'roll(?:ing|ed)?[- ]?out', 'ramp(?:ed|ing|s)?(?:[- ]?up)?', 'blue[/ -]?green', 'ring (?:0|1|zero|one)', 'traffic', 'weights?', 'schrittweise', 'stufenweise', 'd[eé]ploiement progressif', 'progressivement', 'despliegue (?:gradual|progresivo)', 'gradualmente', 'канаре\\p{L}*', 'поэтапн\\p{L}*', 'постепенн\\p{L}*', '灰度', '金丝雀', '分批', '放量', 'カナリア', '段階', '카나리', '점진', '단계',
);
const ONE_FIRST = /\b(?:one|1|2|two|single)\s+(?:canary\s+|small\s+|quiet\s+)?(?:pods?|nodes?|instances?|hosts?|regions?|cells?|tenants?|shards?|clusters?|servers?|machines?|replicas?|workers?|az)\b|\b(?:one|1|two|2) of (?:the |our )?(?:\w+ )?\p{L}+s\b.{0,20}\bfirst\b|\bring (?:0|1)\b|\b(?:pods?|nodes?|regions?|az|topics?|tenants?|shards?|clusters?) (?:\S+ ){0,2}one (?:\p{L}+ )?at a time\b|\bone (?:\p{L}+ )?at a time\b|一台|1台|一个(?:实例|节点)|1 ?(?:대|개)/iu;
const PERCENT = /(?<![\w.])\d{1,3}(?:[.,]\d+)?\s?%/g;
/** A while, and a day. */
export const DURATION = /\b\d+ ?(?:min(?:ute)?s?|m|h|hours?|days?|stunden?|tage?|heures?|horas?|minutos?|minuten|дн\p{L}*|час\p{L}*|мин\p{L}*)(?![\p{L}])|\b(?:for|für|pendant|durante|por) (?:a|an|one|two|eine[nr]?|une?|um[a]?|на) \p{L}+|\b(?:mon|tue|wed|thu|fri|segunda|ter[cç]a|quarta|quinta|sexta|lunes|martes|mi[eé]rcoles|jueves|viernes|lundi|mardi|mercredi|jeudi|vendredi|montag|dienstag|mittwoch|donnerstag|freitag)\b|\b(?:today|tomorrow|monday|tuesday|wednesday|thursday|friday|overnight|this week|next week|(?:a|one|two) (?:hour|day|week)s?|days apart)\b|\b(?:one|two|three|four|five|six|ten|fifteen|twenty|thirty|forty|sixty|half an?|eine[nr]?|zwei|drei|vier) (?:min(?:ute)?s?|hours?|days?|weeks?|minuten|stunden?|tage?|wochen?)\b|\d+ ?(?:分|時間|小时|分钟|시간|분|天|日)|на (?:час|день)/iu;
/** What comes after a step. */
export const NEXT = /→|->|=>|\bthen\b|\bdanach\b|\bdann\b|\bpuis\b|\bensuite\b|\bluego\b|\bdespu[eé]s\b|\bdepois\b|потом|затем|然后|再|その後|次に|이후|다음|\bfinally\b|\bthe rest\b|\brest of the\b|\bremaining\b|\ball\b|\balle\b|\beveryone\b|\beverybody\b|\btous\b|\btodos\b|100 ?%/iu;
const FAULT = /\berrors?\b|\bp9\d|\blatency|\bcpu\b|\bcoverage\b|\bmemory\b|\bfail/i;

const EVERYBODY = /\ball\b|\bthe rest\b|\beveryone\b|\beverybody\b|\balle[ns]?\b|\btous\b|\btout le monde\b|\btodos\b|\bresto\b|\bвсе\p{L}*|全部|全量|全員|全台|全体|전체|모두/iu;
const FIRST_THEN = /\b\d+ (?:of \d+ )?(?:pods?|nodes?|instances?|hosts?|servers?|tenants?)\b.{1,80}\bthen\b.{1,40}\b(?:rest|all)\b|\bfor\b.{1,40}\bthen\b.{1,60}\bthen\b.{1,40}\b(?:rest|all|everything|everyone)\b|\bfirst\b.{0,60}\bthen\b.{1,60}\b(?:then|the rest|all|everyone)\b|\bfirst\b.{1,80}\b(?:later|after)\b.{1,80}\b(?:rest|all)\b|\bfirst\b.{1,120}\bthen\b.{1,40}\b(?:the )?(?:others?|other \w+|remaining)\b|\b(?:region|shard|pod|node|tenant|cell|cluster|store|shop|customer) by (?:region|shard|pod|node|tenant|cell|cluster|store|shop|customer)\b/i;
const PLACES = /сначала.{1,80}(?:потом|затем).{1,40}(?:остальн|все)|(?:потом|затем).{1,60}(?:потом|затем) на все|\b(?:ein(?:en)?|un|une|um|uma|один|одна|eine) (?:knoten|pod|server|instanz|n[oœ]ud|nodo|n[oó]|instance|instancia|серве\p{L}*|под|нод\p{L}*)(?!\p{L}).{1,80}(?:\balle\b|\btous\b|\btodos\b|все)/iu;

/** `10 → 50 → 100`, and what takes a while each. */
const WEIGHTS = /\b\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?(?:\d{1,2}\s?%?\s?(?:→|->|=>|,|then)\s?){0,3}100\b/i;
const WEIGHTED = /\bweights?\b.{0,40}?\b\d{1,3}\b.{1,40}?\b\d{1,3}\b.{1,40}?\b100\b/i;
const EACH = /\b\p{L}+(?: \d+(?: to \d+)?)? for \d+ ?(?:min(?:ute)?s?|m|h|hours?|days?)\b/giu;

/** A rollout in steps: rising shares with what comes between them, or one place first. */
export function isGradual(text: string): boolean {
  const shares = new Set((text.match(PERCENT) ?? []).map((share) => Number.parseFloat(share.replace(',', '.'))));
  const named = CANARY.test(text);
  if (WEIGHTS.test(text) || WEIGHTED.test(text)) return true;
  if ((text.match(EACH) ?? []).length >= 2 && /\bthen\b|\bthe rest\b|\bdann\b|\bpuis\b|\bluego\b|\bdepois\b|затем|然后|その後/iu.test(text)) return true;
  const rising = [...shares];
  const toAll = rising.at(-1) === 100 || EVERYBODY.test(text);
  if (rising.length >= 3 && toAll && rising.every((share, index) => index === 0 || share > (rising[index - 1] ?? 0))) return true;
  if (rising.length >= 2 && (text.match(new RegExp(DURATION, 'giu')) ?? []).length >= 2 && !FAULT.test(text)) return true;
  // One place first: told in one sentence or two, not somewhere in a story.
  const told = sentences(text);
  const near = told.map((one, index) => `${one} ${told[index + 1] ?? ''}`);
  if (near.some((some) => FIRST_THEN.test(some) || PLACES.test(some))) return true;
  if (shares.size >= 2 && toAll && NEXT.test(text) && (DURATION.test(text) || named) && !/\bfrom\b.{0,20}%.{0,10}\bto\b.{0,20}%/i.test(text)) return true;
  if (shares.size >= 1 && named && (NEXT.test(text) || DURATION.test(text)) && !FAULT.test(text.split('%')[0] ?? '')) return true;
  return near.some((some) => ONE_FIRST.test(some) && (CANARY.test(some) || DURATION.test(some)) && (NEXT.test(some) || DURATION.test(some)));
}

/** A rollout that is over, that is explained to others, or that was decided against. */
const NOT_THIS_ONE = /\b(?:decided|opted|voted) against\b|\bruled out\b|\bstraight to (?:100|all|every|prod)|\b(?:describes?|explains?|documents?|guide|page)\b.{0,40}\bhow\b|\b(?:we|it)\s+(?:started|began|went|ramped|rolled)\b.{0,12}\b(?:in|on|last|back in)\s+(?:january|february|march|april|may|june|july|august|september|october|november|december|last|spring|summer|autumn|winter|20\d\d)\b/i;

/** The words of a statement that name a rollout in steps; null where they do not. */
export function canaryIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const whole = label === null ? text : `${label}: ${text}`;
  const titled = under.some((title) => title.length < 60 && /\bcanary\b|\broll-?out\b|\bramp|\bprogressif|\bgradual|\bschrittweise|灰度|カナリア|카나리|段階|단계/iu.test(title));
  const days = titled ? (text.match(new RegExp(DURATION, 'giu')) ?? []).length : 0;
  const steps = days >= 2 || isGradual(whole) || (titled && isGradual(`rollout: ${whole}`)) || BATCHES.test(whole);
  return steps && !NOT_THIS_ONE.test(whole) && !/\b(?:no|without|skip(?:ping|ped)?|not)\b.{0,20}\b(?:canary|gradual|rollout)\b|\b(?:could|might)\b.{0,30}\bcanary/i.test(whole) ? whole : null;
}

const BATCHES = /\b(?:batch|wave|phase|step|ring) ?#?1\b.{1,120}\b(?:batch|wave|phase|step|ring) ?#?2\b|\b(?:starting|begin(?:ning)?|start) with\b.{1,60}\bfor (?:a|an|one|\d+) ?\p{L}+.{0,20}\bthen\b/iu;
