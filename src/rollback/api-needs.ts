import type { DiffNeed } from './diff-needs.js';
import { fileNeed, type ShownLines } from './shown-lines.js';

/** What clients that do not go back have been given: API descriptions, schemas of queries, published packages, apps. */
export function apiNeeds(shown: ShownLines): readonly DiffNeed[] {
  if (shown.status === 'added') return [];
  if (/(?:openapi|swagger|asyncapi|api-?spec|api-?docs)[^/]*(?:\/.*)?\.(?:ya?ml|json)$/i.test(shown.path)) return openApiNeeds(shown);
  if (/\.(?:graphqls?|gql)$/i.test(shown.path) && !/(?:^|\/)(?:queries|mutations|fragments|operations|documents)\//i.test(shown.path)) return graphqlNeeds(shown);
  return versionNeeds(shown);
}

function bare(line: string): string {
  return line.trim().replace(/,$/, '');
}

const HTTP = /^(?:get|put|post|patch|delete|head|options)$/;
const WORDS = new Set(['description', 'summary', 'example', 'examples', 'title', 'type', 'format', 'required', 'properties', 'items', 'schema', 'content', 'responses', 'parameters', 'tags', 'operationId', 'nullable', 'default', 'minimum', 'maximum', 'pattern', 'in', 'name', 'version', 'deprecated', 'enum', 'allOf', 'oneOf', 'anyOf', 'application/json', 'additionalProperties', 'security', 'servers', 'info', 'externalDocs', 'requestBody', 'minLength', 'maxLength', 'readOnly', 'writeOnly']);

/** What says which values a field takes. */
const TYPED: ReadonlySet<string> = new Set(['type', 'format', '$ref']);

function openApiNeeds(shown: ShownLines): readonly DiffNeed[] {
  const fresh = new Set(shown.fresh.map(bare));
  const keys = new Set(shown.fresh.flatMap((line) => keyOf(line) ?? []));
  const gone = new Set(shown.gone.map(bare));
  const found: DiffNeed[] = [];
  for (const [index, line] of shown.gone.entries()) {
    const key = keyOf(line);
    if (fresh.has(bare(line))) continue;
    if (key !== null && key.startsWith('/') && !keys.has(key)) found.push(fileNeed('contract', shown, `removes the path \`${key}\` from the API description`, key));
    else if (key !== null && HTTP.test(key) && !keys.has(key)) found.push(fileNeed('contract', shown, `removes an operation (${key}) from the API description`, key));
    else if (key !== null && !WORDS.has(key) && !/^(?:\d{3}|x-)/.test(key) && !keys.has(key) && isSchema(shown.gone[index + 1] ?? line)) found.push(fileNeed('contract', shown, `removes the field \`${key}\` from the API description`, key));
    else if (key !== null && TYPED.has(key) && shown.fresh.some((other) => TYPED.has(keyOf(other) ?? '') && bare(other) !== bare(line) && !gone.has(bare(other)))) found.push(fileNeed('contract', shown, 'changes the type of a field in the API description'));
  }
  const required = (lines: readonly string[]): readonly string[] => lines.flatMap((line) => (/^\s*"?required"?\s*:\s*\[([^\]]*)\]/.exec(line)?.[1] ?? '').split(',').map((word) => word.replace(/["'\s]/g, '')).filter((word) => word !== ''));
  const before = new Set(required(shown.gone));
  const asked = required(shown.fresh).filter((name) => !before.has(name));
  if (asked.length > 0 && before.size > 0) found.push(fileNeed('contract', shown, `makes \`${asked[0] ?? ''}\` required in the API description`, asked[0] ?? null));
  return found;
}

function keyOf(line: string): string | null {
  return /^\s*(?:"([^"]+)"|'([^']+)'|([\w./{}$-]+))\s*:(?:\s|$)/.exec(line)?.slice(1).find((group) => group !== undefined) ?? null;
}

/** Whether a line describes a schema: what stands under the name of a field. */
function isSchema(line: string): boolean {
  return /^\s*"?(?:type|\$ref|allOf|oneOf|anyOf|nullable|description|format|enum)"?\s*:|\{\s*"?(?:type|\$ref)"?\s*:/.test(line);
}

function graphqlNeeds(shown: ShownLines): readonly DiffNeed[] {
  const field = /^\s*(\w+)\s*(?:\([^)]*\))?\s*:\s*(\[?[A-Z]\w*[\]!]*)/;
  const kept = new Map(shown.fresh.flatMap((line) => { const match = field.exec(line); return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]; }));
  return shown.gone.flatMap((line) => {
    const match = field.exec(line);
    if (match === null) return [];
    const name = match[1] ?? '';
    const now = kept.get(name);
    if (now === match[2]) return [];
    return [fileNeed('contract', shown, `${now === undefined ? 'removes' : 'changes'} the field \`${name}\` of the GraphQL schema`, name)];
  });
}

/** Whether a package.json is one that others install, as far as it is shown. */
function isPublished({ path, text }: ShownLines): boolean {
  if (/"private"\s*:\s*true/.test(text)) return false;
  return /"(?:publishConfig|exports|typings|types|module)"\s*:/.test(text) || (/"main"\s*:/.test(text) && (/"name"\s*:\s*"@/.test(text) || /(?:^|\/)(?:packages|libs?|sdk)\//.test(path)));
}

/** Versions of what is published to others and stays with them: packages, apps in a store. */
function versionNeeds(shown: ShownLines): readonly DiffNeed[] {
  const changed = (pattern: RegExp): string | null => {
    const before = shown.gone.map((line) => pattern.exec(line)?.[1]).find((value) => value !== undefined);
    const after = shown.fresh.map((line) => pattern.exec(line)?.[1]).find((value) => value !== undefined);
    return before !== undefined && after !== undefined && before !== after ? after : null;
  };
  const published = (name: string, version: string | null): readonly DiffNeed[] => (version === null ? [] : [fileNeed('contract', shown, `releases ${name} ${version} to others`, version)]);
  const { path } = shown;
  if (/(?:^|\/)package\.json$/.test(path) && isPublished(shown)) return published('the package', changed(/^\s*"version"\s*:\s*"([^"]+)"/));
  if (/\.gemspec$/.test(path)) return published('the gem', changed(/\.version\s*=\s*["']([^"']+)["']/));
  if (/(?:^|\/)build\.gradle(?:\.kts)?$/.test(path)) return published('the app', changed(/\bversion(?:Code|Name)\s*=?\s*["']?([\w.]+)/));
  if (/(?:^|\/)Info\.plist$/.test(path)) return published('the app', changed(/<string>(\d[\w.]*)<\/string>/));
  if (/(?:^|\/)pubspec\.yaml$/.test(path)) return published('the app', changed(/^version:\s*(\S+)/));
  if (/\.pbxproj$/.test(path)) return published('the app', changed(/\bMARKETING_VERSION\s*=\s*([\w.]+)/));
  return [];
}
