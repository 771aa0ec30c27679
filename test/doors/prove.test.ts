import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startPostgres } from '../support/postgres/start-postgres.js';

const CLI = fileURLToPath(new URL('../../dist/doors/cli.js', import.meta.url));

const BASE = {
  'db/migrations/0001_init.up.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, plan text);\nCREATE UNIQUE INDEX users_email_key ON users (email);\n',
  'db/migrations/0001_init.down.sql': 'DROP TABLE users;\n',
};
const CHANGE = {
  'db/migrations/0002_plan.up.sql': 'ALTER TABLE users DROP COLUMN plan;\nDROP INDEX users_email_key;\n',
  'db/migrations/0002_plan.down.sql': 'ALTER TABLE users ADD COLUMN plan text;\n',
};

describe('belay prove', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'belay-prove-'));
    const git = (...args: readonly string[]) => {
      const run = spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' } });
      if (run.status !== 0) throw new Error(run.stderr);
    };
    const write = (files: Readonly<Record<string, string>>) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    };
    git('init', '-q', '-b', 'main');
    write(BASE);
    write({ '.github/belay.yml': 'version: 1\nrules:\n  migrations/down-loses-data: block\n' });
    git('add', '.');
    git('commit', '-qm', 'init');
    git('checkout', '-qb', 'plan');
    write(CHANGE);
    git('add', '.');
    git('commit', '-qm', 'drop the plan');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const belay = (...args: readonly string[]) => {
    const run = spawnSync(process.execPath, [CLI, 'prove', ...args], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder, BELAY_PROOF_SECONDS: '120' } });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };

  it('runs what a branch brings, and says what down does not bring back', () => {
    const run = belay('--format', 'json');
    expect(run.err).toBe('');
    expect(JSON.parse(run.out)).toMatchObject({
      schemaVersion: 1,
      server: { kind: 'pglite', version: expect.stringMatching(/^18/) as unknown },
      migrations: [
        {
          path: 'db/migrations/0002_plan.up.sql',
          status: 'proved',
          reversible: false,
          differences: [{ object: 'index public.users_email_key', before: expect.stringContaining('CREATE UNIQUE INDEX') as unknown, after: null }],
          dataLoss: [{ column: 'public.users.plan', rows: 3, of: 3 }],
          statements: expect.arrayContaining([expect.objectContaining({ line: 1, direction: 'up', source: 'observed', locks: { 'public.users': 'AccessExclusiveLock' } })]) as unknown,
        },
      ],
    });
    // The configuration of the base has the loss block.
    expect(run.code).toBe(1);
  });

  it('runs files that are named on top of those before them', () => {
    const run = belay('db/migrations/0002_plan.up.sql');
    expect(run.out).toContain('=>  down does not lead back');
    expect(run.out).toContain('3 of 3 seeded values of `public.users.plan` are lost or changed');
    expect(belay('db/migrations/0001_init.up.sql')).toMatchObject({ code: 0, out: expect.stringContaining('=>  up, down, up: identical') as unknown });
  });

  it('runs on a server that is given, and leaves no database behind', async () => {
    const server = await startPostgres();
    try {
      const url = await server.freshDatabase();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('CREATE TABLE theirs (id int)');
      const left = async () => (await client.query<{ datname: string }>("SELECT datname FROM pg_database UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1")).rows;
      const before = await left();
      const run = belay('--database', url, '--format', 'json');
      expect(run.err).toBe('');
      expect(JSON.parse(run.out)).toMatchObject({
        server: { kind: 'postgres' },
        migrations: [{ status: 'proved', reversible: false, differences: [{ object: 'index public.users_email_key' }], dataLoss: [{ column: 'public.users.plan' }] }],
      });
      expect(await left()).toEqual(before);
      await client.end();
    } finally {
      await server.stop();
    }
  });

  it('refuses a limit that is none before it reads anything', () => {
    const run = spawnSync(process.execPath, [CLI, 'prove', '--repo', 'nowhere'], { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH ?? '', HOME: folder, BELAY_PROOF_SECONDS: 'soon' } });
    expect(run.stderr).toContain('BELAY_PROOF_SECONDS must be a whole number from 1 to 3600, not soon.');
    expect(run.status).toBe(2);
  });

  it('finds nothing to prove where no migration changed', () => {
    expect(belay('--base', 'main', '--head', 'main')).toMatchObject({ code: 0, err: expect.stringContaining('no migration was found to prove') as unknown });
  });

  it.each([
    [['nowhere'], /nowhere/],
    [['db/migrations', '--base', 'main'], /not both/],
    [['--database', 'mysql://localhost/x'], /belay: /],
  ])('refuses %j with what to change', (args, reason) => {
    const run = belay(...args);
    expect(run.err).toMatch(reason);
    expect(run.code).toBe(2);
  });
});
