import type { Claims } from './claimed.js';
import { canaryIn } from './gradual.js';
import { incidentIn, namesIncident } from './incident-link.js';
import { observedIn } from './observed.js';
import { isPlaceholder } from './placeholder.js';
import { flagIn } from './release-switch.js';
import { stagingIn } from './staging-claim.js';
import { readDescription, type Description, type Statement } from './statements.js';

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
  return { staging: first(stagingIn), observability: first(observedIn), canary: first(canaryIn) ?? stepsIn(own), flag: first(flagIn), incident: first(incidentIn) ?? titles.find(namesIncident) ?? null };
}

/** Longest cell of a table that can be a share of the traffic. */
const SHARE_LENGTH = 20;

/** Steps that stand one below the other: rows of a table, items of a list. */
function stepsIn(statements: readonly Statement[]): string | null {
  const lists = new Map<string, Statement[]>();
  for (const statement of statements) {
    if (statement.form !== 'item' && (statement.form !== 'cell' || statement.text.length > SHARE_LENGTH)) continue;
    const place = statement.form === 'cell' ? statement.under.slice(0, -2).join('|') : statement.under.join('|');
    lists.set(place, [...(lists.get(place) ?? []), statement]);
  }
  for (const list of lists.values()) {
    const [first] = list;
    if (first === undefined || list.length < 2) continue;
    const words = canaryIn({ ...first, form: 'line', label: null, text: list.map(({ label, text }) => (label === null ? text : `${label}: ${text}`)).join(', ') });
    if (words !== null) return words.slice(0, 200);
  }
  return null;
}
