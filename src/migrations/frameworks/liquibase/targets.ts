import { isBelow } from '../paths.js';
import { readChangelog, type Entry, type ParsedChangelogs } from './changelog.js';
import { mayBeChangelog, resolveFile, resolveFolder } from './order.js';

function namedBy(entry: Entry, path: string, paths: ReadonlyMap<string, string>, list: readonly string[]): readonly string[] {
  if (entry.kind === 'include') {
    if (entry.all) return resolveFolder(list, path, entry.path, entry.relative, entry.depth);
    return [resolveFile(paths, path, entry.path, entry.relative)].filter((each) => each !== null);
  }
  if (entry.kind !== 'changeset') return [];
  const sent = [...entry.sent, ...(entry.rollback.kind === 'sent' ? entry.rollback.sent : [])];
  return sent.flatMap((each) => (each.kind === 'file' ? (resolveFile(paths, path, each.path, each.relative) ?? []) : []));
}

/** Every file of a tree that the changelogs among some texts name: other changelogs, and SQL. */
export function changelogTargets(texts: ReadonlyMap<string, string>, paths: readonly string[]): ReadonlySet<string> {
  const changelogs = [...texts].filter(([path, text]) => mayBeChangelog(path, text));
  if (changelogs.length === 0) return new Set();
  const parsed: ParsedChangelogs = new Map();
  const known = new Map(paths.map((path) => [path, '']));
  const candidates = paths.filter((path) => /\.(?:sql|xml|ya?ml|json)$/i.test(path) && !isBelow(path, 'node_modules'));
  return new Set(changelogs.flatMap(([path, text]) => (readChangelog(path, text, new Map(), parsed)?.entries ?? []).flatMap((entry) => namedBy(entry, path, known, candidates))));
}
