const JUDGED = /\.(?:[cm]?[jt]sx?|php|java|kt|kts|py|rb|go|sql|exs?|cs|scala|rs|prisma)$|(?:^|\/)\.github\/belay\.ya?ml$/i;

/**
 * Whether some rule could have something to say about a file's content: source code, SQL, the configuration. Only such a
 * file makes a review incomplete when it is too large; an oversized picture, data or lock file does not.
 */
export function isJudgedPath(path: string): boolean {
  return JUDGED.test(path);
}
