import { endlessRetries, type EndlessRetry } from '../../behaviour/retries.js';
import { calledAs } from '../../behaviour/timeline.js';
import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'failures/retry-without-cap',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A retry without an end',
    why: 'What fails is tried again, and again, with nothing that ever gives up: no count, no deadline, no signal. While the other side is down every caller hangs in the loop, requests and connections pile up, and when it comes back it is met by all of them at once. An error that no retry can cure (a wrong key, a deleted row, a request that is always refused) is repeated for ever.',
    remedy:
      'Count the attempts and give up after a few: throw the last error. Wait longer each time, with some jitter, and never beyond a deadline; stop on an `AbortSignal`. Try again only on errors that can pass (timeouts, 429, 5xx). Libraries do it: p-retry, cockatiel, the retries of your queue.',
    limits:
      'Speaks of loops without a condition (`while (true)`, `for (;;)`) and of loops on a flag that only the end of their `try` sets (`while (!done)`), whose handler goes round again and which end once the attempt has worked, and of functions that call themselves in their own handler. A loop that success does not end, or that may end before it tries, goes through work or polls, and stays silent; so do loops that compare a counter, a clock or a signal before they go on, and functions whose name says that they keep a connection or serve for ever.',
    references: [
      { title: 'AWS: Timeouts, retries and backoff with jitter', url: 'https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/' },
      { title: 'Google SRE book: Handling Overload', url: 'https://sre.google/sre-book/handling-overload/' },
    ],
  },
  checks: {
    *behaviour({ function: behaviour }): Iterable<Sighting> {
      for (const retry of endlessRetries(behaviour)) {
        const { again, attempt, tried } = retry;
        const span = again.kind === 'call' ? again.span : { ...again.span, endLine: again.span.startLine, endColumn: again.span.startColumn };
        yield {
          path: behaviour.path,
          span,
          related: [attempt.span, tried.span],
          symbol: behaviour.symbol,
          code: `${tried.text}\n${attempt.text}`,
          message: messageOf(retry, behaviour.name),
          remedy: 'Count the attempts and throw the last error after a few; wait longer each time, with jitter, and stop at a deadline' + (behaviour.language === 'php' ? '.' : ' or on an `AbortSignal`.'),
          evidence: [
            { kind: 'quote', text: tried.text, path: behaviour.path, line: tried.span.startLine },
            { kind: 'quote', text: attempt.text, path: behaviour.path, line: attempt.span.startLine },
          ],
        };
      }
    },
  },
});

function messageOf({ again, attempt, tried, chooses }: EndlessRetry, name: string): string {
  const end = `as long as it fails${chooses ? ' this way' : ''}, this never returns.`;
  const what = `\`${calledAs(tried)}\` on line ${tried.span.startLine}`;
  if (again.kind === 'call') return `When ${what} fails, the handler calls \`${name}\` again on line ${again.span.startLine}, with nothing that counts: ${end}`;
  return `When ${what} fails, the handler on line ${attempt.span.startLine} lets the loop on line ${again.span.startLine} go round again, without a count, a deadline or a signal: ${end}`;
}
