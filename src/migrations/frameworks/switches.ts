import { databaseOfUrl } from './dialect.js';
import { folderOf, foldersUpwards, nameOf } from './paths.js';

/** What a project's configuration says of how its migrations run. */
export interface Switches {
  /** Flyway may mix statements that need a transaction with such that allow none. */
  readonly mixed: boolean;
  /** All pending migrations run in one transaction. */
  readonly group: boolean;
  /** Every migration runs in a transaction of its own where the framework would take one for all. */
  readonly separate: boolean;
  /** No migration runs in a transaction. */
  readonly noTransaction: boolean;
  /** golang-migrate sends each statement by itself. */
  readonly multiStatement: boolean;
  /** The database other than Postgres that its JDBC URL names; null for Postgres, undefined when there is none. */
  readonly database: string | null | undefined;
}

const JAVA = /^(?:flyway[\w.-]*\.(?:conf|toml)|(?:application|bootstrap|liquibase)[\w.-]*\.(?:properties|ya?ml)|pom\.xml|build\.gradle(?:\.kts)?)$/;
const COMMANDS = /^(?:Makefile|makefile|GNUmakefile|justfile|Justfile|Taskfile\.ya?ml|Procfile|(?:docker-)?compose[\w.-]*\.ya?ml|[Dd]ockerfile[\w.-]*|package\.json|\.env(?:\.[\w.-]+)?|\.pgmigraterc(?:\.json)?)$/;

/** Whether a file may say how migrations run. */
export function isSwitchPath(path: string): boolean {
  return JAVA.test(nameOf(path)) || COMMANDS.test(nameOf(path));
}

const LOOKED_AT = 200_000;

function truth(text: string, key: string, value: 'true' | 'false'): boolean {
  return new RegExp(`(?:^|[\\s.<"'-])${key}["']?[ \\t]*(?:[=:>]|=>)[ \\t]*["']?${value}\\b`, 'im').test(text);
}

/** Files that are nearest to a folder: those that share most of their path with it. */
function closest(files: ReadonlyMap<string, string>, paths: readonly string[], folder: string): readonly string[] {
  const upwards = foldersUpwards(folder);
  let best = upwards.length;
  let found: string[] = [];
  for (const path of paths) {
    const place = folderOf(path);
    const distance = upwards.findIndex((each) => each === '' || place === each || place.startsWith(`${each}/`));
    if (distance > best) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(files.get(path)?.slice(0, LOOKED_AT) ?? '');
  }
  return found;
}

function databaseIn(texts: readonly string[]): string | null | undefined {
  const urls = texts.flatMap((text) => [...text.matchAll(/\bjdbc:[\w:+-]+/g)].map((match) => databaseOfUrl(`${match[0].replace(/:$/, '')}:`)));
  // Tests often have H2 beside the real one.
  if (urls.includes(null)) return null;
  return urls.find((each) => each !== undefined && each !== 'another database');
}

/** The files of a repository that say something of how migrations run. */
export interface SwitchFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly java: readonly string[];
  readonly commands: readonly string[];
}

export function findSwitches(files: ReadonlyMap<string, string>): SwitchFiles {
  const saying = (names: RegExp, words: RegExp): string[] => [...files].filter(([path, text]) => names.test(nameOf(path)) && words.test(text.slice(0, LOOKED_AT))).map(([path]) => path);
  return { files, java: saying(JAVA, /flyway|jdbc:/), commands: saying(COMMANDS, /x-multi-statement|single-?transaction|tx-mode/i) };
}

/** What a project without any such file does. */
export const NO_SWITCHES: Switches = { mixed: false, group: false, separate: false, noTransaction: false, multiStatement: false, database: undefined };

/** What the files nearest to a migrations folder say. */
export function switchesOf({ files, ...paths }: SwitchFiles, folder: string): Switches {
  const java = closest(files, paths.java, folder);
  const commands = closest(files, paths.commands, folder);
  const flyway = java.filter((text) => text.includes('flyway'));
  const says = (pattern: RegExp): boolean => commands.some((text) => pattern.test(text));
  return {
    mixed: flyway.some((text) => truth(text, 'mixed', 'true')),
    group: flyway.some((text) => truth(text, 'group', 'true')) || says(/--tx-mode[= ]all\b/),
    separate: says(/--no-single-transaction\b|single-?transaction["']?\s*[:=]\s*false/i),
    noTransaction: flyway.some((text) => truth(text, 'execute-?in-?transaction', 'false')) || says(/--tx-mode[= ]none\b/),
    multiStatement: says(/x-multi-statement=true\b/i),
    database: databaseIn(java),
  };
}
