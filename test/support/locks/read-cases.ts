import { readFileSync } from 'node:fs';

export interface LockCases {
  readonly setup: readonly string[];
  readonly cases: readonly { readonly statements: readonly string[]; /** The first major that has it. */ readonly since: number }[];
}

function statementsIn(text: string): string[] {
  return text.split(/;\s*(?:\n|$)/).map((each) => each.trim()).filter((each) => each !== '');
}

function withoutComments(text: string): string {
  return text.split('\n').filter((each) => !each.startsWith('--')).join('\n');
}

/** test/migrations/lock-cases.sql: what builds the database above the line, transactions separated by empty lines below it. */
export function readLockCases(): LockCases {
  const text = readFileSync(new URL('../../migrations/lock-cases.sql', import.meta.url), 'utf8');
  const [setup = '', cases = ''] = text.split(/^-- =+$/m);
  const paragraphs = cases.split(/\n\s*\n/).filter((each) => withoutComments(each).trim() !== '');
  return {
    setup: statementsIn(withoutComments(setup)),
    cases: paragraphs.map((each) => ({ statements: statementsIn(withoutComments(each)), since: Number(/^-- from (\d+)$/m.exec(each)?.[1] ?? 0) })),
  };
}
