import type { LoadedFiles } from '../core/snapshot.js';
import type { Versions } from '../rules/define-rule.js';

/** Manifests that versions are read from. Nested ones count too (monorepos); of several versions the lowest is kept. */
export const VERSION_GLOBS = ['**/package.json', '**/composer.json', '**/requirements*.txt', '**/Gemfile.lock', '**/go.mod'] as const;

/** At most this many manifests are read: enough for a large monorepo, bounded for a hostile one. */
const MANIFEST_LIMIT = 300;

/** Versions of libraries by package name. A range counts as its lowest version; what cannot be read is left out. */
export function readVersions(files: LoadedFiles): Versions {
  const versions = new Map<string, string>();
  const put = (name: string, range: string): void => {
    const version = /\d+(?:\.\d+){0,2}/.exec(range)?.[0];
    if (version === undefined) return;
    const known = versions.get(name);
    if (known === undefined || compareVersions(version, known) < 0) versions.set(name, version);
  };
  for (const [path, text] of [...files].slice(0, MANIFEST_LIMIT)) {
    const name = path.split('/').at(-1) ?? '';
    if (name === 'package.json') fromJson(text, ['dependencies', 'devDependencies', 'peerDependencies'], put);
    else if (name === 'composer.json') fromJson(text, ['require', 'require-dev'], put);
    else if (name === 'go.mod') for (const match of text.matchAll(/^\s*(?:require\s+)?([\w./-]+\.[\w./-]+)\s+v(\S+)/gm)) put(match[1] ?? '', match[2] ?? '');
    else if (name === 'Gemfile.lock') for (const match of text.matchAll(/^ {4}([\w-]+) \(([\d.]+)/gm)) put(match[1] ?? '', match[2] ?? '');
    else for (const match of text.matchAll(/^([\w.-]+)(?:\[[^\]\n]*\])?\s*[=~>]=\s*([\d.]+)/gm)) put((match[1] ?? '').toLowerCase(), match[2] ?? '');
  }
  return versions;
}

function fromJson(text: string, sections: readonly string[], put: (name: string, range: string) => void): void {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return; // A manifest that does not parse tells no versions; rules then assume the oldest behaviour.
  }
  if (typeof manifest !== 'object' || manifest === null) return;
  for (const section of sections) {
    const packages = (manifest as Readonly<Record<string, unknown>>)[section];
    if (typeof packages !== 'object' || packages === null) continue;
    for (const [name, range] of Object.entries(packages)) if (typeof range === 'string') put(name, range);
  }
}

/** Negative when `a` is older than `b`; missing parts count as zero. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
