import type { Sighting } from '../../core/finding.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/not-analysed',
  since: '0.1.0',
  level: 'note',
  docs: {
    title: 'A statement of this migration was not judged',
    why: 'What a statement put together at run time, a procedure from elsewhere or a template does is not visible in its text. It may lock or rewrite a table like any other statement. Saying nothing about it would read as "this is safe".',
    remedy: 'Read the statement with the question which tables it locks and for how long, or write it as plain statements, which are judged.',
    limits: 'Speaks of the up direction. A file written for another database than Postgres is left out as a whole. `DO` blocks and routines of the same history are read; `EXECUTE` of a text that can be told before it runs is judged as that text.',
    references: [{ title: 'PostgreSQL: executing dynamic commands', url: 'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN' }],
  },
  checks: {
    *migration({ migration, step, effect }): Iterable<Sighting> {
      const reason = step.kind === 'opaque' ? step.reason : (effect.notAnalysed ?? null);
      if (reason === null || reason.startsWith('written for ')) return;
      const first = step.statement.trim().split(/\s+/).slice(0, 4).join(' ');
      yield {
        path: migration.path,
        span: step.span,
        symbol: null,
        code: step.statement,
        message: `The statement on line ${step.span.startLine} (\`${first.slice(0, 60)} …\`) was not judged: ${reason}.`,
        remedy: 'Check by hand which tables it locks and for how long, or write it as plain statements.',
        evidence: [{ kind: 'fact', text: reason, source: `${migration.path}:${step.span.startLine}` }],
      };
    },
  },
});
