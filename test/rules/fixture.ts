import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ChangeStatus, Unread } from '../../src/core/change-set.js';
import { NO_RELEASE_EVIDENCE, type ReleaseEvidence } from '../../src/core/release-evidence.js';

/** What a fixture expects on one line: a finding whose message matches. */
export interface Want {
  /** The rule that must say it: the folder's own unless the comment names another. */
  readonly ruleId: string;
  /** null in a JSON fixture: wherever the finding stands. */
  readonly path: string | null;
  /** 1-based, within `path`; null with it. */
  readonly line: number | null;
  readonly pattern: RegExp;
  /** A known gap: fails once it works. */
  readonly todo: boolean;
}

/** One file of the pretend repository. `before` null: added by the change; `after` null: removed by it. */
export interface FixtureFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly status: ChangeStatus | 'unchanged';
}

/** A rule's fixture: a small pretend repository with a change, and what Belay must say of it. */
export interface Fixture {
  /** `migrations/set-not-null/bad.sql` */
  readonly name: string;
  readonly ruleId: string;
  readonly kind: 'bad' | 'good';
  readonly files: readonly FixtureFile[];
  readonly pull: FixturePull;
  /** Files of the change that could not be read. */
  readonly unread: readonly Unread[];
  /** What the host knows of people and releases; null where the fixture has no host. */
  readonly release: ReleaseEvidence | null;
  readonly wants: readonly Want[];
  /** Where a line of one of the files stands in the fixture itself, to point at in messages. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** What a fixture's pull request says of itself; the keys of `belay review --pr FILE`. */
export interface FixturePull {
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  readonly labels: readonly string[];
  readonly author: string;
  /** The repository's own pull request template. */
  readonly template: string | null;
  readonly commits: readonly { readonly sha: string; readonly message: string; readonly author: string | null; readonly committer: string | null }[];
}

export const ORDINARY_PULL: FixturePull = {
  title: 'Change', body: '', base: 'main', head: 'topic', labels: [], author: 'mona', template: null, commits: [],
};

const WANT = /[ \t]*(?:--|\/\/|#|\/\*|<!--)[ \t]*(todo-)?want[ \t]+((?:(?:[a-z]+\/[a-z0-9-]+[ \t]+)?`[^`]*`[ \t]*)+)(?:\*\/|-->)?[ \t]*$/;
const ONE_WANT = /(?:([a-z]+\/[a-z0-9-]+)[ \t]+)?`([^`]*)`/g;
const NEARLY_WANT = /(?:--|\/\/|#)[ \t]*(?:todo-)?want\b/;
const HEADER = /^(?:--|\/\/|#)[ \t]*(file|path|removed):[ \t]*(\S+)[ \t]*$/;

/** Fixtures of every rule below `folder` (test/rules), sorted by name. */
export function findFixtures(folder: string): readonly { readonly name: string; readonly ruleId: string }[] {
  return subfolders(folder).flatMap((family) =>
    subfolders(join(folder, family)).flatMap((rule) =>
      readdirSync(join(folder, family, rule))
        .filter((file) => /^(?:bad|good)[^/]*\.[^/]+$/.test(file))
        .sort()
        .map((file) => ({ name: `${family}/${rule}/${file}`, ruleId: `${family}/${rule}` })),
    ),
  );
}

/** Reads one fixture. Throws with the fixture's name and line where it is written wrongly. */
export function readFixture(folder: string, name: string): Fixture {
  const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
  return parseFixture(name, text);
}

/** As `readFixture`, from the text. */
export function parseFixture(name: string, text: string): Fixture {
  const [family = '', rule = '', file = ''] = name.split('/');
  const ruleId = `${family}/${rule}`;
  const start = { name, ruleId, kind: file.startsWith('bad') ? 'bad' : 'good' } as const;
  if (extname(file) === '.json') return { ...start, ...readPullFixture(name, ruleId, text) };
  const sections = splitSections(name, text, defaultPath(rule, file));
  return { ...start, ...readSections(name, ruleId, sections), pull: ORDINARY_PULL, unread: [], release: null };
}

interface Section {
  readonly path: string;
  readonly removed: boolean;
  /** How many lines of the fixture stand before the section's first. */
  readonly offset: number;
  readonly lines: string[];
}

function splitSections(name: string, text: string, firstPath: string): Section[] {
  const sections: Section[] = [];
  let current: Section | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const header = HEADER.exec(line);
    const [, word, path = ''] = header ?? [];
    if (word === 'path') {
      if (index > 0) throw new Error(`${name}:${index + 1}: "path:" belongs on the first line; use "file:" to start another file`);
      // The line stays, empty, so that the file's lines are the fixture's lines.
      current = { path, removed: false, offset: 0, lines: [''] };
      sections.push(current);
    } else if (word !== undefined) {
      current = { path, removed: word === 'removed', offset: index + 1, lines: [] };
      sections.push(current);
    } else {
      if (current === undefined) {
        current = { path: firstPath, removed: false, offset: 0, lines: [] };
        sections.push(current);
      }
      current.lines.push(line);
    }
  }
  return sections;
}

function readSections(name: string, ruleId: string, sections: readonly Section[]): Pick<Fixture, 'files' | 'wants' | 'offsets'> {
  const base = new Map<string, string>();
  const head = new Map<string, string>();
  const removed = new Set<string>();
  const offsets = new Map<string, number>();
  const wants: Want[] = [];
  for (const section of sections) {
    const inBase = section.path.startsWith('base/');
    const path = inBase ? section.path.slice('base/'.length) : section.path;
    const texts = inBase ? base : head;
    if (texts.has(path)) throw new Error(`${name}:${section.offset}: ${section.path} is given twice`);
    if (section.removed) {
      removed.add(path);
      continue;
    }
    const read = takeWants(section.lines, { name, ruleId, path, offset: section.offset });
    if (inBase && read.wants.length > 0) throw new Error(`${name}: ${section.path} is the base's version; findings are about the head's, so "want" belongs there`);
    wants.push(...read.wants);
    texts.set(path, read.text);
    if (!inBase) offsets.set(path, section.offset);
  }
  return { files: mergeTrees(base, head, removed), wants, offsets };
}

/** Takes the expectations out of a file: what the rules see must not depend on them. */
function takeWants(
  lines: readonly string[],
  at: { readonly name: string; readonly ruleId: string; readonly path: string; readonly offset: number },
): { readonly text: string; readonly wants: readonly Want[] } {
  const wants: Want[] = [];
  const text = lines.map((line, index) => {
    const match = WANT.exec(line);
    if (match === null) {
      if (NEARLY_WANT.test(line)) throw new Error(`${at.name}:${at.offset + index + 1}: write the expectation as: want \`regex\` at the end of the line`);
      return line;
    }
    for (const [, other, source = ''] of (match[2] ?? '').matchAll(ONE_WANT)) {
      wants.push({ ruleId: other ?? at.ruleId, path: at.path, line: index + 1, pattern: new RegExp(source), todo: match[1] !== undefined });
    }
    return line.slice(0, match.index);
  });
  return { text: text.join('\n'), wants };
}

function mergeTrees(base: ReadonlyMap<string, string>, head: ReadonlyMap<string, string>, removed: ReadonlySet<string>): FixtureFile[] {
  const paths = [...new Set([...base.keys(), ...head.keys()])].sort();
  return paths.map((path): FixtureFile => {
    const before = base.get(path) ?? null;
    if (removed.has(path)) return { path, before, after: null, status: 'removed' };
    const after = head.get(path) ?? before;
    if (before === null) return { path, before, after, status: 'added' };
    return { path, before, after, status: before === after ? 'unchanged' : 'modified' };
  });
}

function readPullFixture(name: string, ruleId: string, text: string): Omit<Fixture, 'name' | 'ruleId' | 'kind'> {
  const { files = {}, unread = [], want = [], todoWant = [], release, ...pull } = JSON.parse(text) as Partial<FixturePull> & {
    readonly files?: Readonly<Record<string, string | readonly string[] | null>>;
    readonly release?: Partial<ReleaseEvidence>;
    readonly unread?: readonly Unread[];
    readonly want?: readonly string[];
    readonly todoWant?: readonly string[];
  };
  const unknown = Object.keys(pull).find((key) => !(key in ORDINARY_PULL));
  if (unknown !== undefined) throw new Error(`${name}: unknown key "${unknown}"; known: ${Object.keys(ORDINARY_PULL).join(', ')}, files, unread, release, want, todoWant`);
  const entries = Object.entries(files).map(([path, content]) => [path, typeof content === 'string' || content === null ? content : content.join('\n')] as const);
  const kept = entries.filter((entry): entry is readonly [string, string] => entry[1] !== null);
  const base = new Map(kept.filter(([path]) => path.startsWith('base/')).map(([path, content]) => [path.slice('base/'.length), content]));
  const head = new Map(kept.filter(([path]) => !path.startsWith('base/')));
  const removed = new Set(entries.filter(([, content]) => content === null).map(([path]) => path));
  const wanted = (source: string, todo: boolean): Want => ({ ruleId, path: null, line: null, pattern: new RegExp(source), todo });
  return {
    files: mergeTrees(base, head, removed),
    release: release === undefined ? null : { ...NO_RELEASE_EVIDENCE, ...release },
    pull: { ...ORDINARY_PULL, ...pull },
    unread,
    wants: [...want.map((source) => wanted(source, false)), ...todoWant.map((source) => wanted(source, true))],
    offsets: new Map(),
  };
}

/** A path that looks like production code of the fixture's language, for fixtures that do not name one. */
function defaultPath(rule: string, file: string): string {
  const extension = extname(file);
  const snake = rule.replaceAll('-', '_');
  switch (extension) {
    case '.sql': return `db/migrations/0002_${snake}.sql`;
    case '.php': return `app/Services/${pascal(rule)}.php`;
    case '.java': return `src/main/java/shop/${pascal(rule)}.java`;
    case '.py': return `shop/${snake}.py`;
    case '.rb': return `app/services/${snake}.rb`;
    case '.go': return `internal/shop/${snake}.go`;
    default: return `src/${rule}${extension}`;
  }
}

function pascal(kebab: string): string {
  return kebab.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function subfolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}
