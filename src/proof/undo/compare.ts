import type { SchemaDifference } from '../../core/proof-report.js';

interface Described {
  readonly object: string;
  readonly owner: string | null;
  readonly definition: string;
}

function describedIn(database: ReadonlyMap<string, string>): Map<string, Described> {
  return new Map([...database].map(([key, definition]) => {
    const tab = key.indexOf('\t');
    const object = tab === -1 ? key : key.slice(0, tab);
    return [object, { object, owner: tab === -1 ? null : key.slice(tab + 1), definition }];
  }));
}

/**
 * What is in one database and not, or not so, in the other, by name and in the order of names. What goes with a lost table or
 * column is not named beside it; neither is a name that the server chose, where the same thing is there under another one.
 */
export function compareDatabases(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly SchemaDifference[] {
  const [old, now] = [describedIn(before), describedIn(after)];
  const lost = [...old.values()].filter(({ object }) => !now.has(object));
  const gained = [...now.values()].filter(({ object }) => !old.has(object));
  const same = underGeneratedNames(lost, gained);
  const renamed = underOtherNames(lost, gained, same);
  const left = new Set([...same, ...renamed.flatMap(({ one, other }) => [one.object, other.object])]);
  const changed = [...old.values()].flatMap(({ object, definition }): SchemaDifference[] => {
    const other = now.get(object);
    return other === undefined || isSame(definition, other.definition) ? [] : [{ object, before: definition, after: other.definition }];
  });
  return [
    ...renamed.map(({ one, other }) => ({ object: one.object, before: one.definition, after: `${other.definition}, under the name ${other.object.slice(other.object.lastIndexOf('.') + 1)}` })),
    ...lost.filter((one) => !left.has(one.object) && !goesWith(one, old, now)).map(({ object, definition }) => ({ object, before: definition, after: null })),
    ...gained.filter((one) => !left.has(one.object) && !one.object.startsWith('extension ') && !goesWith(one, now, old)).map(({ object, definition }) => ({ object, before: null, after: definition })),
    ...changed,
  ].sort((one, other) => (one.object < other.object ? -1 : one.object > other.object ? 1 : 0));
}

/** Whether what it belongs to is itself on one side only. */
function goesWith(one: Described, here: ReadonlyMap<string, Described>, there: ReadonlyMap<string, Described>): boolean {
  for (let owner = one.owner; owner !== null; owner = here.get(owner)?.owner ?? null) {
    if (here.has(owner) && !there.has(owner)) return true;
  }
  return false;
}

const GENERATED_NAME = /_(?:pkey|key|fkey|check|excl|idx|not_null)\d*$/;

/** Constraints and indexes that lost a name of the server's making and are there under another one. */
function underGeneratedNames(lost: readonly Described[], gained: readonly Described[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const one of lost) {
    const kind = one.object.slice(0, one.object.indexOf(' '));
    if ((kind !== 'constraint' && kind !== 'index') || !GENERATED_NAME.test(one.object)) continue;
    const other = gained.find((each) => !found.has(each.object) && each.owner === one.owner && each.object.startsWith(`${kind} `) && isSame(each.definition, one.definition));
    if (other === undefined) continue;
    found.add(one.object);
    found.add(other.object);
  }
  return found;
}

/** Constraints and indexes that are there under another name, which is no matter of taste: what names them fails. */
function underOtherNames(lost: readonly Described[], gained: readonly Described[], same: ReadonlySet<string>): readonly { readonly one: Described; readonly other: Described }[] {
  const taken = new Set(same);
  return lost.flatMap((one) => {
    const kind = one.object.slice(0, one.object.indexOf(' ') + 1);
    if ((kind !== 'constraint ' && kind !== 'index ') || taken.has(one.object)) return [];
    const other = gained.find((each) => !taken.has(each.object) && each.owner === one.owner && each.object.startsWith(kind) && isSame(each.definition, one.definition));
    if (other === undefined) return [];
    taken.add(other.object);
    return [{ one, other }];
  });
}

/** The text of a routine may be laid out and explained in another way. */
function isSame(one: string, other: string): boolean {
  return one === other || laidOut(one) === laidOut(other);
}

function laidOut(text: string): string {
  const plain = /^CREATE OR REPLACE (?:FUNCTION|PROCEDURE) /.test(text) ? text.replace(COMMENT, (match) => (match.startsWith("'") ? match : ' ')) : text;
  return plain.replace(/\s+/g, ' ').trim();
}

/** A text in quotes, which is left, or a comment. */
const COMMENT = /'(?:[^']|'')*'|--[^\n]*|\/\*.*?\*\//gs;
