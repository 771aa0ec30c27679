/** The house rules of docs/architecture.md that a program can check. A failure names the file, the line and the way out. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Node, Project, SyntaxKind, type SourceFile } from 'ts-morph';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What each room may import beside itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  languages: ['core'],
  behaviour: ['core', 'languages'],
  migrations: ['core', 'languages'],
  rollback: ['core', 'languages', 'migrations'],
  logs: ['core'],
  rules: ['core', 'languages', 'behaviour', 'migrations', 'rollback', 'logs'],
  questions: ['core'],
  render: ['core'],
  proof: ['core', 'languages', 'migrations'],
  review: ['core', 'languages', 'behaviour', 'migrations', 'rules', 'rollback', 'logs', 'questions', 'render'],
  github: ['core'],
  git: ['core'],
  anthropic: ['core'],
  store: ['core'],
  queue: ['core'],
  doors: ['core', 'languages', 'behaviour', 'migrations', 'rules', 'rollback', 'logs', 'questions', 'render', 'proof', 'review', 'github', 'git', 'anthropic', 'store', 'queue'],
};

/** Every package that runs in production and the rooms that know it. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  '@anthropic-ai/sdk': ['anthropic'],
  '@electric-sql/pglite': ['store', 'proof'],
  '@octokit/*': ['github'],
  '@rgrove/parse-xml': ['languages'],
  'commander': ['doors'],
  'diff': ['core'],
  'libpg-query': ['languages'],
  'lru-cache': ['github', 'git'],
  'mdast': ['languages'],
  'mdast-util-to-string': ['languages'],
  'pg': ['store', 'proof'],
  'pg-boss': ['queue'],
  'picomatch': ['core'],
  'pino': ['doors'],
  'pino-pretty': ['doors'],
  'probot': ['doors'],
  'prom-client': ['doors'],
  're2js': ['core'],
  'remark-gfm': ['languages'],
  'remark-parse': ['languages'],
  'tar-stream': ['github'],
  'ts-morph': ['languages'],
  'unified': ['languages'],
  'web-tree-sitter': ['languages'],
  'yaml': ['core', 'languages'],
  // Checks whatever comes in from outside.
  'zod': ['core', 'questions', 'anthropic', 'github', 'store', 'doors'],
};

/** Packages whose types, and nothing that runs, another room may name. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  // Holds our SARIF to the 2.1.0 structure at compile time.
  'sarif': ['render'],
  'ts-morph': ['rules'],
};

const PURE = ['core', 'languages', 'behaviour', 'migrations', 'rules', 'rollback', 'render'];

/** Hashing is a computation like any other. */
const PURE_NODE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash', 'createHmac', 'timingSafeEqual'],
};

const IMPURE_ACCESSES = ['Date.now', 'Math.random', 'crypto.randomUUID', 'crypto.getRandomValues', 'import.meta.url', 'import.meta.dirname'];

const IMPURE_GLOBALS = ['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'globalThis', '__dirname', 'require'];

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly line: number;
  readonly typesOnly: boolean;
  readonly names: readonly string[];
  /** The file it leads to, relative to `src/`; null for a package. */
  readonly target: string | null;
}

let files: readonly SourceFile[] = [];
let imports: readonly Import[] = [];

beforeAll(() => {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true, compilerOptions: { allowJs: false } });
  files = project.addSourceFilesAtPaths(`${ROOT}/src/**/*.ts`);
  imports = files.flatMap(importsOf);
});

describe('architecture', () => {
  it('imports point only along the arrows of docs/architecture.md', () => {
    const wrong = imports.flatMap((one) => {
      if (one.target === null) return [];
      const [from, to] = [roomOf(one.from), roomOf(one.target)];
      if (ARROWS[from] === undefined) return [`src/${one.from} stands in no room of docs/architecture.md`];
      return from === to || ARROWS[from].includes(to) ? [] : [`src/${one.from}:${one.line} imports src/${one.target}: ${from} may import ${ARROWS[from].join(', ') || 'nothing of ours'}, not ${to}`];
    });
    expect(wrong).toEqual([]);
  });

  it('rules do not import each other', () => {
    const wrong = imports
      .filter(({ from, target }) => /^rules\/[^/]+\//.test(from) && target?.startsWith('rules/') === true && target !== 'rules/define-rule.ts')
      .map(({ from, target, line }) => `src/${from}:${line} imports src/${target ?? ''}: what two rules share belongs to the room it speaks of`);
    expect(wrong).toEqual([]);
  });

  it('every third-party package has one owner room', () => {
    const wrong = imports.flatMap((one) => {
      if (one.target !== null || one.specifier.startsWith('node:')) return [];
      const name = packageOf(one.specifier);
      const room = roomOf(one.from);
      const owners = [...(OWNERS[name] ?? OWNERS[`${name.split('/')[0] ?? ''}/*`] ?? []), ...(one.typesOnly ? (TYPES_ONLY[name] ?? []) : [])];
      return owners.includes(room) ? [] : [`src/${one.from}:${one.line} imports ${one.specifier}: it belongs to ${owners.join(', ') || 'no room yet'}`];
    });
    expect(wrong).toEqual([]);
  });

  it('what runs is a dependency, and every dependency is used', () => {
    const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };
    const dependencies = Object.keys(manifest.dependencies);
    const packages = imports.filter(({ target, specifier }) => target === null && !specifier.startsWith('node:'));
    const undeclared = packages
      .filter(({ typesOnly, specifier }) => !typesOnly && !dependencies.includes(packageOf(specifier)))
      .map(({ from, line, specifier }) => `src/${from}:${line} imports ${specifier}, which is not among the dependencies of package.json`);
    const loadedByName = ['pino-pretty', '@vscode/tree-sitter-wasm'];
    const unused = dependencies
      .filter((name) => !loadedByName.includes(name) && !packages.some(({ specifier }) => packageOf(specifier) === name))
      .map((name) => `package.json depends on ${name}, which nothing imports`);
    expect([...undeclared, ...unused]).toEqual([]);
  });

  it('pure rooms do no I/O and read no clock, environment or random source', () => {
    const modules = imports.flatMap((one) => {
      if (!PURE.includes(roomOf(one.from)) || !one.specifier.startsWith('node:') || one.typesOnly) return [];
      const allowed = PURE_NODE_MODULES[one.specifier] ?? [];
      return one.names.length > 0 && one.names.every((name) => allowed.includes(name)) ? [] : [`src/${one.from}:${one.line} imports ${one.specifier}: ${roomOf(one.from)} is pure`];
    });
    const uses = files.filter((file) => PURE.includes(roomOf(pathOf(file)))).flatMap(impureUses);
    expect([...modules, ...uses]).toEqual([]);
  });

  it('no file loads itself by a detour', () => {
    expect(cycles(imports.filter(({ typesOnly }) => !typesOnly))).toEqual([]);
  });

  it('files are kebab-case, named after what they are about, and no barrels', () => {
    const wrong = files.flatMap((file) => {
      const path = pathOf(file);
      const problems: string[] = [];
      if (!/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.generated)?\.ts$/.test(path)) problems.push('is not kebab-case');
      if (/(?:^|\/)(?:utils?|helpers?|common|shared|misc|lib|index)(?:\/|\.ts$)/.test(path)) problems.push('is named after nothing: name what it is about');
      const statements = file.getStatements();
      if (statements.length > 0 && statements.every((statement) => Node.isExportDeclaration(statement))) problems.push('only passes on exports of other files');
      return problems.map((problem) => `src/${path} ${problem}`);
    });
    expect(wrong).toEqual([]);
  });

  it('files stay short: 350 lines, a rule 200, a catalogue of types 450', () => {
    const wrong = files.flatMap((file) => {
      const path = pathOf(file);
      const onlyTypes = file.getStatements().every((one) => Node.isInterfaceDeclaration(one) || Node.isTypeAliasDeclaration(one) || Node.isImportDeclaration(one));
      const limit = /^rules\/[^/]+\//.test(path) ? 200 : onlyTypes ? 450 : 350;
      const lines = file.getFullText().trimEnd().split('\n').length;
      return lines > limit && !path.endsWith('.generated.ts') ? [`src/${path} has ${lines} lines; ${limit} are allowed`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('exports have names, types are no `any`, and nothing is an enum or a class', () => {
    expect(files.flatMap(languageProblems)).toEqual([]);
  });

  it('nothing is left for later, and no check is switched off', () => {
    const wrong = files.flatMap((file) =>
      file.getFullText().split('\n').flatMap((line, index) =>
        /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck|expect-error)|eslint-disable/.test(line) && /\/\/|\/\*|^\s*\*/.test(line) ? [`src/${pathOf(file)}:${index + 1} ${line.trim()}`] : [],
      ),
    );
    expect(wrong).toEqual([]);
  });
});

function pathOf(file: SourceFile): string {
  return relative(`${ROOT}/src`, file.getFilePath()).replaceAll('\\', '/');
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function importsOf(file: SourceFile): Import[] {
  const from = pathOf(file);
  const found: Import[] = [];
  const add = (specifier: string, node: Node, typesOnly: boolean, names: readonly string[]): void => {
    found.push({ from, specifier, line: node.getStartLineNumber(), typesOnly, names, target: targetOf(from, specifier) });
  };
  for (const declaration of file.getImportDeclarations()) {
    const named = declaration.getNamedImports();
    const whole = declaration.getDefaultImport() !== undefined || declaration.getNamespaceImport() !== undefined || named.length === 0;
    const typesOnly = declaration.isTypeOnly() || (!whole && named.every((one) => one.isTypeOnly()));
    add(declaration.getModuleSpecifierValue(), declaration, typesOnly, whole ? [] : named.filter((one) => !one.isTypeOnly()).map((one) => one.getName()));
  }
  for (const declaration of file.getExportDeclarations()) {
    const specifier = declaration.getModuleSpecifierValue();
    if (specifier !== undefined) add(specifier, declaration, declaration.isTypeOnly(), []);
  }
  for (const node of file.getDescendantsOfKind(SyntaxKind.ImportType)) {
    const literal = node.getArgument().getDescendantsOfKind(SyntaxKind.StringLiteral)[0];
    if (literal !== undefined) add(literal.getLiteralValue(), node, true, []);
  }
  for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
    const [argument] = call.getArguments();
    const loads = call.getExpression().getKind() === SyntaxKind.ImportKeyword;
    if (loads && Node.isStringLiteral(argument)) add(argument.getLiteralValue(), call, false, []);
  }
  return found;
}

function targetOf(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  const path = relative('/src', fileURLToPath(new URL(specifier, `file:///src/${from}`)));
  return path.replaceAll('\\', '/').replace(/\.js$/, '.ts');
}

function impureUses(file: SourceFile): string[] {
  const found: string[] = [];
  const say = (node: Node, what: string): void => {
    found.push(`src/${pathOf(file)}:${node.getStartLineNumber()} uses ${what}: ${roomOf(pathOf(file))} is pure`);
  };
  const declared = new Set<string>();
  const globals: Node[] = [];
  file.forEachDescendant((node) => {
    if (Node.isParameterDeclaration(node) || Node.isVariableDeclaration(node) || Node.isBindingElement(node)) declared.add(node.getName());
    else if (Node.isFunctionDeclaration(node)) declared.add(node.getName() ?? '');
    else if (Node.isPropertyAccessExpression(node)) {
      const text = node.getText();
      if (IMPURE_ACCESSES.includes(text)) say(node, text);
    } else if (Node.isNewExpression(node) && node.getExpression().getText() === 'Date' && node.getArguments().length === 0) {
      say(node, 'the clock (new Date())');
    } else if (Node.isIdentifier(node) && IMPURE_GLOBALS.includes(node.getText()) && isValue(node)) globals.push(node);
  });
  for (const node of globals) if (!declared.has(node.getText())) say(node, node.getText());
  return found;
}

/** Whether an identifier stands for a value of its own rather than for a property or a key. */
function isValue(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== node;
  if (Node.isPropertyAssignment(parent)) return parent.getNameNode() !== node;
  return !Node.isPropertySignature(parent) && !Node.isMethodDeclaration(parent) && !Node.isMethodSignature(parent);
}

/** Each cycle once, as `a → b → a`. */
function cycles(all: readonly Import[]): readonly string[] {
  const edges = new Map<string, string[]>();
  for (const { from, target } of all) if (target !== null) edges.set(from, [...(edges.get(from) ?? []), target]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].map((one) => `src/${one}`).join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

function languageProblems(file: SourceFile): string[] {
  const found: string[] = [];
  const say = (node: Node, what: string): void => {
    found.push(`src/${pathOf(file)}:${node.getStartLineNumber()} ${what}`);
  };
  file.forEachDescendant((node) => {
    if (node.getKind() === SyntaxKind.AnyKeyword) say(node, 'says `any`: name the type, or take `unknown` and check');
    else if (Node.isEnumDeclaration(node)) say(node, 'is an enum: use a union of strings');
    else if (Node.isExportAssignment(node) || node.getKind() === SyntaxKind.DefaultKeyword && Node.isModifierable(node.getParentOrThrow())) say(node, 'is a default export: give it a name');
    else if (Node.isClassDeclaration(node) && node.getExtends() === undefined) say(node, 'is a class: only errors, and what a library asks to extend, are; use plain data and functions');
  });
  return found;
}
