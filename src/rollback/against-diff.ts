import { deniesSchema, offersIn, type Offer } from './against-diff-words.js';
import type { DiffNeed, NeedKind } from './diff-needs.js';
import type { RollbackPlan } from './plan.js';

/** One thing in the diff that the plan does not undo. */
export interface Gap {
  readonly need: DiffNeed;
  /** One sentence with the author's names: what happens when the plan is carried out. */
  readonly sentence: string;
  /** What the plan would have to say. */
  readonly remedy: string;
}

/** A plan held against the diff it is for. */
export interface PlanValidity {
  /** null: there is no plan, or not enough of the diff was seen to hold it against. */
  readonly valid: boolean | null;
  readonly gaps: readonly Gap[];
  /** The author's words that nothing but the code needs undoing, where the diff says otherwise. */
  readonly denied: string | null;
}

/** Nothing to say. */
export const NOT_HELD_AGAINST: PlanValidity = { valid: null, gaps: [], denied: null };

export interface Comparison {
  readonly plan: RollbackPlan;
  /** What the author states about undoing the change. */
  readonly planText: string;
  /** All that the author states. */
  readonly ownText: string;
  readonly needs: readonly DiffNeed[];
  /** Whether the diff was seen whole and holds nothing but code and settings. */
  readonly plainDiff?: boolean;
}

/** Offers that count wherever in the description they stand: facts about the change, not steps of an undo. */
const FACTS: ReadonlySet<Offer> = new Set<Offer>(['unused', 'staged', 'both', 'not-applied', 'floor']);

/**
 * Holds a plan against the diff. Never takes a plain revert for a plan where something is dropped, renamed or rewritten: only
 * the author's words about where it comes back from, or why nobody misses it, close such a gap.
 */
export function holdAgainstDiff({ plan, planText, ownText, needs, plainDiff = false }: Comparison): PlanValidity {
  if (plan.status === 'missing' || plan.status === 'placeholder') return NOT_HELD_AGAINST;
  // The first row of the table: nothing in the diff asks for more than undoing the code.
  if (needs.length === 0) return plainDiff && namesWay(plan) ? { valid: true, gaps: [], denied: null } : NOT_HELD_AGAINST;
  const offers = new Map(offersIn(planText));
  // A backup that nobody names is a hope where the rest of the plan is one too.
  const backup = offers.get('backup');
  if (backup !== undefined && plan.status === 'present' && !offers.has('restore')) offers.set('restore', backup);
  for (const [offer, words] of offersIn(ownText)) if (FACTS.has(offer) && !offers.has(offer)) offers.set(offer, words);
  const gaps: Gap[] = [];
  let unsure = false;
  for (const need of needs) {
    const row = ROWS[need.kind];
    if (row === null || row.closedBy(need, offers, planText)) continue;
    if (need.kind === 'unknown') unsure = true;
    else gaps.push({ need, sentence: row.sentence(need, offers), remedy: row.remedy(need) });
  }
  const denied = needs.some(({ kind }) => SCHEMA.has(kind)) ? deniesSchema(planText) : null;
  if (gaps.length > 0) return { valid: false, gaps: gaps.sort(byWeight), denied };
  if (unsure || !namesWay(plan)) return { valid: null, gaps: [], denied };
  return { valid: true, gaps: [], denied };
}

/** Whether a plan says by what it is undone, however vaguely. */
function namesWay({ status, elements }: RollbackPlan): boolean {
  return status === 'present' || elements.some(({ name }) => name === 'mechanism' || name === 'specific');
}

const SCHEMA: ReadonlySet<NeedKind> = new Set<NeedKind>(['lost', 'renamed', 'primary-key', 'rewritten', 'filled', 'stricter']);
const ORDER: readonly NeedKind[] = ['lost', 'rewritten', 'renamed', 'primary-key', 'stricter', 'filled', 'migration-edited', 'at-deploy', 'format', 'search-mapping', 'contract', 'unknown', 'additive'];

function byWeight(one: Gap, other: Gap): number {
  return ORDER.indexOf(one.need.kind) - ORDER.indexOf(other.need.kind);
}

type Offers = ReadonlyMap<Offer, string>;

interface Row {
  readonly closedBy: (need: DiffNeed, offers: Offers, planText: string) => boolean;
  readonly sentence: (need: DiffNeed, offers: Offers) => string;
  readonly remedy: (need: DiffNeed) => string;
}

function any(offers: Offers, ...wanted: readonly Offer[]): boolean {
  return wanted.some((offer) => offers.has(offer));
}

/** Whether the plan names a table into which this very change copied the rows. */
function namesCopy({ copies }: DiffNeed, planText: string): boolean {
  const text = planText.toLowerCase();
  return copies.some((table) => table.length > 2 && text.includes(table.toLowerCase()));
}

function thing({ name }: DiffNeed, otherwise: string): string {
  return name === null ? otherwise : `\`${name}\``;
}

/** What carries out the undo, as the subject of a sentence. */
function undo(offers: Offers): string {
  return offers.has('down-migration') ? 'The down migration that the plan names' : 'Reverting this pull request';
}

const LOST: Row = {
  closedBy: (need, offers, planText) => {
    if (any(offers, 'restore', 'staged', 'floor') || namesCopy(need, planText)) return true;
    const structure = any(offers, 'inverse-schema') || (any(offers, 'down-migration') && need.down !== 'nothing');
    if (/^drops the (?:view|type)|^drops a value/.test(need.does)) return structure && (need.down === 'all' || need.down === 'unknown' || any(offers, 'inverse-schema'));
    if (any(offers, 'down-migration') && need.down === 'all') return true;
    return structure && any(offers, 'unused', 'inverse-data');
  },
  sentence: (need, offers) =>
    offers.has('down-migration') && (need.down === 'structure' || need.down === 'unknown')
      ? `The down migration that the plan names makes ${thing(need, 'it')} again, but empty: ${need.where} ${need.does}, and nothing in the plan says where its values come back from.`
      : `${undo(offers)} does not bring back ${thing(need, 'what is dropped')}: ${need.where} ${need.does}, and what was in it is gone.`,
  remedy: (need) =>
    `Say where ${thing(need, 'it')} comes back from (a saved copy such as \`CREATE TABLE … AS SELECT\`, a backup or point in time and the command that restores it), or take the drop out: let one release stop using it first, name that release as the oldest one to roll back to, and drop it in a later pull request.`,
};

const RENAMED: Row = {
  closedBy: (need, offers, planText) => {
    if (any(offers, 'inverse-schema', 'both', 'restore', 'staged', 'floor') || namesCopy(need, planText)) return true;
    return any(offers, 'down-migration') && need.down !== 'nothing';
  },
  sentence: (need, offers) =>
    offers.has('down-migration')
      ? `The down migration that the plan names has nothing that undoes the rename: ${need.where} ${need.does}, and the reverted code asks for the old name.`
      : `Reverting this pull request brings back code that asks for ${thing(need, 'the old name')}, which no longer exists: ${need.where} ${need.does}.`,
  remedy: (need) => `Say how ${thing(need, 'it')} gets its old name back before the old code runs (\`ALTER TABLE … RENAME …\`, or the command of the down migration), or add the new name beside the old one and write both until nobody needs the old one.`,
};

const PRIMARY_KEY: Row = {
  closedBy: (need, offers) => any(offers, 'inverse-schema', 'restore', 'both', 'floor', 'loosen') || (any(offers, 'down-migration') && need.down !== 'nothing'),
  sentence: (need, offers) => `${undo(offers)} leaves the new primary key where it is: ${need.where} ${need.does}.`,
  remedy: () => 'Say with which statements, and in which order, the old primary key comes back, and what happens to rows that were written meanwhile.',
};

const REWRITTEN: Row = {
  closedBy: (need, offers, planText) => any(offers, 'restore', 'inverse-data') || namesCopy(need, planText) || (any(offers, 'down-migration') && need.down === 'all'),
  sentence: (need, offers) => `${undo(offers)} does not give back the old values: ${need.where} ${need.does}, and nothing in the plan says where they are kept.`,
  remedy: (need) => `Save the rows before they are changed (\`CREATE TABLE … AS SELECT\` with the key and the old values) and give the statement that writes them back, or the inverse of the statement on ${thing(need, 'them')} where it has one.`,
};

const FILLED: Row = {
  closedBy: (need, offers, planText) => any(offers, 'restore', 'inverse-data', 'inverse-schema', 'loosen', 'may-stay', 'both', 'unused', 'down-migration', 'staged') || namesCopy(need, planText),
  sentence: (need) => `Reverting this pull request leaves what ${need.where} has filled in ${thing(need, 'the new column')}, and rows that the old code writes afterwards will not have it: the plan says nothing of either.`,
  remedy: (need) => `Say whether ${thing(need, 'the new column')} stays with its values, and that the backfill is run again before the change comes back; or give the statement that drops it.`,
};

const STRICTER: Row = {
  closedBy: (need, offers) => any(offers, 'loosen', 'both', 'order', 'floor', 'inverse-schema', 'restore') || (any(offers, 'down-migration') && need.down !== 'nothing') || (need.does.startsWith('adds the value') && any(offers, 'may-stay', 'unused', 'inverse-data')),
  sentence: (need, offers) =>
    offers.has('down-migration')
      ? `The down migration that the plan names does not take back that ${need.where} ${need.does}: ${consequence(need)}.`
      : `Reverting this pull request brings back code that does not know that ${need.where} ${need.does}: ${consequence(need)}.`,
  remedy: (need) => `Say what takes ${need.where} back and in which order (the down migration before the old code, or \`ALTER TABLE … DROP CONSTRAINT\`/\`DROP NOT NULL\`), or that the previous release already writes only what it allows.`,
};

function consequence({ does }: DiffNeed): string {
  if (does.startsWith('adds the value')) return 'it meets rows with a value that it has never heard of';
  if (does.startsWith('changes the type')) return 'what it writes may no longer fit';
  return 'its writes may be refused';
}

function simpleRow(closing: readonly Offer[], sentence: (need: DiffNeed) => string, remedy: string): Row {
  return { closedBy: (_need, offers) => any(offers, ...closing), sentence, remedy: () => remedy };
}

const ROWS: Readonly<Record<NeedKind, Row | null>> = {
  lost: LOST,
  renamed: RENAMED,
  'primary-key': PRIMARY_KEY,
  rewritten: REWRITTEN,
  filled: FILLED,
  stricter: STRICTER,
  'migration-edited': simpleRow(
    ['forward', 'not-applied', 'down-migration', 'inverse-schema'],
    (need) => `Reverting this pull request does not undo what databases have already run: ${need.where} ${need.does}, and tools that keep checksums refuse to start on either text.`,
    'Leave the merged migration as it was, put the change into a new migration, and say which further migration takes it back.',
  ),
  format: simpleRow(
    ['both', 'drain', 'order', 'forward'],
    (need) => `Reverting this pull request brings back code that cannot read what the new code has written meanwhile: ${need.where} ${need.does}.`,
    'Say how old and new live side by side: both formats are read until the old one has run out, or what was written is drained, flushed or left to expire before the old code runs.',
  ),
  'search-mapping': simpleRow(
    ['alias', 'both', 'restore', 'drain'],
    (need) => `Reverting this pull request does not change the index back: ${need.where} ${need.does}, and a mapping cannot be changed in place.`,
    'Build a new index beside the old one, switch an alias, and say that the alias is switched back.',
  ),
  contract: simpleRow(
    ['release', 'both', 'forward'],
    (need) => `Reverting this pull request does not bring clients back: ${need.where} ${need.does}, and whoever has the new version keeps it.`,
    'Say which higher version is released with the old behaviour, or that the old contract is served until every client has moved.',
  ),
  'at-deploy': simpleRow(
    ['order', 'down-migration', 'no-hook', 'forward', 'restore'],
    (need) => `Rolling back the deployment stumbles over the schema it left: ${need.where} ${need.does}, and the old image does not know the newest migration.`,
    'Give the order: downgrade the schema with the new image first, then roll the deployment back; or how migrations are kept from running.',
  ),
  unknown: {
    closedBy: (_need, offers) => any(offers, 'down-migration', 'restore', 'inverse-data', 'inverse-schema', 'both', 'may-stay', 'loosen', 'staged', 'forward'),
    sentence: (need) => `${need.where} ${need.does}.`,
    remedy: () => 'Say what the migration leaves behind.',
  },
  additive: null,
};
