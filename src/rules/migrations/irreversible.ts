import type { Sighting } from '../../core/finding.js';
import { excerpt } from '../../migrations/describe/places.js';
import { needsDown, usesDowns, wayBack } from '../../migrations/patterns/down-habits.js';
import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/irreversible',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'The author says that there is no way back',
    why: 'A rollback of the release, or of any later one, stops at this migration, or passes over it and leaves the schema as it is: from here on the database can only go forward. That may be right, and whoever deploys has to know it before, not during the incident.',
    remedy: 'Keep it out of releases that carry anything else, so that those can be rolled back on their own, and deploy it when the release before has proved itself. Where only the values are lost, a down that restores the structure still lets the code before run.',
    limits: 'Speaks about the down direction: one that raises an exception, that the tool marks as irreversible, or whose comment says so, in histories that have downs as a rule. Silent where a comment only says that rows cannot be put back as they were. A down that is missing or empty without a word is `migrations/missing-down`.',
    references: [{ title: 'Rails: reverting and irreversible migrations', url: 'https://guides.rubyonrails.org/active_record_migrations.html#using-the-up-down-methods' }],
  },
  checks: {
    *wholeMigration({ migration, others, changes }): Iterable<Sighting> {
      const back = wayBack(migration, changes);
      if (back.kind !== 'refused' || !usesDowns(migration, others) || !(back.stops || needsDown(migration))) return;
      yield {
        path: back.path,
        span: { startLine: back.line, startColumn: 1, endLine: back.line, endColumn: 1 },
        symbol: migration.id,
        message: `The down direction of this migration says that it cannot be undone (\`${excerpt(back.words)}\`): a rollback of this release, or of any later one, ${back.stops ? 'stops here' : 'passes over it and leaves what it did'}.`,
        remedy: 'Deploy it by itself, after the release before has proved itself; or write a down that at least restores the structure, so that the code before can run again.',
        evidence: [{ kind: 'quote', text: excerpt(back.words, 200), path: back.path, line: back.line }],
      };
    },
  },
});
