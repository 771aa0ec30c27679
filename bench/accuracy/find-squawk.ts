import { createRequire } from 'node:module';

/** squawk's own entry. It is no dependency of ours: throws with the command that installs it where it is missing. */
export function findSquawk(): string {
  try {
    return createRequire(import.meta.url).resolve('squawk-cli/package.json').replace(/package\.json$/, 'js/bin/squawk');
  } catch {
    throw new Error('squawk is not installed: npm install --no-save squawk-cli@2.66.0');
  }
}
