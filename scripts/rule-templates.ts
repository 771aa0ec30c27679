/** What a new rule can read: the methods of `Checks`. */
export const INPUTS = ['migration', 'wholeMigration', 'proof', 'behaviour', 'pull', 'typescript'] as const;
export type Input = (typeof INPUTS)[number];

/**
 * A rule that finds nothing, with empty words: `npm run generate` refuses it and its fixtures fail until somebody has
 * filled them in.
 */
export function ruleOf(id: string, input: Input, since: string): string {
  const { type, hint, fields } = INPUT_DETAILS[input];
  return `import type { Sighting } from '../../core/finding.js';
import { defineRule, type ${type} } from '../define-rule.js';

export const rule = defineRule({
  id: '${id}',
  since: '${since}',
  level: 'warn',
  docs: {
    title: '',
    why: '',
    remedy: '',
    limits: '',
    references: [],
  },
  checks: {
    *${input}({ ${fields.join(', ')} }: ${type}): Iterable<Sighting> {
      // ${hint}
      void [${fields.join(', ').replace('function: behaviour', 'behaviour')}];
    },
  },
});
`;
}

const INPUT_DETAILS: Readonly<Record<Input, { readonly type: string; readonly fields: readonly string[]; readonly hint: string }>> = {
  migration: {
    type: 'MigrationInput',
    fields: ['step', 'before', 'effect'],
    hint: "Decide from the step, what it does (effect) and the database's shape before it; never from the SQL's text.",
  },
  wholeMigration: {
    type: 'WholeMigrationInput',
    fields: ['migration', 'steps', 'down'],
    hint: "For what is said once of a migration: its transaction, its down direction, its place in the history.",
  },
  proof: {
    type: 'ProofInput',
    fields: ['proof', 'migration', 'changes'],
    hint: 'Decide from what the server showed when the migration ran up, down and up again.',
  },
  behaviour: {
    type: 'BehaviourInput',
    fields: ['function: behaviour'],
    hint: "Decide from the function's events, in their order; they are the same for every language and ORM.",
  },
  pull: {
    type: 'PullInput',
    fields: ['pull', 'changes', 'facts'],
    hint: 'Decide from what the pull request says and changes, and from the facts read before.',
  },
  typescript: {
    type: 'TypeScriptInput',
    fields: ['tree', 'change'],
    hint: 'Only where syntax itself is the matter: most rules need no tree.',
  },
};

/** The two fixtures a rule starts with: file name → text. Both fail until they are real. */
export function fixturesOf(id: string, input: Input): ReadonlyMap<string, string> {
  switch (input) {
    case 'migration':
    case 'wholeMigration':
    case 'proof':
      return new Map([
        ['bad.sql', `-- What must be found, on the line it is about. -- want \`fill in: words of the message\`\n`],
        ['good.sql', `-- The closest harmless twin of bad.sql. -- want \`fill in: remove this once the twin is written\`\n`],
      ]);
    case 'behaviour':
    case 'typescript':
      return new Map([
        ['bad.ts', `// What must be found, on the line it is about. // want \`fill in: words of the message\`\n`],
        ['good.ts', `// The closest harmless twin of bad.ts. // want \`fill in: remove this once the twin is written\`\n`],
      ]);
    case 'pull': {
      const pull = { title: 'fill in', body: '', base: 'main', head: 'topic', labels: [], files: {} };
      return new Map([
        ['bad.json', `${JSON.stringify({ ...pull, want: ['fill in: words of the message'] }, null, 2)}\n`],
        ['good.json', `${JSON.stringify({ ...pull, want: ['fill in: remove this once the twin is written'] }, null, 2)}\n`],
      ]);
    }
  }
}
