import type { Span } from '../../core/change-set.js';
import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Event, Frame, Placed } from '../event.js';
import { either, MOST_EVENTS } from '../bounded.js';
import type { EventId, Expression } from '../expression.js';

/** A function of the file, wherever it is written. */
export interface LocalFunction {
  readonly name: string;
  readonly symbol: string;
  readonly node: FunctionNode;
  readonly async: boolean;
  readonly exported: boolean;
  /** The class it is a method of. */
  readonly owner: ts.ClassLikeDeclaration | null;
}

export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

/** What is known of a file before its functions are walked. */
export interface FileFacts {
  readonly path: string;
  readonly tree: ts.SourceFile;
  /** By name: `transfer`, and `this.transfer` for methods. */
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Local name → module it is imported from. */
  readonly imports: ReadonlyMap<string, string>;
  /** Modules imported at all, also by `require`. */
  readonly modules: ReadonlySet<string>;
  /** Names of the module's own variables. */
  readonly moduleVariables: ReadonlySet<string>;
  /** Constants of the module that hold an object or a statement of SQL: options of a transaction, queries by name. */
  readonly constants: ReadonlyMap<string, ts.Expression>;
  /** Local name → table, from `pgTable('accounts', …)` and the like. */
  readonly tables: ReadonlyMap<string, string>;
  /** Names whose type says what rows they hold: `accounts: Repository<Account>`. */
  readonly typed: ReadonlyMap<string, TypedName>;
  /** Methods that are awaited somewhere in the file, by their receiver: `this.store` → `wipe`, `add`. */
  readonly awaited: ReadonlyMap<string, ReadonlySet<string>>;
  readonly lockWrappers: readonly string[];
  readonly browser: boolean;
}

/** A repository, model or collection of an entity, by its type. */
export interface TypedName {
  readonly type: string;
  readonly entity: string;
}

/** Names and what they hold, at one point of the walk. */
export interface Scope {
  readonly values: Map<string, Expression>;
  /** Name of a handle → the transaction it is bound to. */
  readonly handles: Map<string, number>;
  /** Functions that were handed to the one that is shown in place. */
  readonly closures: ReadonlyMap<string, Closure>;
}

/** A function and the names it knows. */
export interface Closure {
  readonly node: FunctionNode;
  readonly scope: Scope;
  readonly frames: readonly Frame[];
  readonly runs: { count: number };
}

/** One function being read. The only mutable thing in the room. */
export interface Walk {
  readonly file: FileFacts;
  readonly root: FunctionNode;
  readonly events: Event[];
  readonly parameters: Set<string>;
  /** Nested functions whose bodies were walked in place. */
  readonly walked: Set<ts.Node>;
  /** `event.relation` → the read that stands for the rows of that relation. */
  readonly derived: Map<string, EventId>;
  /** `account`, `req.user` → the read that stands for a row the function was handed. */
  readonly handed: Map<string, EventId>;
  frames: readonly Frame[];
  scope: Scope;
  counter: number;
  /** Set while a function of the same file is shown in place of its call. */
  inlined: boolean;
  /** What the body that is being walked returned so far. */
  returns: Expression[];
  evaluate(node: ts.Expression): Expression;
  statement(node: ts.Statement): void;
  /** Walks a function's body in place: parameters bound to `values`. Gives what it returns. */
  body(node: FunctionNode, values: readonly Expression[]): Expression;
}

export function nextId(walk: Walk): number {
  walk.counter += 1;
  return walk.counter;
}

type Unplaced<E> = E extends Placed ? Omit<E, 'id' | 'span' | 'text' | 'frames'> : never;

/** Adds an event at `node`. Gives its id. `text` where the node's own would not say enough. */
export function emit(walk: Walk, node: ts.Node, event: Unplaced<Event>, text?: string): EventId {
  const id = walk.events.length;
  if (id >= MOST_EVENTS) return id - 1;
  const placed = { ...event, id, span: spanOf(walk.file.tree, node), text: text ?? oneLine(walk.file.tree, node), frames: walk.frames };
  walk.events.push(placed);
  return id;
}

/** Runs `inside` with one more level of nesting. */
export function within<T>(walk: Walk, frame: Frame, inside: () => T): T {
  const outer = walk.frames;
  walk.frames = [...outer, frame];
  try {
    return inside();
  } finally {
    walk.frames = outer;
  }
}

export function copyScope(scope: Scope): Scope {
  return { values: new Map(scope.values), handles: new Map(scope.handles), closures: scope.closures };
}

/** What the names hold where two ways meet. */
export function joinScopes(one: Scope, other: Scope): Scope {
  const values = new Map(one.values);
  for (const [name, value] of other.values) {
    const known = values.get(name);
    values.set(name, known === undefined || known === value ? value : either(known, value));
  }
  return { values, handles: new Map([...one.handles, ...other.handles]), closures: one.closures };
}

export function spanOf(tree: ts.SourceFile, node: ts.Node): Span {
  const start = tree.getLineAndCharacterOfPosition(node.getStart(tree));
  const end = tree.getLineAndCharacterOfPosition(node.getEnd());
  return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

/** The source of a node on one line, at most 200 characters. */
export function oneLine(tree: ts.SourceFile, node: ts.Node): string {
  const start = node.getStart(tree);
  const text = tree.text.slice(start, Math.min(node.getEnd(), start + 600)).replace(/\s+/g, ' ').trim();
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

export function isFunctionNode(node: ts.Node): node is FunctionNode {
  return (
    syntax.isFunctionDeclaration(node) ||
    syntax.isFunctionExpression(node) ||
    syntax.isArrowFunction(node) ||
    syntax.isMethodDeclaration(node) ||
    syntax.isConstructorDeclaration(node) ||
    syntax.isGetAccessor(node) ||
    syntax.isSetAccessor(node)
  );
}

/** A function written as a value: `() => …` or `function () {…}`. */
export function isCallback(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return syntax.isArrowFunction(node) || syntax.isFunctionExpression(node);
}

export function isAsync(node: FunctionNode): boolean {
  return (syntax.canHaveModifiers(node) && syntax.getModifiers(node)?.some((one) => one.kind === syntax.SyntaxKind.AsyncKeyword)) ?? false;
}

/** Peels what changes nothing at run time: parentheses, `as`, `!`, `satisfies`. */
export function bare(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    syntax.isParenthesizedExpression(inner) ||
    syntax.isAsExpression(inner) ||
    syntax.isNonNullExpression(inner) ||
    syntax.isSatisfiesExpression(inner) ||
    syntax.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}
