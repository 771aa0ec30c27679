import type { LoadedFiles } from '../core/snapshot.js';

/** What of a repository shows how it is deployed and how its migrations are run. */
export const DEPLOYMENT_GLOBS: readonly string[] = [
  '{,*/,*/*/}Chart.yaml',
  '{,*/}fly*.toml',
  'Procfile',
  'app.json',
  '{,*/}Dockerfile',
  '{vercel,netlify}.{json,toml}',
  'serverless.{yml,yaml}',
  '{k8s,kubernetes,deploy,manifests,infra}/{,*/,*/*/}*.{yml,yaml}',
  '{,*/}*task-definition*.json',
  '{,*/}{alembic.ini,manage.py,artisan,mix.exs,Rakefile,package.json}',
];

/** One way in which a repository is deployed, and the command that takes the last deployment back. */
export interface Deployment {
  readonly kind: 'helm' | 'fly' | 'kubernetes' | 'heroku' | 'vercel' | 'serverless' | 'ecs' | 'image';
  /** The file that shows it. */
  readonly path: string;
  /** Its own name there; empty where it has none. */
  readonly name: string;
  /** As it can be typed; `[choose: …]` marks what the repository does not show. */
  readonly command: string;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,80}$/;

/** How a repository is deployed, the most certain first. Names that could be anything but a name are not taken. */
export function deploymentsIn(files: LoadedFiles): readonly Deployment[] {
  const found: Deployment[] = [];
  for (const [path, text] of files) {
    const one = deploymentOf(path, text.slice(0, 100_000));
    if (one !== null) found.push(one);
  }
  return found.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || (one.path < other.path ? -1 : 1)).slice(0, 5);
}

const ORDER: readonly Deployment['kind'][] = ['helm', 'fly', 'kubernetes', 'ecs', 'heroku', 'vercel', 'serverless', 'image'];

function deploymentOf(path: string, text: string): Deployment | null {
  const file = path.split('/').at(-1) ?? path;
  if (file === 'Chart.yaml') return named('helm', path, /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1], (name) => `helm rollback ${name}`);
  if (/^fly.*\.toml$/.test(file)) return named('fly', path, /^app\s*=\s*["']([\w.-]+)["']/m.exec(text)?.[1], (name) => `fly deploy -a ${name} --image [choose: the image before this one, from \`fly releases -a ${name} --image\`]`);
  if (/\.ya?ml$/.test(file) && /^kind:\s*(?:Deployment|StatefulSet|DaemonSet)\s*$/m.test(text)) return workload(path, text);
  if (/task-definition.*\.json$/.test(file)) return named('ecs', path, /"family"\s*:\s*"([\w.-]+)"/.exec(text)?.[1], (name) => `aws ecs update-service --service [choose: the service] --task-definition ${name}:[choose: the revision before]`);
  if (file === 'Procfile' || (file === 'app.json' && /"(?:buildpacks|formation|addons)"/.test(text))) return { kind: 'heroku', path, name: '', command: 'heroku rollback' };
  if (file === 'vercel.json') return { kind: 'vercel', path, name: '', command: 'vercel rollback' };
  if (/^serverless\.ya?ml$/.test(file)) return named('serverless', path, /^service:\s*["']?([\w.-]+)/m.exec(text)?.[1], () => 'serverless rollback --timestamp [choose: from `serverless deploy list`]');
  return file === 'Dockerfile' ? { kind: 'image', path, name: '', command: '' } : null;
}

function workload(path: string, text: string): Deployment | null {
  const part = text.split(/^---\s*$/m).find((document) => /^kind:\s*(?:Deployment|StatefulSet|DaemonSet)\s*$/m.test(document)) ?? '';
  const kind = /^kind:\s*(\w+)/m.exec(part)?.[1]?.toLowerCase() ?? 'deployment';
  const metadata = /^metadata:\s*\n((?:[ \t]+[^\n]*\n?)*)/m.exec(part)?.[1] ?? '';
  const space = /^\s+namespace:\s*["']?([\w-]+)["']?\s*$/m.exec(metadata)?.[1];
  return named('kubernetes', path, /^\s+name:\s*["']?([\w.-]+)["']?\s*$/m.exec(metadata)?.[1], (name) => `kubectl rollout undo ${kind}/${name}${space === undefined ? '' : ` -n ${space}`}`);
}

function named(kind: Deployment['kind'], path: string, name: string | undefined, command: (name: string) => string): Deployment | null {
  return name === undefined || !NAME.test(name) ? null : { kind, path, name, command: command(name) };
}
