import { conditionalIdiom, falseGuard } from '../../behaviour/idiom.js';
import { computedFrom } from '../../behaviour/computed.js';
import { checkedWrites, type CheckedWrite } from '../../behaviour/races.js';
import { timelineOf, witnessOf } from '../../behaviour/compile/witnessed.js';
import { calledAs, quoted } from '../../behaviour/timeline.js';
import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'concurrency/check-then-act',
  since: '0.1.0',
  level: 'warn',
  needs: { models: true },
  docs: {
    title: 'A check that another request can pass at the same time',
    why: 'A row is read, the code checks its balance, stock, limit or state, and a later statement changes it. Between the check and the change the row is anybody’s: two requests read the same row, both pass the check, and both go on. Money is spent twice, the last seat is sold twice, one order is paid or shipped twice. Tests do not show it, since they send one request at a time; a double click, a retried webhook or two workers do. A transaction by itself does not help: at the default isolation level of Postgres and MySQL two transactions read the same row.',
    remedy:
      'Let the statement that changes the row carry the check, and look at how many rows it touched: `UPDATE accounts SET balance = balance - $1 WHERE id = $2 AND balance >= $1`. Where that is not possible, lock the row before it is checked: `SELECT … FOR UPDATE` inside the transaction, or a distributed lock around check and change. Serializable isolation works too, with a retry on its errors.',
    limits:
      'Stays silent where the row is read with a lock, where the isolation level is repeatable read or serializable, where the checked column or a version stands in the `WHERE` of the write, inside a lock wrapper (by name, or listed in `locks.wrappers`), and where a call in between speaks of a lock. An in-process mutex counts as a lock: it holds only as long as there is one process. A state that is merely set twice to the same value is not reported: something must happen twice behind it (a payment, a mail, a job, an inserted row, a counter), and a row that a unique key of the schema takes only once does not count, nor does what comes behind it. A `CHECK` that bounds the column, and a version that the library compares (Sequelize `version`, Mongoose `optimisticConcurrency`, MikroORM), are guards where models or migrations declare them; a version compared when the row is read (TypeORM’s optimistic lock) counts as one. Of a row that was handed to the function only counted amounts are spoken of, and none where a transaction comes with it. Follows variables within a function, relations that come with a row, and one call into functions of the same file; what other files do is not seen. Reads TypeScript and JavaScript, and PHP (Eloquent, Laravel’s query builder, Doctrine, PDO); there a row that a route looks up for a request counts as read without a lock, `ShouldBeUnique` and `WithoutOverlapping` count as locks, and unique keys of migrations written in PHP are not known. Every finding has a schedule of two runs, found and replayed by a simulation of Postgres at read committed and of InnoDB at repeatable read; what breaks in only one of them, or cannot be simulated, is not reported.',
    references: [
      { title: 'PostgreSQL: Transaction Isolation', url: 'https://www.postgresql.org/docs/current/transaction-iso.html' },
      { title: 'ACIDRain: Concurrency-Related Attacks on Database-Backed Web Applications', url: 'https://www.bailis.org/papers/acidrain-sigmod2017.pdf' },
      { title: 'CWE-367: Time-of-check Time-of-use Race Condition', url: 'https://cwe.mitre.org/data/definitions/367.html' },
    ],
  },
  checks: {
    *behaviour({ function: behaviour, models }): Iterable<Sighting> {
      for (const race of checkedWrites(behaviour, models)) {
        const { read, guard, write } = race;
        const witnessed = witnessOf(behaviour, race);
        if (witnessed.status !== 'witness') continue;
        yield {
          path: behaviour.path,
          span: write.span,
          related: [read.span, guard.span],
          symbol: behaviour.symbol,
          story: `${write.entity ?? ''}.${race.column}`,
          code: `${read.text}\n${guard.text}\n${write.text}`,
          message: `${messageOf(race)}${falseGuard(write, models)}`,
          remedy: `${conditionalIdiom(race)}.`,
          evidence: [timelineOf(witnessed.witness, outcomeOf(race))],
        };
      }
    },
  },
});

function messageOf(race: CheckedWrite): string {
  const { read, guard, write, transaction } = race;
  const where = `${quoted(guard)} check on line ${guard.span.startLine}`;
  const what = `\`${calledAs(write)}\` on line ${write.span.startLine}`;
  const row = read.library === 'parameter' ? `on a \`${read.text}\` that was read before the call` : `on the row read on line ${read.span.startLine}`;
  const story = `Two requests can both pass the ${where}, ${row}, before either ${what} runs, so ${consequenceOf(race)}.`;
  if (transaction === null) return story;
  return `${story} The transaction on line ${transaction.span.startLine} does not prevent it: at its isolation level both read the same row.`;
}

/** Whether what is written was computed from the row read before: then the second write undoes the first instead of adding to it. */
function writesComputed({ read, write, column }: CheckedWrite): boolean {
  const assignment = write.data.find((one) => one.column === column);
  return assignment !== undefined && computedFrom(assignment.value, read.id, column) !== null;
}

function consequenceOf(race: CheckedWrite): string {
  const { kind, column, direction, effect, write } = race;
  if (kind === 'amount') {
    if (writesComputed(race)) return `both go through and the later one writes over the earlier one’s \`${column}\`: only one of the two is counted`;
    return direction === 'down' ? `both take from \`${column}\` and it ends below what the check allows` : `both add to \`${column}\` and it ends beyond what the check allows`;
  }
  const done = effect === null ? '' : `: \`${calledAs(effect)}\` on line ${effect.span.startLine} is reached twice`;
  return write.operation === 'delete' ? `both act on a row whose \`${column}\` has changed${done}` : `both leave the same \`${column}\`${done}`;
}

function outcomeOf(race: CheckedWrite): string {
  const { kind, column, direction } = race;
  if (kind === 'state') return `Both requests see the old \`${column}\` and both go on.`;
  if (writesComputed(race)) return `Both requests see the same \`${column}\` and write back what they made of it: one change is lost.`;
  return direction === 'down' ? `Both requests see the same \`${column}\` and both take from it.` : `Both requests see the same \`${column}\` and both add to it.`;
}
