import { databaseNamed } from './dialect.js';
import { folderOf, isBelow, joinPath, nameOf } from './paths.js';
import type { Place } from './layout.js';
import type { Script } from './scripts.js';

/** Where a sqitch project keeps its scripts. */
interface Project {
  readonly plan: string;
  readonly deploy: string;
  readonly revert: string;
  readonly verify: string;
  /** Where older versions of reworked scripts lie. */
  readonly reworked: { readonly deploy: string; readonly revert: string };
  readonly extension: string;
  readonly dialect: string | null;
}

/** Whether a file is one of sqitch's own. */
export function isSqitchPath(path: string): boolean {
  return /(?:^|\/)(?:sqitch\.plan|sqitch\.conf|[\w.-]+\.plan)$/.test(path);
}

/** `key = value` of one section of a file in git's format; the last one wins. */
function settingOf(text: string, section: RegExp, key: string): string | null {
  let inside = false;
  let found: string | null = null;
  for (const line of text.split('\n')) {
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (header !== null) inside = section.test(header[1] ?? '');
    const match = inside ? /^\s*([\w.]+)\s*=\s*(.*?)\s*(?:[#;].*)?$/.exec(line) : null;
    if (match !== null && match[1]?.toLowerCase() === key) found = (match[2] ?? '').replace(/^"(.*)"$/, '$1');
  }
  return found;
}

function projectsOf(files: ReadonlyMap<string, string>): Project[] {
  const projects = new Map<string, Project>();
  const add = (folder: string, conf: string, plan: string | null): void => {
    const engine = settingOf(conf, /^core$/, 'engine') ?? 'pg';
    const sections = [new RegExp(`^engine\\s+"${engine.replace(/\W/g, '')}"$`), /^core$/];
    const setting = (key: string): string | null => sections.map((section) => settingOf(conf, section, key)).find((value) => value !== null) ?? null;
    const top = joinPath(folder, setting('top_dir') ?? '');
    const path = plan ?? joinPath(setting('plan_file') === null ? top : folder, setting('plan_file') ?? 'sqitch.plan');
    const within = (key: string, name: string): string => (setting(key) === null ? joinPath(top, name) : joinPath(folder, setting(key) ?? ''));
    const reworked = setting('reworked_dir') === null ? top : joinPath(folder, setting('reworked_dir') ?? '');
    if (!files.has(path) || projects.has(path)) return;
    projects.set(path, {
      plan: path,
      deploy: within('deploy_dir', 'deploy'),
      revert: within('revert_dir', 'revert'),
      verify: within('verify_dir', 'verify'),
      reworked: setting('reworked_dir') === null ? { deploy: within('deploy_dir', 'deploy'), revert: within('revert_dir', 'revert') } : { deploy: joinPath(reworked, 'deploy'), revert: joinPath(reworked, 'revert') },
      extension: setting('extension') ?? 'sql',
      dialect: databaseNamed(engine) ?? null,
    });
  };
  for (const [path, text] of files) if (nameOf(path) === 'sqitch.conf') add(folderOf(path), text, null);
  for (const [path, text] of files) if (path.endsWith('.plan') && /^%project\s*=/m.test(text.slice(0, 2000))) add(folderOf(path), '', path);
  return [...projects.values()];
}

interface Planned {
  readonly name: string;
  /** Tags between this change and the next of the same name; empty for the newest. */
  readonly tags: readonly string[];
}

/** More changes than any plan has. */
const MAXIMUM_CHANGES = 20_000;

/** Changes in the order they are deployed. */
function readPlan(text: string): Planned[] {
  const names: string[] = [];
  const tags: { readonly tag: string; readonly behind: number }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const tag = /^@([^\s@:#]+)/.exec(line)?.[1];
    const name = /^\+?([^-%@\s:#[\]][^\s:@#[\]]*)/.exec(line)?.[1];
    if (tag !== undefined) tags.push({ tag, behind: names.length });
    else if (name !== undefined && names.length < MAXIMUM_CHANGES) names.push(name);
  }
  const next = new Map<string, number>();
  return names
    .map((name, index) => ({ name, index }))
    .reverse()
    .map(({ name, index }) => {
      const until = next.get(name);
      next.set(name, index);
      return { name, tags: until === undefined ? [] : tags.filter(({ behind }) => behind > index && behind <= until).map(({ tag }) => tag) };
    })
    .reverse();
}

function fileOf(files: ReadonlyMap<string, string>, folder: string, reworked: string, change: Planned, extension: string): string | null {
  const paths = change.tags.length === 0 ? [joinPath(folder, `${change.name}.${extension}`)] : change.tags.toReversed().map((tag) => joinPath(reworked, `${change.name}@${tag}.${extension}`));
  return paths.find((path) => files.has(path)) ?? null;
}

function placeOf(project: Project, path: string, id: string): Place {
  return { path, history: folderOf(project.plan), id, direction: 'up', layout: 'file', dialect: null, specific: false };
}

function scriptsOf(files: ReadonlyMap<string, string>, project: Project): Script[] {
  const scripts: Script[] = [];
  const planned = new Set<string>();
  const changes = readPlan(files.get(project.plan) ?? '');
  changes.forEach((change, position) => {
    const up = fileOf(files, project.deploy, project.reworked.deploy, change, project.extension);
    if (up === null) return;
    planned.add(up);
    const tag = change.tags.at(-1);
    const down = fileOf(files, project.revert, project.reworked.revert, change, project.extension);
    scripts.push({ place: placeOf(project, up, tag === undefined ? change.name : `${change.name}@${tag}`), up, down, dialect: project.dialect, planned: { framework: 'sqitch', position } });
  });
  // A script that the plan does not name yet would be the last one.
  const rest = [...files.keys()].filter((path) => isBelow(path, project.deploy) && path.endsWith(`.${project.extension}`) && !planned.has(path) && !path.includes('@'));
  rest.sort().forEach((up, index) => {
    const name = up.slice(project.deploy.length + 1, -project.extension.length - 1);
    scripts.push({ place: placeOf(project, up, name), up, down: fileOf(files, project.revert, '', { name, tags: [] }, project.extension), dialect: project.dialect, planned: { framework: 'sqitch', position: changes.length + index } });
  });
  return scripts;
}

/** Every change of every sqitch plan, and the files that belong to them. */
export function readSqitch(files: ReadonlyMap<string, string>): { readonly scripts: readonly Script[]; readonly taken: ReadonlySet<string> } {
  const projects = projectsOf(files);
  if (projects.length === 0) return { scripts: [], taken: new Set() };
  const folders = projects.flatMap((project) => [project.deploy, project.revert, project.verify, project.reworked.deploy, project.reworked.revert]);
  const taken = [...files.keys()].filter((path) => folders.some((folder) => folder !== '' && isBelow(path, folder)));
  return { scripts: projects.flatMap((project) => scriptsOf(files, project)), taken: new Set(taken) };
}

/** Folders whose files belong to sqitch, by its own files alone. */
export function readSqitchFolders(files: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set(projectsOf(files).flatMap((project) => [project.deploy, project.revert, project.verify, project.reworked.deploy, project.reworked.revert]));
}
