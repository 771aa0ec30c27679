import type { Sighting } from '../../core/finding.js';
import type { SchemaDifference } from '../../core/proof-report.js';
import { listInWords } from '../../migrations/describe/places.js';
import { differenceWords, downPlace, meansToUndo, objectWords, observation } from '../../migrations/describe/proof.js';
import { defineRule } from '../define-rule.js';

/** So many differences are told one by one. */
const SHOWN = 3;

export const rule = defineRule({
  id: 'migrations/down-not-inverse',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The way back does not lead back',
    why: 'After a rollback the code before runs on a schema that it has never seen: an index that made its queries fast is gone, a constraint that it relies on is missing, a column that it does not know is still there. Nothing fails at once, so nobody looks; and the next deployment meets objects that it wants to create.',
    remedy: 'Let the down restore what the up dropped, as it was (indexes, foreign keys, defaults, NOT NULL, triggers), and drop what the up created.',
    limits:
      'Proved, not guessed: the schema before up is compared with the one after down, object by object. The order of columns and names that the server makes up do not count. Silent where the down ends with an error (`migrations/down-fails`), and where it is empty or says that there is none. Rows are `migrations/down-loses-data`.',
    references: [{ title: 'Martin Fowler: evolutionary database design', url: 'https://martinfowler.com/articles/evodb.html' }],
  },
  checks: {
    *proof({ proof, migration, server, changes }): Iterable<Sighting> {
      const { differences } = proof;
      if (proof.reversible !== false || proof.downError !== undefined || differences.length === 0 || !meansToUndo(migration, changes)) return;
      const { path, span } = downPlace(migration, changes);
      yield {
        path,
        span,
        symbol: `down ${migration.id}`,
        message: `After up and down the schema is not the one before: ${messageOf(differences)}.`,
        remedy: remedyOf(differences),
        evidence: differences.slice(0, 5).map((one) => observation(server, `after up and down, ${differenceWords(one, 300)}`)),
      };
    },
  },
});

function messageOf(differences: readonly SchemaDifference[]): string {
  const shown = differences.slice(0, SHOWN).map((one) => differenceWords(one));
  const more = differences.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${String(more)} more ${more === 1 ? 'object differs' : 'objects differ'}` : ''}`;
}

function remedyOf(differences: readonly SchemaDifference[]): string {
  const missing = differences.filter((one) => one.after === null);
  const left = differences.filter((one) => one.before === null);
  const changed = differences.filter((one) => one.before !== null && one.after !== null);
  const named = (these: readonly SchemaDifference[]): string => listInWords(these.map((one) => objectWords(one.object)), SHOWN);
  const parts = [
    ...(missing.length === 0 ? [] : [`create ${named(missing)} again as before`]),
    ...(left.length === 0 ? [] : [`drop ${named(left)}`]),
    ...(changed.length === 0 ? [] : [`set ${named(changed)} back to what it was`]),
  ];
  return `In the down direction, ${parts.join('; ')}; then up, down, up leaves nothing behind.`;
}
