/**
 * Runs the Dockerfile's own lines without Docker, in clean folders, from what is committed: `npm run try:image`. Then starts
 * what it made with throw-away credentials, asks the image's health check, and stops it. Left out: the base image, the
 * user and the volume, which only a container has. Whatever `node` and `npm` come first in PATH are used.
 */
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORT = '38731';

interface Stage {
  readonly folder: string;
  readonly environment: Record<string, string>;
  workdir: string;
  entrypoint: readonly string[];
  healthcheck: readonly string[];
}

/** The Dockerfile's instructions, continued lines joined. */
function instructions(text: string): readonly (readonly [string, string])[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1).trim()] as const);
}

/** What `docker build` would be sent: the commit's files that .dockerignore lets through. */
function makeContext(folder: string): void {
  const all = `${folder}.all`;
  mkdirSync(all, { recursive: true });
  execFileSync('sh', ['-c', 'git archive HEAD | tar -x -C "$0"', all], { cwd: ROOT });
  for (const line of readFileSync(join(all, '.dockerignore'), 'utf8').split('\n')) {
    const path = line.startsWith('!') ? line.slice(1) : '';
    if (path !== '' && existsSync(join(all, path))) cpSync(join(all, path), join(folder, path), { recursive: true });
  }
  cpSync(join(all, 'Dockerfile'), join(dirname(folder), 'Dockerfile'));
}

function copy(words: readonly string[], stage: Stage, stages: ReadonlyMap<string, Stage>, context: string): void {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.at(-1) ?? '.';
  const source = from === undefined ? context : (stages.get(from)?.folder ?? '');
  const sources = paths.slice(0, -1).flatMap((path) => {
    const name = basename(path).replace(/\*$/, '');
    return path.endsWith('*') ? readdirSync(join(source, dirname(path))).filter((file) => file.startsWith(name)).map((file) => join(dirname(path), file)) : [path];
  });
  for (const path of sources) {
    const into = sources.length > 1 || target.endsWith('/') ? join(stage.workdir, target, basename(path)) : join(stage.workdir, target);
    cpSync(join(source, path), into, { recursive: true });
  }
}

function carryOut(text: string, context: string, folder: string): Stage {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const [word, rest] of instructions(text)) {
    console.log(`\n> ${word} ${rest}`);
    if (word === 'FROM') {
      const name = / AS (\S+)$/.exec(rest)?.[1] ?? `stage-${stages.size}`;
      stage = { folder: join(folder, name), environment: {}, workdir: join(folder, name), entrypoint: [], healthcheck: [] };
      mkdirSync(stage.folder, { recursive: true });
      stages.set(name, stage);
      continue;
    }
    if (stage === undefined) throw new Error(`${word} before FROM`);
    const below = (path: string): string => join(stage?.folder ?? '', path);
    if (word === 'WORKDIR') mkdirSync((stage.workdir = below(rest)), { recursive: true });
    else if (word === 'ENV') for (const pair of rest.split(/\s+/)) stage.environment[pair.split('=')[0] ?? ''] = pair.slice(pair.indexOf('=') + 1);
    else if (word === 'COPY') copy(rest.split(/\s+/), stage, stages, context);
    else if (word === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest) as string[];
    else if (word === 'HEALTHCHECK') stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('['))) as string[];
    else if (word === 'RUN' && rest.includes('chown')) console.log('(left out: users exist only in the container)');
    else if (word === 'RUN') execFileSync('sh', ['-c', rest], { cwd: stage.workdir, env: { ...process.env, ...stage.environment }, stdio: 'inherit' });
  }
  if (stage === undefined) throw new Error('the Dockerfile has no stage');
  return stage;
}

/** Starts the server as the image would and waits until its own health check passes; then asks it to stop. */
async function serve(stage: Stage): Promise<void> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const env = {
    PATH: process.env.PATH ?? '', ...stage.environment, PORT, HOST: '127.0.0.1', BELAY_DATA_DIR: join(stage.folder, 'data'),
    APP_ID: '1', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: randomBytes(32).toString('hex'), GHE_HOST: '127.0.0.1:38732', GHE_PROTOCOL: 'http',
  };
  const [command = 'node', ...args] = stage.entrypoint;
  const child = spawn(command, [...args, 'serve'], { cwd: stage.workdir, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const [check = 'node', ...checkArgs] = stage.healthcheck;
  const healthy = (): boolean => {
    try {
      execFileSync(check, checkArgs, { env, stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const deadline = Date.now() + 60_000;
  while (!healthy()) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the server did not become healthy (exit code ${child.exitCode ?? 'none'})`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  console.log('healthy; sending SIGTERM');
  child.kill('SIGTERM');
  const code = await ended;
  if (code !== 0) throw new Error(`the server ended with ${code ?? 'a signal'} after SIGTERM`);
  console.log('stopped by SIGTERM with 0');
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'belay-image-'));
  try {
    const context = join(folder, 'context');
    makeContext(context);
    const stage = carryOut(readFileSync(join(folder, 'Dockerfile'), 'utf8'), context, folder);
    const [command = 'node', ...args] = stage.entrypoint;
    for (const flag of ['--version', '--help']) console.log(`\n> ${flag}\n${execFileSync(command, [...args, flag], { cwd: stage.workdir, encoding: 'utf8' })}`);
    const development = ['typescript', 'jest', 'eslint', '@swc/core'].filter((name) => existsSync(join(stage.workdir, 'node_modules', name)));
    if (development.length > 0) throw new Error(`development packages in the image: ${development.join(', ')}`);
    console.log(`image: ${readdirSync(stage.workdir).join(' ')}, ${execFileSync('du', ['-sh', stage.workdir], { encoding: 'utf8' }).split('\t')[0] ?? ''}`);
    await serve(stage);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
