import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import { mayHoldSql } from '../sql-query.js';
import { bare, isAsync, isFunctionNode } from './walk.js';
import type { FileFacts, FunctionNode, LocalFunction, TypedName } from './walk.js';

/** What is known of a file before its functions are walked: imports, functions, tables, module variables. */
export function factsOf(path: string, tree: ts.SourceFile, lockWrappers: readonly string[]): FileFacts {
  const imports = new Map<string, string>();
  const modules = new Set<string>();
  const moduleVariables = new Set<string>();
  const tables = new Map<string, string>();
  const constants = new Map<string, ts.Expression>();
  for (const statement of tree.statements) {
    if (syntax.isImportDeclaration(statement) && syntax.isStringLiteral(statement.moduleSpecifier)) {
      modules.add(statement.moduleSpecifier.text);
      for (const name of importedNames(statement)) imports.set(name, statement.moduleSpecifier.text);
    } else if (syntax.isVariableStatement(statement)) {
      for (const one of statement.declarationList.declarations) readVariable(one, { imports, modules, moduleVariables, tables });
      if ((statement.declarationList.flags & syntax.NodeFlags.Const) !== 0) for (const one of statement.declarationList.declarations) readConstant(one, imports, constants);
    }
  }
  return { path, tree, functions: functionsIn(tree), imports, modules, moduleVariables, tables, constants, awaited: awaitedIn(tree), typed: typedIn(tree), lockWrappers, browser: runsInBrowser(path, tree, modules) };
}

const HOLDERS = /^(Repository|TreeRepository|MongoRepository|EntityRepository|Model|ModelType|ReturnModelType|ModelStatic|ModelCtor|Collection)$/;

/** Parameters and properties whose type names an entity: `private accounts: Repository<Account>`. */
function typedIn(tree: ts.SourceFile): ReadonlyMap<string, TypedName> {
  const found = new Map<string, TypedName>();
  const visit = (node: ts.Node): void => {
    if ((syntax.isParameter(node) || syntax.isPropertyDeclaration(node) || syntax.isVariableDeclaration(node)) && syntax.isIdentifier(node.name) && node.type !== undefined) {
      const typed = typedAs(tree, node.type);
      if (typed !== null) found.set(node.name.text, typed);
    }
    syntax.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function typedAs(tree: ts.SourceFile, type: ts.TypeNode): TypedName | null {
  // `accountModel: typeof Account`: the class itself.
  if (syntax.isTypeQueryNode(type)) return /^[A-Z]\w*$/.test(type.exprName.getText(tree)) ? { type: 'typeof', entity: type.exprName.getText(tree) } : null;
  if (!syntax.isTypeReferenceNode(type)) return null;
  const name = type.typeName.getText(tree);
  const entity = type.typeArguments?.[0];
  return HOLDERS.test(name) && entity !== undefined ? { type: name, entity: entity.getText(tree).replace(/^typeof\s+|Document$/g, '') } : null;
}

/** What is awaited or returned on which receiver: the best hint, without types, of which methods are async. */
function awaitedIn(tree: ts.SourceFile): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (node: ts.Node): void => {
    if (syntax.isAwaitExpression(node)) {
      const call = bare(node.expression);
      const callee = syntax.isCallExpression(call) ? bare(call.expression) : undefined;
      if (callee !== undefined && syntax.isPropertyAccessExpression(callee) && callee.expression.getEnd() - callee.expression.pos < 80) {
        const receiver = callee.expression.getText(tree);
        found.set(receiver, (found.get(receiver) ?? new Set()).add(callee.name.text));
      }
    }
    syntax.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function importedNames(statement: ts.ImportDeclaration): readonly string[] {
  const clause = statement.importClause;
  if (clause === undefined) return [];
  const names = clause.name === undefined ? [] : [clause.name.text];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return names;
  return syntax.isNamespaceImport(bindings) ? [...names, bindings.name.text] : [...names, ...bindings.elements.map((one) => one.name.text)];
}

interface Collected {
  readonly imports: Map<string, string>;
  readonly modules: Set<string>;
  readonly moduleVariables: Set<string>;
  readonly tables: Map<string, string>;
}

function readVariable(declaration: ts.VariableDeclaration, into: Collected): void {
  const names = syntax.isIdentifier(declaration.name) ? [declaration.name.text] : declaration.name.elements.flatMap((one) => (syntax.isBindingElement(one) && syntax.isIdentifier(one.name) ? [one.name.text] : []));
  const value = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  const call = value === undefined ? undefined : syntax.isPropertyAccessExpression(value) ? bare(value.expression) : value;
  if (call !== undefined && syntax.isCallExpression(call)) {
    const callee = call.expression.getText();
    const [first] = call.arguments;
    const text = first !== undefined && syntax.isStringLiteralLike(first) ? first.text : null;
    if (callee === 'require' && text !== null) {
      into.modules.add(text);
      for (const name of names) into.imports.set(name, text);
      return;
    }
    if (/^(pg|mysql|sqlite|singlestore)Table$/.test(callee) && text !== null) for (const name of names) into.tables.set(name, text);
  }
  if (value === undefined || !isFunctionNode(value)) for (const name of names) into.moduleVariables.add(name);
}

const LARGEST_CONSTANT = 20_000;

/** Only what can be written out in place of its name: literals, and objects and templates made of them. */
function readConstant(declaration: ts.VariableDeclaration, imports: ReadonlyMap<string, string>, into: Map<string, ts.Expression>): void {
  if (!syntax.isIdentifier(declaration.name) || declaration.initializer === undefined) return;
  let value = bare(declaration.initializer);
  if (syntax.isCallExpression(value) && value.expression.getText() === 'Object.freeze' && value.arguments[0] !== undefined) value = bare(value.arguments[0]);
  if (value.getEnd() - value.pos > LARGEST_CONSTANT) return;
  if ((syntax.isObjectLiteralExpression(value) || mayHoldSql(value.getText())) && isPlain(value, imports)) into.set(declaration.name.text, value);
}

function isPlain(node: ts.Expression, imports: ReadonlyMap<string, string>): boolean {
  const value = bare(node);
  if (syntax.isStringLiteralLike(value) || syntax.isNumericLiteral(value)) return true;
  if (value.kind === syntax.SyntaxKind.TrueKeyword || value.kind === syntax.SyntaxKind.FalseKeyword || value.kind === syntax.SyntaxKind.NullKeyword) return true;
  if (syntax.isPropertyAccessExpression(value)) return imports.has(/^\w+(?=(?:\.\w+)+$)/.exec(value.getText())?.[0] ?? '');
  if (syntax.isBinaryExpression(value)) return value.operatorToken.kind === syntax.SyntaxKind.PlusToken && isPlain(value.left, imports) && isPlain(value.right, imports);
  if (syntax.isArrayLiteralExpression(value)) return value.elements.every((one) => isPlain(one, imports));
  return syntax.isObjectLiteralExpression(value) && value.properties.every((one) => syntax.isPropertyAssignment(one) && !syntax.isComputedPropertyName(one.name) && isPlain(one.initializer, imports));
}

/** Every function that has a name, by that name; methods as `this.name`. A name that means two functions means none. */
function functionsIn(tree: ts.SourceFile): ReadonlyMap<string, LocalFunction> {
  const found = new Map<string, LocalFunction>();
  const twice = new Set<string>();
  const add = (key: string, one: LocalFunction): void => {
    if (found.has(key)) twice.add(key);
    found.set(key, one);
  };
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) {
      const name = nameOf(node);
      if (name !== null && node.body !== undefined) {
        const owner = syntax.isClassLike(node.parent) ? node.parent : syntax.isPropertyDeclaration(node.parent) && syntax.isClassLike(node.parent.parent) ? node.parent.parent : null;
        const local = { name, symbol: symbolOf(node), node, async: isAsync(node), exported: isExported(node), owner };
        add(owner === null ? name : `this.${name}`, local);
      }
    }
    syntax.forEachChild(node, visit);
  };
  visit(tree);
  for (const name of twice) found.delete(name);
  return found;
}

/** Its own name, or that of the variable or property it is given to. */
export function nameOf(node: FunctionNode): string | null {
  if (syntax.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined && (syntax.isIdentifier(node.name) || syntax.isStringLiteral(node.name) || syntax.isPrivateIdentifier(node.name))) return node.name.text;
  const { parent } = node;
  if (syntax.isVariableDeclaration(parent) && syntax.isIdentifier(parent.name)) return parent.name.text;
  if ((syntax.isPropertyAssignment(parent) || syntax.isPropertyDeclaration(parent)) && (syntax.isIdentifier(parent.name) || syntax.isStringLiteral(parent.name))) return parent.name.text;
  return syntax.isBinaryExpression(parent) && syntax.isPropertyAccessExpression(parent.left) ? parent.left.name.text : null;
}

/** The name a reader looks for: `Class.method`, `object.method`, `router.post("/pay")`. */
export function symbolOf(node: FunctionNode): string {
  const name = nameOf(node);
  if (name !== null) {
    const owner = syntax.findAncestor(node.parent, (one) => syntax.isClassLike(one) || (syntax.isVariableDeclaration(one) && one.initializer !== node) || syntax.isFunctionLike(one));
    if (owner !== undefined && syntax.isClassLike(owner)) return owner.name === undefined ? name : `${owner.name.text}.${name}`;
    if (owner !== undefined && syntax.isVariableDeclaration(owner) && syntax.isIdentifier(owner.name)) return `${owner.name.text}.${name}`;
    return name;
  }
  const { parent } = node;
  if (!syntax.isCallExpression(parent)) return '<anonymous>';
  const holder = syntax.findAncestor(parent, (one) => syntax.isPropertyAssignment(one) || syntax.isVariableDeclaration(one));
  if (holder !== undefined && (syntax.isPropertyAssignment(holder) || syntax.isVariableDeclaration(holder)) && syntax.isIdentifier(holder.name)) return holder.name.text;
  const [first] = parent.arguments;
  const callee = parent.expression.getText().replace(/\s+/g, '').slice(-60);
  return first !== undefined && syntax.isStringLiteralLike(first) ? `${callee}(${JSON.stringify(first.text.slice(0, 60))})` : callee;
}

function isExported(node: FunctionNode): boolean {
  const holder = syntax.isVariableDeclaration(node.parent) ? node.parent.parent.parent : node;
  const modifiers = syntax.canHaveModifiers(holder) ? syntax.getModifiers(holder) : undefined;
  if (syntax.isMethodDeclaration(node)) return !(modifiers?.some((one) => one.kind === syntax.SyntaxKind.PrivateKeyword) ?? false) && !(node.name.kind === syntax.SyntaxKind.PrivateIdentifier);
  return modifiers?.some((one) => one.kind === syntax.SyntaxKind.ExportKeyword) ?? false;
}

function runsInBrowser(path: string, tree: ts.SourceFile, modules: ReadonlySet<string>): boolean {
  const [first] = tree.statements;
  const directive = first !== undefined && syntax.isExpressionStatement(first) && syntax.isStringLiteral(first.expression) ? first.expression.text : '';
  if (directive === 'use client') return true;
  if (directive === 'use server') return false;
  if ([...modules].some((name) => /^(vue|svelte|pinia|redux|zustand|mobx|mobx-react|react-dom|@angular\/core|@tanstack\/react-query|swr)$/.test(name))) return true;
  if (/\.(vue|svelte)$/.test(path)) return true;
  const isComponent = /\.[jt]sx$/.test(path) && tree.text.includes('</') && !/(^|\/)(page|layout|route|route-handler)\.[jt]sx$/.test(path) && !/export\s+(const|async function|function)\s+(action|loader)\b/.test(tree.text);
  return isComponent || (modules.has('react') && /\buse(State|Effect|Callback|Memo|Ref)\(/.test(tree.text));
}
