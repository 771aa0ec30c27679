import type { Change, ChangeSet } from '../src/core/change-set.js';
import { diffTexts } from '../src/core/hunks.js';
import { matchesAny } from '../src/core/globs.js';
import type { Snapshot } from '../src/core/snapshot.js';

/** A pull request of about the size that half of all are smaller than: eight files, some fifty touched lines. */
export interface BenchPull {
  readonly changeSet: ChangeSet;
  readonly base: Snapshot;
  readonly head: Snapshot;
  readonly touchedLines: number;
}

/**
 * Makes one: five services with a touched function each (one of them a race), their test, a migration on a table made by
 * an earlier one, and a page of documentation. `seed` changes names and numbers, so that no two are the same text.
 */
export function medianPull(seed: number): BenchPull {
  const base = new Map<string, string>([['db/migrations/0001_accounts.sql', SCHEMA], ['package.json', MANIFEST], ['docs/wallet.md', '# Wallet\n']]);
  const head = new Map(base);
  for (const name of ['wallet', 'orders', 'coupons', 'payouts', 'profile']) {
    base.set(`src/${name}/${name}.service.ts`, service(name, seed, false));
    head.set(`src/${name}/${name}.service.ts`, service(name, seed, true));
  }
  base.set('src/wallet/wallet.service.test.ts', test(seed, 3));
  head.set('src/wallet/wallet.service.test.ts', test(seed, 6));
  head.set('db/migrations/0002_limits.sql', `SET lock_timeout = '2s';\nALTER TABLE accounts ADD COLUMN limit_${seed} bigint;\nCREATE INDEX accounts_owner_${seed} ON accounts (owner_id);\n`);
  head.set('docs/wallet.md', `# Wallet\n\nWithdrawals have a limit of ${seed}.\n`);
  const changes = [...head].flatMap(([path, after]) => changeOf(path, base.get(path) ?? null, after));
  return {
    changeSet: {
      repo: { owner: 'octo', name: 'shop' },
      baseSha: sha('b', seed),
      mergeBaseSha: sha('b', seed),
      headSha: sha('a', seed),
      pull: {
        number: 1, title: `Withdrawal limits ${seed}`, body: 'Withdrawals are limited per day.', author: 'mona', authorIsBot: false, draft: false,
        headBranch: 'limits', baseBranch: 'main', fromFork: false, labels: [], defaultBranch: 'main', templates: [], commits: [],
      },
      changes,
      unread: [],
    },
    base: snapshot(sha('b', seed), base),
    head: snapshot(sha('a', seed), head),
    touchedLines: changes.flatMap(({ touched }) => touched).reduce((sum, { start, end }) => sum + end - start + 1, 0),
  };
}

const SCHEMA = 'CREATE TABLE accounts (id bigint PRIMARY KEY, owner_id bigint NOT NULL, balance bigint NOT NULL);\n';
const MANIFEST = '{ "dependencies": { "@prisma/client": "6.1.0", "pg": "8.13.0" } }\n';

function changeOf(path: string, before: string | null, after: string): readonly Change[] {
  return before === after ? [] : [{ path, status: before === null ? 'added' : 'modified', before, after, ...diffTexts(before, after) }];
}

function service(name: string, seed: number, changed: boolean): string {
  const model = name.replace(/s$/, '');
  const steady = Array.from({ length: 8 }, (_, index) => `
  async find${index}(id: string, options: { limit?: number } = {}) {
    const rows = await this.prisma.${model}.findMany({ where: { ownerId: id, kind: ${index + seed} }, take: options.limit ?? 50 });
    if (rows.length === 0) {
      this.logger.debug('nothing found', { id, kind: ${index} });
      return [];
    }
    return rows.map((row) => ({ ...row, label: \`\${row.id}-${index}\` }));
  }
`).join('');
  const guarded = `
  async take(id: string, amount: number) {
    const { count } = await this.prisma.${model}.updateMany({
      where: { id, balance: { gte: amount } },
      data: { balance: { decrement: amount } },
    });
    if (count === 0) throw new Error('not enough');
    return { id, amount, limit: ${seed} };
  }
`;
  const racy = `
  async take(id: string, amount: number) {
    const row = await this.prisma.${model}.findUnique({ where: { id } });
    if (!row) throw new Error('unknown');
    if (row.balance < amount) throw new Error('not enough');
    await this.prisma.${model}.update({ where: { id }, data: { balance: row.balance - amount } });
    return { id, amount, limit: ${seed} };
  }
`;
  const added = `
  async history(id: string, since: Date) {
    const rows = await this.prisma.${model}.findMany({ where: { ownerId: id, createdAt: { gte: since } }, take: 100, orderBy: { createdAt: 'desc' } });
    const total = rows.reduce((sum, row) => sum + row.amount, 0);
    return { rows, total, limit: ${seed} };
  }
`;
  return `import { PrismaClient } from '@prisma/client';

export class ${model.charAt(0).toUpperCase()}${model.slice(1)}Service {
  constructor(private readonly prisma: PrismaClient, private readonly logger: { debug(text: string, fields: object): void }) {}
${steady}${changed && name === 'wallet' ? racy : guarded}${changed ? added : ''}}
`;
}

function test(seed: number, count: number): string {
  const cases = Array.from({ length: count }, (_, index) => `  it('takes ${index}', async () => {\n    expect(await wallet.take('a', ${index + seed})).toMatchObject({ amount: ${index + seed} });\n  });\n`);
  return `describe('wallet', () => {\n${cases.join('\n')}});\n`;
}

function snapshot(ref: string, texts: ReadonlyMap<string, string>): Snapshot {
  return {
    ref,
    list: (globs) => Promise.resolve([...texts.keys()].filter(matchesAny(globs)).sort()),
    read: (path) => Promise.resolve(texts.get(path) ?? null),
  };
}

function sha(letter: string, seed: number): string {
  return letter + seed.toString(16).padStart(39, '0');
}
