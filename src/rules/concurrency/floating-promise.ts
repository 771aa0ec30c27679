import { calledAs, lineOf } from '../../behaviour/timeline.js';
import { unfinishedIn, type Unfinished } from '../../behaviour/unfinished.js';
import type { FunctionBehaviour } from '../../behaviour/event.js';
import type { Sighting, Suggestion } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'concurrency/floating-promise',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A write or an effect that nobody waits for',
    why: 'The call returns a promise and the code goes on without it. The response is sent before the row is written; a serverless function is frozen in the middle; the next read does not see the write; and when it fails, nobody learns of it, or Node ends the process over the unhandled rejection. Prisma, Knex and Drizzle go further: their queries are sent only when somebody awaits them, so the write never happens at all.',
    remedy:
      'Put `await` before the call, or return it. Where it is meant to run on its own, hand it to what keeps the process alive until it is done (`waitUntil`, `after`, a queue) and attach `.catch` that records the failure.',
    limits:
      'Speaks of database writes, mail, payments, notifications and jobs that are known by their library or name, and of async functions of the same file that contain one. A promise that is awaited, returned, kept in a variable, put into an array, handed to a function or given a `.catch` is not floating. `void` says that nobody waits on purpose: then only queries that are never sent are reported. Files that run in a browser, functions that start workers, and functions that catch all their own errors are left out. Without types, an async function of another file is not known to be one.',
    references: [
      { title: 'typescript-eslint: no-floating-promises', url: 'https://typescript-eslint.io/rules/no-floating-promises/' },
      { title: 'Node.js: unhandled rejections', url: 'https://nodejs.org/api/process.html#event-unhandledrejection' },
      { title: 'Prisma Client: queries run when they are awaited', url: 'https://www.prisma.io/docs/orm/prisma-client/queries/crud' },
    ],
  },
  checks: {
    *behaviour({ function: behaviour }): Iterable<Sighting> {
      for (const one of unfinishedIn(behaviour)) {
        const suggestion = suggestionOf(behaviour, one);
        yield {
          path: behaviour.path,
          span: one.event.span,
          symbol: behaviour.symbol,
          code: one.event.text,
          message: messageOf(one),
          remedy: remedyOf(behaviour, one),
          evidence: [{ kind: 'quote', text: one.event.text, path: behaviour.path, line: one.event.span.startLine }],
          ...(suggestion === null ? {} : { suggestion }),
        };
      }
    },
  },
});

function messageOf({ event, effect, neverRuns }: Unfinished): string {
  const called = `\`${calledAs(event)}\` on line ${event.span.startLine}`;
  if (neverRuns) return `${called} is never awaited, and its library sends a query only when it is: the write does not happen.`;
  const inside = event.kind === 'call' ? ` It is async, and what it does (\`${calledAs({ ...event, text: effect })}\`) is still under way when the code goes on` : ' The code goes on before it is done';
  return `${called} returns a promise that nobody waits for.${inside}, and its failure reaches nobody.`;
}

function remedyOf(behaviour: FunctionBehaviour, { event }: Unfinished): string {
  if (!behaviour.async) return 'Return the promise, or make the function async and await it.';
  return `Put \`await\` before \`${calledAs(event)}\`; where it is meant to run on its own, hand it to a queue or \`waitUntil\` and attach a \`.catch\` that records the failure.`;
}

/** `await` before the call, where the statement begins its line and the function around it is async. */
function suggestionOf(behaviour: FunctionBehaviour, { event }: Unfinished): Suggestion | null {
  if (!behaviour.async || event.frames.some((frame) => frame.kind === 'callback')) return null;
  const line = lineOf(behaviour, event.span.startLine);
  if (line === null) return null;
  const start = line.length - line.trimStart().length;
  const code = line.slice(start);
  if (event.promise === 'voided' ? !code.startsWith('void ') : event.span.startColumn !== start + 1) return null;
  const text = `${line.slice(0, start)}await ${event.promise === 'voided' ? code.slice('void '.length) : code}`;
  return { startLine: event.span.startLine, endLine: event.span.startLine, text };
}
