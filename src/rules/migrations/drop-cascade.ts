import type { Sighting } from '../../core/finding.js';
import { effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, listInWords } from '../../migrations/describe/places.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { mentionsWord } from '../../migrations/patterns/copies.js';
import { cascadeOfStep, type Cascade, type Dependent } from '../../migrations/patterns/dependents.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/drop-cascade',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'CASCADE drops more than the statement names',
    why: 'Without CASCADE the server refuses to drop what others depend on and says what that is. With it, views, foreign keys, columns of a dropped type, triggers and defaults go along, silently and all at once: queries on a view fail, rows that no foreign key guards go wrong later. Which ones depends on what each database holds, so that production may lose more than the test database did.',
    remedy: 'Drop what depends on it by name first, so that the review shows it, and leave CASCADE away: then the server stops the migration where there is something nobody thought of.',
    limits:
      'Silent where the history shows that nothing depends on the object, where what depends on it is there again at the end of the migration, goes with its own table, or is named elsewhere in the migration. Policies and the bodies of functions are no dependents that this rule knows.',
    references: [{ title: 'PostgreSQL: dependency tracking', url: 'https://www.postgresql.org/docs/current/ddl-depend.html' }],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const found = input.steps.flatMap((judged) => taken(input, judged) ?? []);
      const [first] = found;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(found.map(({ judged }) => ({ words: '', span: judged.step.span }))),
        symbol: found.flatMap(({ cascade }) => cascade.of).join(' '),
        message: found.map(sentence).join(' '),
        remedy: remedy(found),
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

interface Taken {
  readonly judged: JudgedStep;
  readonly cascade: Cascade;
}

/** What goes and is missed, or cannot be known. */
function taken(input: WholeMigrationInput, judged: JudgedStep): Taken | null {
  const cascade = cascadeOfStep(judged.step, judged.before);
  if (cascade === null) return null;
  const others = input.migration.up.filter((step) => step.statementIndex !== judged.step.statementIndex);
  const isMissed = (each: Dependent): boolean => each.isIn(judged.deployed) && each.isMissedIn(input.after) && !(each.folded && each.isIn(input.after));
  const dependents = cascade.dependents.filter((each) => isMissed(each) && !others.some((step) => isNamedIn(step.statement, each)));
  return dependents.length + cascade.unknown.length === 0 ? null : { judged, cascade: { ...cascade, dependents } };
}

/** Whether the author names it elsewhere: to drop it first, or to make it again. */
function isNamedIn(statement: string, { name, owner }: Dependent): boolean {
  return mentionsWord(statement, name) && (owner === null || mentionsWord(statement, owner));
}

function sentence({ judged, cascade }: Taken): string {
  const where = `On line ${String(judged.step.span.startLine)} CASCADE`;
  const verb = judged.step.kind === 'truncate' ? 'deletes' : 'drops';
  if (cascade.dependents.length > 0) return `${where} ${verb}, beside ${listInWords(cascade.of)}, ${listInWords(cascade.dependents.map(({ words }) => words), 12)}.`;
  return `${where} ${verb} whatever depends on ${listInWords(cascade.unknown)}, and the migrations do not show what that is.`;
}

function remedy(found: readonly Taken[]): string {
  const all = found.flatMap(({ cascade }) => cascade.dependents.map(({ words }) => words));
  if (all.length === 0) return 'Leave CASCADE away: the server then names what depends on it and stops. Drop that by name, in the order it says.';
  return `Leave CASCADE away, and ${found.every(({ judged }) => judged.step.kind === 'truncate') ? 'empty' : 'drop'} ${listInWords(all, 12)} by name first if that is meant.`;
}
