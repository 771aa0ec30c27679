import { describe, expect, it } from '@jest/globals';
import picomatch from 'picomatch';
import { matchesAny } from '../../src/core/globs.js';

const PATHS = [
  'a', 'a/b', 'a/b/c.ts', 'a/.b/c.ts', '.github/belay.yml', '.github/workflows/ci.yml', 'src/index.ts', 'src/index.test.ts', 'src/deep/er/index.tsx',
  'vendor', 'vendor/x', 'vendor/x/y.go', 'db/migrate/001_add_users.sql', 'db/migrate/down.sql', 'x.generated.ts', 'p/q/x.generated.ts', 'app/[id]/page.tsx',
  'app/(group)/page.tsx', 'package.json', 'packages/a/package.json', 'naïve/文件.md', 'a b/c d.txt', 'release/1.2', 'release/1.2/x', 'hotfix/a', 'hotfix', 'aXb', 'axxb', 'a-b', 'foo/foo/foo',
];
const GLOBS = [
  '**', '*', '**/*', '*.ts', '**/*.ts', 'src/**', 'src/*', 'src/**/*.ts', 'src/**/*.{ts,tsx}', '**/vendor/**', 'vendor/**', 'vendor/*', '**/*.generated.ts', 'a?b', 'a[X-]b', 'a[a-z]b', 'a*b', 'a**b',
  '.github/**', '**/.github/**', '*/.*', '{a,vendor}/**', 'db/{migrate,seed}/*.sql', '**/{down,up}.sql', 'release/**', 'release/*', 'hotfix/**', '**/package.json', 'packages/*/package.json', 'foo/**/foo',
  '**/foo/**', './src/**', 'app/\\[id\\]/*', '**/*.md', 'a b/*', 'x{a,b{c,d}}', 'src/{index,{deep/er/index}}.{ts,tsx}', '[', '{', '{a', 'nothing',
];

describe('globs', () => {
  it.each(GLOBS)('%s means what picomatch takes it for', (glob) => {
    const ours = matchesAny([glob]);
    const theirs = picomatch(glob, { dot: true, noextglob: true });
    expect(PATHS.filter((path) => ours(path))).toEqual(PATHS.filter((path) => theirs(path)));
  });

  it('takes brackets as a set and parentheses as themselves', () => {
    expect(PATHS.filter(matchesAny(['a[!x]b', 'app/(group)/**']))).toEqual(['app/(group)/page.tsx', 'aXb', 'a-b']);
  });

  it('no globs match nothing, several match what any of them does', () => {
    expect(matchesAny([])('a')).toBe(false);
    expect(matchesAny(['x', 'a'])('a')).toBe(true);
  });

  it('a folder with a slash behind it means everything in it', () => {
    expect(matchesAny(['vendor/'])('vendor/x/y.go')).toBe(true);
    expect(matchesAny(['/src/**'])('src/index.ts')).toBe(true);
  });

  it('matches hostile globs without backtracking', () => {
    const name = 'a'.repeat(4000);
    expect(matchesAny(['*a'.repeat(200) + 'b'])(name)).toBe(false);
    expect(matchesAny(['**/a/'.repeat(50) + 'b'])('a/'.repeat(1500) + 'c')).toBe(false);
    expect(matchesAny(['{a,b}'.repeat(90)])(name)).toBe(false);
    expect(matchesAny(['{'.repeat(400)])(name)).toBe(false);
    expect(matchesAny(['a'.repeat(501)])('a'.repeat(501))).toBe(false);
  });
});
