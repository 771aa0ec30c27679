import { foldersUpwards } from './paths.js';

/** Files that say which libraries a project uses, and which version. */
const MANIFESTS: Readonly<Record<Ecosystem, readonly string[]>> = { npm: ['package.json'], go: ['go.mod'], cargo: ['Cargo.toml'] };
const LOCKS: Readonly<Record<Ecosystem, readonly string[]>> = { npm: ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'], go: [], cargo: ['Cargo.lock'] };

export type Ecosystem = 'npm' | 'go' | 'cargo';

/** A library that a project depends on. */
export interface Dependency {
  /** The lowest version that it may be: `^6.3.0` is 6.3.0, a lock file's is exact; null when nothing says. */
  readonly version: string | null;
}

/** A repository's files, and which of them are manifests. */
export interface Project {
  readonly files: ReadonlyMap<string, string>;
  readonly manifests: readonly string[];
  /** Libraries that were looked for in all manifests. */
  readonly known: Map<string, Dependency | null>;
}

/** Whether a file may say which libraries are used. */
export function isManifestPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [MANIFESTS, LOCKS].some((names) => Object.values(names).flat().includes(name));
}

export function openProject(files: ReadonlyMap<string, string>): Project {
  const names = Object.values(MANIFESTS).flat();
  return { files, manifests: [...files.keys()].filter((path) => names.includes(path.slice(path.lastIndexOf('/') + 1))), known: new Map() };
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function numbersOf(range: string): string | null {
  return /\d+(?:\.\d+){0,2}/.exec(range)?.[0] ?? null;
}

/** A manifest's own words for a library: a version range; null when it does not name it. */
function declared(ecosystem: Ecosystem, text: string, name: string): string | null {
  const word = escaped(name);
  switch (ecosystem) {
    case 'npm':
      return new RegExp(`"${word}"\\s*:\\s*"([^"]*)"`).exec(text)?.[1] ?? null;
    case 'go':
      return new RegExp(`^\\s*(?:require\\s+)?${word}(?:/v\\d+)?\\s+v(\\S+)`, 'm').exec(text)?.[1] ?? null;
    case 'cargo': {
      const inline = new RegExp(`^[ \\t]*"?${word}"?[ \\t]*(?:\\.[\\w.-]+[ \\t]*)?=[ \\t]*([^\\n]*)`, 'm').exec(text)?.[1];
      if (inline !== undefined) return /version\s*=\s*"([^"]*)"/.exec(inline)?.[1] ?? /^"([^"]*)"/.exec(inline)?.[1] ?? '';
      return new RegExp(`^\\[[\\w.'()-]*dependencies\\.${word}\\]`, 'm').test(text) ? '' : null;
    }
  }
}

/** A lock file's exact version of a library, the lowest of several; null when it has none. */
function locked(text: string, name: string): string | null {
  const word = escaped(name);
  const patterns = [
    `"node_modules/${word}"\\s*:\\s*\\{\\s*"version"\\s*:\\s*"([\\d.]+)`,
    `(?:^|\\n)\\s*'?/?${word}@(\\d[\\d.]*)`,
    `(?:^|\\n)"?${word}@[^\\n]*:\\n\\s+version:?\\s+"?([\\d.]+)`,
    `"${word}"\\s*:\\s*\\["${word}@([\\d.]+)`,
    `name = "${word}"\\s*\\n\\s*version = "([\\d.]+)"`,
  ];
  const found = patterns.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, 'g'))].map((match) => match[1] ?? ''));
  return found.sort(compareVersions)[0] ?? null;
}

/** Negative when `one` is older; missing parts count as zero. */
export function compareVersions(one: string, other: string): number {
  const left = one.split('.').map(Number);
  const right = other.split('.').map(Number);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}

function at(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function exactVersion(files: ReadonlyMap<string, string>, ecosystem: Ecosystem, folder: string, name: string): string | null {
  for (const each of foldersUpwards(folder)) {
    for (const lock of LOCKS[ecosystem]) {
      const text = files.get(at(each, lock));
      const version = text === undefined ? null : locked(text, name);
      if (version !== null) return version;
    }
  }
  return null;
}

/**
 * The library as a folder's nearest manifest upwards has it, else as any manifest of the repository has it (migrations often
 * lie beside the project that runs them); null when none names it.
 */
export function dependencyOf(project: Project, ecosystem: Ecosystem, folder: string, names: readonly string[]): Dependency | null {
  const upwards = foldersUpwards(folder).flatMap((each) => MANIFESTS[ecosystem].map((manifest) => at(each, manifest)));
  return firstOf(project.files, ecosystem, upwards, names) ?? anywhere(project, ecosystem, names);
}

function firstOf(files: ReadonlyMap<string, string>, ecosystem: Ecosystem, paths: readonly string[], names: readonly string[]): Dependency | null {
  for (const path of paths) {
    const text = files.get(path);
    if (text === undefined) continue;
    for (const name of names) {
      const range = declared(ecosystem, text, name);
      if (range === null) continue;
      const place = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      return { version: exactVersion(files, ecosystem, place, name) ?? numbersOf(range) };
    }
  }
  return null;
}

function anywhere({ files, manifests, known }: Project, ecosystem: Ecosystem, names: readonly string[]): Dependency | null {
  const key = `${ecosystem} ${names.join(' ')}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const paths = manifests.filter((path) => MANIFESTS[ecosystem].some((manifest) => path === manifest || path.endsWith(`/${manifest}`)));
  const dependency = firstOf(files, ecosystem, paths, names);
  known.set(key, dependency);
  return dependency;
}

/** The kind of the nearest manifest at or above a folder; null when there is none. */
export function nearestEcosystem({ files }: Project, folder: string): Ecosystem | null {
  const kinds: readonly Ecosystem[] = ['cargo', 'go', 'npm'];
  for (const each of foldersUpwards(folder)) {
    const found = kinds.find((kind) => MANIFESTS[kind].some((manifest) => files.has(at(each, manifest))));
    if (found !== undefined) return found;
  }
  return null;
}
