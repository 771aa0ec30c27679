import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package's root: prompts, docs and app.yml lie there, in the repository as in an installation. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Version and homepage of this very installation. */
export interface PackageInfo {
  readonly version: string;
  readonly homepage: string;
}

/** Reads package.json beside the code that runs. */
export function packageInfo(): PackageInfo {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Partial<PackageInfo>;
  return { version: manifest.version ?? '0.0.0', homepage: (manifest.homepage ?? '').replace(/[/#]+$/, '') };
}
