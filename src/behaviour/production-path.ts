const FOLDERS =
  /(^|\/)(tests?|__tests__|__mocks__|__fixtures__|fixtures?|mocks?|spec|specs|e2e|cypress|playwright|seeds?|seeders?|migrations?|alterations|backfills?|scripts?|tools|bench|benchmarks?|stories|storybook|\.storybook|examples?|samples?|docs?|demos?|generated|__generated__|vendor|node_modules|dist|build|out|coverage|testing|test-utils|codemods?|playgrounds?)\//i;
const FILES =
  /(\.|-|_)(test|tests|spec|stories|story|e2e|e2e-spec|bench|mock|fixture|seed|gen|generated|d)\.[cm]?[jt]sx?$|\.d\.[cm]?ts$|(^|\/)(seed|seeder|setup-?tests?|jest\.[\w.-]*|vitest\.[\w.-]*|playwright\.[\w.-]*|gulpfile|gruntfile|webpack\.[\w.-]*|rollup\.[\w.-]*|vite\.[\w.-]*|next\.config)\.[cm]?[jt]s$|\.min\.[cm]?js$|(testcase|seeder)\.php$/i;

/**
 * Whether a path holds code that serves people: not tests, seeds, migrations, scripts, stories, examples or generated
 * files. Rules about behaviour are silent on the rest. `path` is relative to the repository's root, with `/`.
 */
export function isProductionPath(path: string): boolean {
  const inside = path.startsWith('./') ? path.slice(2) : path;
  return !FOLDERS.test(inside) && !FILES.test(inside);
}
