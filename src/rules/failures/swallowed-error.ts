import { swallowedIn, type Swallowed } from '../../behaviour/swallowed.js';
import { calledAs } from '../../behaviour/timeline.js';
import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'failures/swallowed-error',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'An error of a write that goes nowhere',
    why: 'The write fails, the handler is empty or only logs, and the code goes on as if it had worked: the customer sees "saved", the queue marks the job as done and never tries again, the webhook is acknowledged and never sent again. The data is gone, and the log line, if there is one, is found weeks later. Handlers like these are behind most of the catastrophic failures that were studied in distributed systems.',
    remedy:
      'Let the error through where the caller can act on it: rethrow it, or answer with a failure. A job that throws is tried again; a webhook that answers 500 is sent again. Where going on is right, do something about the failure (record it where somebody looks, queue the work again, compensate), and say in a comment why.',
    limits:
      'Speaks of handlers around a database write, a payment or a job that are empty, only log, or return what success returns. An empty handler is reported anywhere on a server; one that logs only in requests, webhooks and jobs, or where money or stock is written. Silent where a comment or the log line in the handler says why, where the call is sent off unawaited with a handler that logs, where the handler tells kinds of errors apart, where the result is checked afterwards, where one element of many may fail, in the handler of another error, and for records beside the work (logs, audit, analytics, caches, sessions). `return null` and `return false` tell the caller and are not reported. In PHP `report($e)` counts as telling somebody, and so does a clause for one kind of exception.',
    references: [
      { title: 'Simple Testing Can Prevent Most Critical Failures (OSDI 2014)', url: 'https://www.usenix.org/conference/osdi14/technical-sessions/presentation/yuan' },
      { title: 'CWE-390: Detection of Error Condition Without Action', url: 'https://cwe.mitre.org/data/definitions/390.html' },
    ],
  },
  checks: {
    *behaviour({ function: behaviour }): Iterable<Sighting> {
      for (const one of swallowedIn(behaviour)) {
        yield {
          path: behaviour.path,
          span: one.handler.span,
          related: [one.lost.span],
          symbol: behaviour.symbol,
          code: `${one.lost.text}\n${one.attempt.text}`,
          message: messageOf(one),
          remedy: REMEDY[behaviour.entry ?? 'none'] ?? REMEDY['none'] ?? '',
          evidence: [
            { kind: 'quote', text: one.lost.text, path: behaviour.path, line: one.lost.span.startLine },
            { kind: 'quote', text: one.attempt.text, path: behaviour.path, line: one.handler.span.startLine },
          ],
        };
      }
    },
  },
});

const DOES: Readonly<Record<string, string>> = {
  empty: 'does nothing with the error',
  'log-only': 'only logs the error',
  success: 'returns what success returns',
};

function messageOf({ handler, lost }: Swallowed): string {
  const after = handler.outcome === 'success' || handler.exit === 'return' ? 'the caller is told that all went well' : 'the code goes on as if it had worked';
  return `When \`${calledAs(lost)}\` on line ${lost.span.startLine} fails, the handler on line ${handler.span.startLine} ${DOES[handler.outcome] ?? ''}: ${after}, and what was to be written is lost.`;
}

const REMEDY: Readonly<Record<string, string>> = {
  none: 'Rethrow the error, or return a failure the caller can see; where going on is right, record the failure and say why in a comment.',
  request: 'Rethrow the error or answer with a failure; where going on is right, record the failure and say why in a comment.',
  webhook: 'Let the error through, so that the sender gets a 5xx and sends the event again; where going on is right, say why in a comment.',
  job: 'Rethrow the error, so that the queue tries the job again; where going on is right, say why in a comment.',
};
