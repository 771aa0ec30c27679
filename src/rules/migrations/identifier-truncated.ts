import type { Sighting } from '../../core/finding.js';
import { effectEvidence } from '../../migrations/describe.js';
import { anchoredOn } from '../../migrations/describe/places.js';
import { longNames, NAME_BYTES, type LongName } from '../../migrations/patterns/long-names.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/identifier-truncated',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A name is longer than Postgres keeps',
    why: `Postgres keeps ${String(NAME_BYTES)} bytes of a name and drops the rest with no more than a notice. Two names that begin alike become one: the second statement fails (“already exists”), or with IF NOT EXISTS does nothing at all. And whatever looks the name up as it was written, in \`information_schema\` or in a tool that compares schemas, does not find it.`,
    remedy: `Choose a name of at most ${String(NAME_BYTES)} bytes (umlauts and the like count two or more).`,
    limits:
      'Speaks of names of tables, columns, views, types, functions and sequences, which code and tools look up; of indexes and constraints only where the name is taken already. ' +
      'Tools give long names to constraints all the time: counted over nine public histories (2,433 migrations), 21 have one that is too long, and none of them did any harm.',
    references: [{ title: 'PostgreSQL: identifiers and key words', url: 'https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const names = longNames(input.steps).filter((name) => name.taken || (name.what !== 'index' && name.what !== 'constraint'));
      const [first] = names;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(names.map(({ judged }) => ({ words: '', span: judged.step.span }))),
        symbol: names.map(({ kept }) => kept).join(' '),
        message: `${sentence(first)}${names.length === 1 ? '' : ` The same goes for ${String(names.length - 1)} more below.`}`,
        remedy: `Give the ${first.what} a name of at most ${String(NAME_BYTES)} bytes.`,
        evidence: [
          { kind: 'fact', text: `${String(Buffer.byteLength(first.written, 'utf8'))} bytes, of which ${String(NAME_BYTES)} are kept`, source: 'NAMEDATALEN of Postgres' },
          effectEvidence(first.judged.effect, first.judged.held, input.target),
        ],
      };
    },
  },
});

function sentence({ judged, what, written, kept, taken }: LongName): string {
  const start = `The name of ${what} \`${written}\` is longer than ${String(NAME_BYTES)} bytes: Postgres makes it \`${kept}\``;
  if (!taken) return `${start}, and whatever looks it up as it is written does not find it.`;
  const skips = /\bif\s+not\s+exists\b/i.test(judged.step.statement);
  return `${start}, a name that is taken already: the statement ${skips ? 'does nothing, without a word' : `fails (“"${kept}" already exists”)`}.`;
}
