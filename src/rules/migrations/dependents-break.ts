import type { Sighting } from '../../core/finding.js';
import { resolveRelation } from '../../migrations/catalog.js';
import { displayName, effectEvidence } from '../../migrations/describe.js';
import { anchoredOn, excerpt, listInWords } from '../../migrations/describe/places.js';
import type { JudgedStep } from '../../migrations/judge-migrations.js';
import { brokenByColumn, brokenByTable, type BrokenRoutine } from '../../migrations/patterns/broken-routines.js';
import { fixedBy, neededBy, type Dependent } from '../../migrations/patterns/dependents.js';
import { policiesNeeding } from '../../migrations/patterns/policies.js';
import { defineRule, type WholeMigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/dependents-break',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'Something in the database still needs what is changed',
    why: 'The server refuses to drop a column that a view, a generated column, a policy or a foreign key needs, and to change the type of one, so that the migration fails on every database. Functions it does not look into: a trigger function that names a dropped column makes every write to its table fail from the next statement on, with the migration long through.',
    remedy: 'In the same migration, before it: drop the view or policy and create it again behind it; replace the function (`CREATE OR REPLACE FUNCTION`) with one that does without.',
    limits:
      'Speaks of what the history shows and what is certain: a view or function whose statement reads only this table, or that the column can only mean; NEW and OLD in functions of this table’s triggers; policies without a subquery. Silent where the migration drops or replaces the dependent, with CASCADE (see `migrations/drop-cascade`), and inside conditions of DO blocks.',
    references: [
      { title: 'PostgreSQL: dependency tracking', url: 'https://www.postgresql.org/docs/current/ddl-depend.html' },
      { title: 'PostgreSQL: trigger functions', url: 'https://www.postgresql.org/docs/current/plpgsql-trigger.html' },
    ],
  },
  checks: {
    *wholeMigration(input): Iterable<Sighting> {
      const problems = input.steps.flatMap((judged) => refused(input, judged) ?? broken(input, judged) ?? []);
      const [first] = problems;
      if (first === undefined) return;
      yield {
        path: input.migration.path,
        ...anchoredOn(problems.map(({ judged }) => ({ words: '', span: judged.step.span }))),
        symbol: problems.map(({ symbol }) => symbol).join(' '),
        message: problems.slice(0, 6).map(({ words }) => words).join(' '),
        remedy: first.remedy,
        evidence: [effectEvidence(first.judged.effect, first.judged.held, input.target)],
      };
    },
  },
});

interface Problem {
  readonly judged: JudgedStep;
  readonly symbol: string;
  readonly words: string;
  readonly remedy: string;
}

/** What the server refuses because something depends on it. */
function refused(input: WholeMigrationInput, judged: JudgedStep): Problem | null {
  const { step, effect } = judged;
  if (step.conditional === true) return null;
  const statement = `\`${excerpt(step.statement)}\` on line ${String(step.span.startLine)}`;
  const fails = 'the server refuses it and the migration fails';
  const needing = needingColumn(input, judged);
  if (needing.length > 0 && (step.kind === 'drop-column' || step.kind === 'set-type')) {
    const name = `${displayName(resolveRelation(judged.before, step.table))}.${step.column}`;
    const what = step.kind === 'drop-column' ? 'drops' : 'changes the type of';
    return { judged, symbol: name, words: `${statement} ${what} \`${name}\`, which ${listInWords(needing)} ${needing.length === 1 ? 'needs' : 'need'}: ${fails}.`, remedy: `Drop ${listInWords(needing)} before line ${String(step.span.startLine)} and create ${needing.length === 1 ? 'it' : 'them'} again behind it.` };
  }
  if (effect.class !== 'error' || effect.error === undefined || !/other objects depend on it|used by a view or rule/.test(effect.error)) return null;
  return { judged, symbol: effect.error, words: `${statement}: ${fails} (“${effect.error}”).`, remedy: 'Drop what depends on it by name first.' };
}

/** In words, what needs the column that a step drops or gives another type, at that moment. */
function needingColumn(input: WholeMigrationInput, judged: JudgedStep): readonly string[] {
  const { step, before } = judged;
  if ((step.kind !== 'drop-column' && step.kind !== 'set-type') || (step.kind === 'drop-column' && step.cascade)) return [];
  const key = resolveRelation(before, step.table);
  if (before.tables.get(key)?.columns.has(step.column) !== true) return [];
  const dependents = step.kind === 'drop-column' ? neededBy(before, key, step.column) : fixedBy(before, key, step.column);
  const goesToo = ({ name, owner }: Dependent): boolean => owner !== null && input.migration.up.some((each) => each.kind === 'drop-column' && each.statementIndex === step.statementIndex && each.column === name);
  return [...dependents.filter((each) => !goesToo(each)).map(({ words }) => words), ...policiesOn(input, judged, key, step.column)];
}

function policiesOn(input: WholeMigrationInput, { step, before }: JudgedStep, key: string, column: string): readonly string[] {
  if ((before.tables.get(key)?.policies.size ?? 0) === 0) return [];
  const history = input.others.filter((other) => other.order < input.migration.order);
  const earlier = input.migration.up.filter((each) => each.statementIndex < step.statementIndex);
  return policiesNeeding(before, history, earlier, key, column).map((name) => `policy \`${name}\``);
}

/** Functions that fail from now on. */
function broken(input: WholeMigrationInput, judged: JudgedStep): Problem | null {
  const gone = whatGoes(input, judged);
  const [first] = gone?.routines ?? [];
  if (gone === null || first === undefined) return null;
  const { routines, name } = gone;
  const writes = [...new Set(routines.flatMap(({ triggersOn }) => triggersOn))].map((table) => `\`${displayName(table)}\``);
  const consequence = writes.length === 0 ? 'the next call fails' : `every write to ${listInWords(writes)} that fires it fails`;
  return {
    judged,
    symbol: name,
    words: `${listInWords(routines.map(({ words }) => words))} still ${routines.length === 1 ? 'names' : 'name'} \`${name}\`, which is gone after line ${String(judged.step.span.startLine)}: ${consequence} (“${first.error}”).`,
    remedy: `Replace ${listInWords(routines.map(({ name: each }) => `\`${displayName(each)}\``))} in the same migration (\`CREATE OR REPLACE FUNCTION …\`), before or behind line ${String(judged.step.span.startLine)}.`,
  };
}

function whatGoes(input: WholeMigrationInput, { step, before, deployed }: JudgedStep): { readonly name: string; readonly routines: readonly BrokenRoutine[] } | null {
  switch (step.kind) {
    case 'drop-column':
    case 'rename-column': {
      const key = resolveRelation(before, step.table);
      const had = deployed.tables.get(key)?.columns.has(step.column) === true;
      if (!had || input.after.tables.get(key)?.columns.has(step.column) !== false) return null;
      return { name: `${displayName(key)}.${step.column}`, routines: brokenByColumn(input.after, input.others, key, step.column) };
    }
    case 'drop-table': {
      const keys = step.tables.map((name) => resolveRelation(before, name)).filter((key) => deployed.tables.has(key) && !input.after.tables.has(key) && !input.after.views.has(key));
      const routines = keys.flatMap((key) => brokenByTable(input.after, input.others, key));
      return { name: listInWords(keys.map(displayName)), routines };
    }
    default:
      return null;
  }
}
