/**
 * A whole tree, read-only: one tarball (App), `git cat-file --batch` (command line) or a folder (scan). Reading is
 * asynchronous, so it happens before the rules run; rules get `LoadedFiles`.
 */
export interface Snapshot {
  /** The commit, or the folder's path for a scan. */
  readonly ref: string;
  /** Paths of the regular files that match any of the globs, sorted. Symbolic links and submodules are left out. */
  list(globs: readonly string[]): Promise<readonly string[]>;
  /** A file's text; null when it does not exist, is binary, or is above the size limit. */
  read(path: string): Promise<string | null>;
  /** Why the tree is not whole (it was above a limit), in plain words; null or absent when it is. */
  incomplete?(): Promise<string | null>;
}

/** Files loaded for the rules, path to text, in the order of their paths. */
export type LoadedFiles = ReadonlyMap<string, string>;
