/** What an operator starts from: the manifest, the image, the compose file, the list of settings, the lock file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Manifest {
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
  readonly public: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly healthcheck?: object; readonly env_file?: string; readonly environment: Readonly<Record<string, string>> }>>;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly integrity?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}

describe('app.yml', () => {
  const manifest = parse(read('app.yml')) as Manifest;

  it('asks for no permission beyond what a review needs', () => {
    expect(manifest.default_permissions).toEqual({
      metadata: 'read',
      contents: 'read',
      issues: 'read',
      merge_queues: 'read',
      deployments: 'read',
      actions: 'read',
      pull_requests: 'write',
      checks: 'write',
    });
  });

  it('subscribes to every event that changes a verdict, and is private', () => {
    expect([...manifest.default_events].sort()).toEqual(['check_run', 'check_suite', 'deployment_status', 'issue_comment', 'merge_group', 'pull_request', 'pull_request_review', 'push']);
    expect(manifest.public).toBe(false);
  });
});

describe('the container image', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const stages = lines.filter((line) => line.startsWith('FROM '));
  const final = lines.slice(lines.lastIndexOf(stages.at(-1) ?? ''));

  it('copies only what the repository has and .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
      .filter((path) => !path.endsWith('*'));
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(copied.filter((path) => !allowed.includes(path))).toEqual([]);
  });

  it('runs as somebody else than root, without development packages, and says whether it is healthy', () => {
    expect(stages).toHaveLength(2);
    expect(final).toContain('USER node');
    expect(final.find((line) => line.includes('npm ci'))).toContain('--omit=dev');
    expect(final.some((line) => line.startsWith('HEALTHCHECK ') && line.includes('/healthz'))).toBe(true);
    expect(final.some((line) => line.includes('HOST=0.0.0.0'))).toBe(true);
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose.yaml')) as Compose;

  it('starts Belay on a Postgres, both watched, with secrets from outside', () => {
    expect(Object.keys(services).sort()).toEqual(['belay', 'postgres']);
    for (const service of Object.values(services)) expect(service.healthcheck).toBeDefined();
    expect(services.belay?.env_file).toBe('.env');
    expect(services.belay?.environment.DATABASE_URL).toContain('@postgres:');
    expect(read('compose.yaml')).not.toMatch(/PASSWORD: *[a-z0-9]/);
  });
});

describe('.env.example', () => {
  const documented = new Set([...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? ''));

  it('names every setting of the server', () => {
    for (const name of ['APP_ID', 'PRIVATE_KEY', 'PRIVATE_KEY_PATH', 'WEBHOOK_SECRET', 'HOST', 'PORT', 'GHE_HOST', 'GHE_PROTOCOL', 'LOG_LEVEL', 'BELAY_DATA_DIR', 'DATABASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL']) {
      expect(documented).toContain(name);
    }
  });

  it('names every variable that a door reads', () => {
    const doors = readdirSync(join(ROOT, 'src/doors'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
    const used = doors.flatMap((path) => [...read(`src/doors/${path}`).matchAll(/\bvalue\('([A-Z][A-Z0-9_]+)'|\benv(?:ironment)?\??\.([A-Z][A-Z0-9_]+)\b|\benv(?:ironment)?\[['"]([A-Z][A-Z0-9_]+)['"]\]/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? ''));
    const ofTheTerminal = ['NO_COLOR', 'FORCE_COLOR', 'CI', 'TERM', 'NODE_ENV', 'HOME', 'PATH'];
    expect([...new Set(used)].filter((name) => !documented.has(name) && !ofTheTerminal.includes(name))).toEqual([]);
  });

  it('holds no secret', () => {
    expect(read('.env.example')).not.toMatch(/^(?:PRIVATE_KEY|WEBHOOK_SECRET|ANTHROPIC_API_KEY|APP_ID)=\S/m);
  });
});

describe('package.json and its lock file', () => {
  it('run nothing on installation', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?(?:install|prepare)$/.test(name))).toEqual([]);
  });

  it('take every package from the public registry, with its checksum', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as Lock;
    const foreign = Object.entries(packages).filter(([path, { resolved }]) => path !== '' && resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'));
    const unchecked = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
    expect({ foreign: foreign.map(([path]) => path), unchecked: unchecked.map(([path]) => path) }).toEqual({ foreign: [], unchecked: [] });
  });

  it('are complete for every platform: `npm ci` refuses a lock file in which an optional package is missing', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as Lock;
    const places = Object.keys(packages);
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`))).map((name) => `${path} wants ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
