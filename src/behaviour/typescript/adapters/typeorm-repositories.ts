import { syntax } from '../../../languages/typescript.js';
import type { ts } from '../../../languages/typescript.js';
import type { CallNames } from '../recognise.js';
import { bare } from '../walk.js';

/** A repository whatever its name: what its declaration says of it. */
export interface DeclaredRepository {
  readonly entityName: string;
  /** What it was asked of, root first: `queryRunner.manager`; empty where it was injected. */
  readonly askedOf: readonly string[];
}

/**
 * The repository a call is made on, by its declaration in the same file: `private flights: Repository<Flight>`,
 * `@InjectRepository(Flight) flights`, `const flights = manager.getRepository(Flight)`. null where nothing says so.
 */
export function declaredRepository(call: CallNames): DeclaredRepository | null {
  const { root, rootNode, links } = call.chain;
  const place = root === 'this' ? 1 : 0;
  const method = links[place];
  if (root === '' || method?.call == null || (place === 1 && links[0]?.call !== null)) return null;
  if (place !== links.length - 1 && method.name !== 'createQueryBuilder') return null;
  return repositoryNamed(call, rootNode, root === 'this' ? (links[0]?.name ?? '') : root, root === 'this', 0);
}

/** The same of a value: `this.flights` in `manager.withRepository(this.flights)`. */
export function repositoryIn(call: CallNames, value: ts.Expression, depth = 0): DeclaredRepository | null {
  const inner = bare(value);
  if (depth > 3) return null;
  if (syntax.isIdentifier(inner)) return repositoryNamed(call, inner, inner.text, false, depth);
  const member = syntax.isPropertyAccessExpression(inner) && inner.expression.kind === syntax.SyntaxKind.ThisKeyword;
  return member ? repositoryNamed(call, inner, inner.name.text, true, depth) : null;
}

type Declaration = ts.ParameterDeclaration | ts.PropertyDeclaration | ts.VariableDeclaration | ts.BinaryExpression;

function repositoryNamed(call: CallNames, from: ts.Node, name: string, member: boolean, depth: number): DeclaredRepository | null {
  for (let scope = from.parent as ts.Node | undefined; scope !== undefined; scope = scope.parent as ts.Node | undefined) {
    if (member !== syntax.isClassLike(scope)) continue;
    const found = declaredIn(scope).get(name);
    if (found !== undefined) return read(call, found, depth);
    if (member) return null;
  }
  return null;
}

const KNOWN = new WeakMap<ts.Node, ReadonlyMap<string, Declaration | null>>();

/** What a class, a function or a block declares; null for a name that is something else there. Remembered: a tree never changes. */
function declaredIn(scope: ts.Node): ReadonlyMap<string, Declaration | null> {
  const known = KNOWN.get(scope);
  if (known !== undefined) return known;
  const found = new Map<string, Declaration | null>();
  if (syntax.isClassLike(scope)) declaredByClass(scope, found);
  else if (syntax.isFunctionLike(scope)) declareAll(scope.parameters, found);
  else if (syntax.isBlock(scope) || syntax.isSourceFile(scope) || syntax.isCaseOrDefaultClause(scope)) {
    for (const statement of scope.statements) if (syntax.isVariableStatement(statement)) declareAll(statement.declarationList.declarations, found);
  } else if ((syntax.isForOfStatement(scope) || syntax.isForStatement(scope)) && scope.initializer !== undefined && syntax.isVariableDeclarationList(scope.initializer)) {
    declareAll(scope.initializer.declarations, found);
  }
  KNOWN.set(scope, found);
  return found;
}

function declareAll(declarations: readonly (ts.VariableDeclaration | ts.ParameterDeclaration)[], into: Map<string, Declaration | null>): void {
  for (const one of declarations) {
    if (syntax.isIdentifier(one.name)) into.set(one.name.text, one);
    else for (const element of one.name.elements) if (syntax.isBindingElement(element) && syntax.isIdentifier(element.name)) into.set(element.name.text, null);
  }
}

function declaredByClass(owner: ts.ClassLikeDeclaration, into: Map<string, Declaration | null>): void {
  for (const member of owner.members) {
    if (syntax.isPropertyDeclaration(member) && (syntax.isIdentifier(member.name) || syntax.isPrivateIdentifier(member.name))) into.set(member.name.text, member);
    if (!syntax.isConstructorDeclaration(member)) continue;
    declareAll(member.parameters.filter((one) => (syntax.getModifiers(one) ?? []).length > 0), into);
    for (const statement of member.body?.statements ?? []) {
      const value = syntax.isExpressionStatement(statement) ? statement.expression : undefined;
      if (value === undefined || !syntax.isBinaryExpression(value) || value.operatorToken.kind !== syntax.SyntaxKind.EqualsToken) continue;
      const { left } = value;
      if (syntax.isPropertyAccessExpression(left) && left.expression.kind === syntax.SyntaxKind.ThisKeyword && asksForRepository(value.right)) into.set(left.name.text, value);
    }
  }
}

function read(call: CallNames, declared: Declaration | null, depth: number): DeclaredRepository | null {
  const modules = [...call.file.modules];
  if (declared === null || modules.some((name) => name.includes('mikro-orm'))) return null;
  if (syntax.isBinaryExpression(declared)) return asked(call, declared.right, depth);
  if (modules.some((name) => name.includes('typeorm'))) {
    const injected = syntax.isVariableDeclaration(declared) ? undefined : injectedBy(declared);
    const entityName = injected ?? typedAs(declared.type);
    if (entityName !== undefined && declared.initializer === undefined) return { entityName, askedOf: [] };
  }
  return declared.initializer === undefined ? null : asked(call, declared.initializer, depth);
}

function typedAs(type: ts.TypeNode | undefined): string | undefined {
  if (type === undefined || !syntax.isTypeReferenceNode(type) || !/^(typeorm\.)?(Tree)?Repository$/.test(type.typeName.getText())) return undefined;
  return lastName(type.typeArguments?.[0]);
}

function injectedBy(declared: ts.ParameterDeclaration | ts.PropertyDeclaration): string | undefined {
  const calls = (syntax.getDecorators(declared) ?? []).map((one) => one.expression);
  const inject = calls.find((one) => syntax.isCallExpression(one) && one.expression.getText() === 'InjectRepository');
  return inject !== undefined && syntax.isCallExpression(inject) ? lastName(inject.arguments[0]) : undefined;
}

function lastName(node: ts.Node | undefined): string | undefined {
  return node === undefined ? undefined : /(?:^|\.)([A-Za-z_$][\w$]*)$/.exec(node.getText())?.[1];
}

const ASKS = /^(getRepository|getTreeRepository|withRepository)$/;

function asksForRepository(value: ts.Expression): ts.CallExpression | null {
  const inner = bare(value);
  const call = syntax.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  if (!syntax.isCallExpression(call)) return null;
  const name = syntax.isPropertyAccessExpression(call.expression) ? call.expression.name.text : syntax.isIdentifier(call.expression) ? call.expression.text : '';
  return ASKS.test(name) ? call : null;
}

/** `dataSource.getRepository(Invite)`, `manager.withRepository(this.invites)`. */
function asked(call: CallNames, value: ts.Expression, depth: number): DeclaredRepository | null {
  const made = asksForRepository(value);
  const argument = made?.arguments[0];
  if (made === null || argument === undefined) return null;
  const owner = syntax.isPropertyAccessExpression(made.expression) ? made.expression.expression.getText().replace(/\s+/g, '').split(/[.?!]+/) : [];
  const handed = /withRepository$/.test(made.expression.getText()) ? repositoryIn(call, argument, depth + 1) : null;
  const entityName = handed?.entityName ?? (/^(\w+\.)*[A-Z]\w*$/.test(argument.getText()) ? lastName(argument) : undefined);
  return entityName === undefined ? null : { entityName, askedOf: owner };
}
