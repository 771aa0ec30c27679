import picomatch from 'picomatch';

/** The longest glob that is compiled; a longer one never matches. */
const MAX_GLOB_LENGTH = 500;

const compiled = new Map<string, (path: string) => boolean>();

function matcher(glob: string): (path: string) => boolean {
  const known = compiled.get(glob);
  if (known) return known;
  // Extended globs are left out: their nested repetitions can be made to backtrack without end.
  const made = glob.length > MAX_GLOB_LENGTH ? () => false : picomatch(glob, { dot: true, noextglob: true });
  if (compiled.size > 5000) compiled.clear();
  compiled.set(glob, made);
  return made;
}

/** Whether a path (forward slashes, no leading slash) matches at least one of the globs. No globs match nothing. */
export function matchesAny(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs.map(matcher);
  return (path) => matchers.some((matches) => matches(path));
}
