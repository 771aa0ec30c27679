/** Paths of a repository: slashes, relative to its root, `''` the root itself. */

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${name}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Whether a path lies in a folder, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** A folder and those above it, nearest first, the root last. */
export function foldersUpwards(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; at !== ''; at = folderOf(at)) found.push(at);
  return [...found, ''];
}

/** The text of the nearest of some files at or above a folder, with its path; null when there is none. */
export function nearestFile(files: ReadonlyMap<string, string>, folder: string, names: readonly string[]): { readonly path: string; readonly text: string } | null {
  for (const each of foldersUpwards(folder)) {
    for (const name of names) {
      const path = each === '' ? name : `${each}/${name}`;
      const text = files.get(path);
      if (text !== undefined) return { path, text };
    }
  }
  return null;
}
