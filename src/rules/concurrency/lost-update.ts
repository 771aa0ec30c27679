import { falseGuard, staleIdiom } from '../../behaviour/idiom.js';
import { incrementInPlace } from '../../behaviour/php-idiom.js';
import { staleWrites, type StaleWrite } from '../../behaviour/races.js';
import { timelineOf, witnessOf } from '../../behaviour/compile/witnessed.js';
import { calledAs, lineOf } from '../../behaviour/timeline.js';
import type { FunctionBehaviour } from '../../behaviour/event.js';
import type { Sighting, Suggestion } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'concurrency/lost-update',
  since: '0.1.0',
  level: 'warn',
  needs: { models: true },
  docs: {
    title: 'A new value computed from an old one, written back over others',
    why: 'The code reads a counter, a total, a list or a JSON document, computes the new value in memory and writes the whole of it back. Two requests that do so at the same time start from the same old value; the second overwrites what the first wrote. One payment, one label, one retry count disappears, without an error and without a trace. A transaction by itself does not help at the default isolation level.',
    remedy:
      'Let the database compute the new value from its own current one: `SET credits = credits - $1`, `{ decrement: n }`, `$inc`, `{ push: x }`, `jsonb_set`. Where the computation has to happen in the application, lock the row while it is read (`SELECT … FOR UPDATE` inside the transaction), or keep a version column, compare it in the `WHERE`, and try again when no row was touched.',
    limits:
      'Reported are arithmetic, lists with an element more or less, JSON merged over the old one, and text appended, all from a column of the row that the same function read before. Silent where a check on the same column stands before the write (concurrency/check-then-act tells that story), where the row is locked, a version or the old value is compared in the `WHERE`, the isolation level is repeatable read or serializable, or the library compares a version its model declares. A value that is only passed on, a toggled boolean, and a JSON document of which one fixed key is set are left out: what they lose depends on other writers. Reads TypeScript and JavaScript, and PHP (Eloquent, Laravel’s query builder, Doctrine, PDO). Every finding has a schedule of two runs, found and replayed by a simulation of Postgres at read committed and of InnoDB at repeatable read; what breaks in only one of them, or cannot be simulated, is not reported.',
    references: [
      { title: 'PostgreSQL: Read Committed Isolation Level', url: 'https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED' },
      { title: 'PostgreSQL anti-patterns: read-modify-write cycles', url: 'https://www.2ndquadrant.com/en/blog/postgresql-anti-patterns-read-modify-write-cycles/' },
    ],
  },
  checks: {
    *behaviour({ function: behaviour, models }): Iterable<Sighting> {
      for (const race of staleWrites(behaviour, models)) {
        const { read, write, assignment } = race;
        const witnessed = witnessOf(behaviour, { read, write, guard: null, effect: null, column: assignment.column });
        if (witnessed.status !== 'witness') continue;
        const suggestion = suggestionOf(behaviour, race) ?? incrementInPlace(behaviour, race);
        yield {
          path: behaviour.path,
          span: assignment.span.startLine > 0 && write.target === null ? assignment.span : write.span,
          related: [read.span, write.span],
          symbol: behaviour.symbol,
          story: `${write.entity ?? ''}.${assignment.column}`,
          code: `${read.text}\n${write.text}`,
          message: `${messageOf(race)}${falseGuard(write, models)}`,
          remedy: `${staleIdiom(race, directionOf(race))}.`,
          evidence: [timelineOf(witnessed.witness, `Both requests compute the new \`${assignment.column}\` from the same old one; the second write overwrites the first.`)],
          ...(suggestion === null ? {} : { suggestion }),
        };
      }
    },
  },
});

const LOST: Readonly<Record<StaleWrite['computation'], string>> = { number: 'one of the two changes', list: 'one of the two entries', object: 'the keys the other one wrote', text: 'one of the two additions' };

function messageOf({ read, write, assignment, computation, transaction }: StaleWrite): string {
  const from = read.library === 'parameter' ? `comes with a \`${read.text}\` that was read before the call` : `is read on line ${read.span.startLine}`;
  const story = `\`${assignment.column}\` ${from} and written back on line ${write.span.startLine} with \`${calledAs(write)}\`: two requests that read it before either writes lose ${LOST[computation]}.`;
  if (transaction === null) return story;
  return `${story} The transaction on line ${transaction.span.startLine} does not prevent it: at its isolation level both read the same row.`;
}

function directionOf({ assignment }: StaleWrite): 'up' | 'down' {
  return assignment.value.kind === 'binary' && assignment.value.operator === 'subtract' ? 'down' : 'up';
}

/** `credits: user.credits - cost` → `credits: { decrement: cost }`, where it stands alone on its line. */
function suggestionOf(behaviour: FunctionBehaviour, { write, assignment, computation }: StaleWrite): Suggestion | null {
  const { span, value, column } = assignment;
  if (write.library !== 'prisma' || computation !== 'number' || span.startLine === 0 || span.startLine !== span.endLine) return null;
  if (value.kind !== 'binary' || (value.operator !== 'add' && value.operator !== 'subtract')) return null;
  const line = lineOf(behaviour, span.startLine);
  if (line === null) return null;
  const written = line.slice(span.startColumn - 1, span.endColumn - 1);
  const name = column.replace(/\W/g, '\\$&');
  const found = new RegExp(`^${name}:\\s*[\\w$.?!]+\\.${name}\\s*([-+])\\s*([\\w$.]+(?:\\([\\w$., ]*\\))?)$`).exec(written);
  if (found === null) return null;
  const operation = found[1] === '-' ? 'decrement' : 'increment';
  const text = `${line.slice(0, span.startColumn - 1)}${column}: { ${operation}: ${found[2] ?? ''} }${line.slice(span.endColumn - 1)}`;
  return { startLine: span.startLine, endLine: span.startLine, text };
}
