import type { Span } from '../../core/change-set.js';
import type { SyntaxNode } from '../../languages/tree-sitter.js';
import { either, MOST_EVENTS } from '../bounded.js';
import { sameFrame } from '../dominance.js';
import type { Assignment, EntryKind, Event, Frame, Handle, Placed } from '../event.js';
import type { EventId, Expression } from '../expression.js';
import type { Builder } from './builder.js';
import type { ClassFacts, FileFacts } from './file-facts.js';

/** Names (without `$`) and what they hold, at one point of the walk. */
export interface Scope {
  readonly values: Map<string, Expression>;
}

/** A lock that a value stands for: `$lock = Cache::lock('pay', 10)`. */
export interface LockValue {
  readonly name: string;
  readonly key: Expression | null;
  readonly ttl: Expression | null;
}

/** One function being read. The only mutable thing in the room. */
export interface Walk {
  readonly file: FileFacts;
  readonly root: SyntaxNode;
  readonly owner: ClassFacts | null;
  readonly entry: EntryKind | null;
  readonly events: Event[];
  readonly parameters: Set<string>;
  /** Parameters → the class they are declared with. */
  readonly types: ReadonlyMap<string, string>;
  /** Closures whose bodies were walked in place. */
  readonly walked: Set<SyntaxNode>;
  /** `event.relation`, `self.order`, `user` → the read that stands for those rows. */
  readonly derived: Map<string, EventId>;
  /** What a value stands for that is a query being put together, a lock, a prepared statement. */
  readonly builders: WeakMap<Expression, Builder>;
  readonly locks: WeakMap<Expression, LockValue>;
  readonly statements: WeakMap<Expression, Expression>;
  /** Prepared statements → what they yielded when they ran last. */
  readonly ran: WeakMap<Expression, Expression>;
  /** `$em->getRepository(Order::class)` → `Order`. */
  readonly repositories: WeakMap<Expression, string>;
  /** `new Order` that is not saved yet → what it was given. */
  readonly madeRows: WeakMap<Expression, Assignment[]>;
  /** Receivers, as written, on which the function calls what only a row has: `$item->product` of `$item->product->save()`. */
  readonly saved: ReadonlySet<string>;
  /** Whether rows that the function was handed are known as such; not where callers of this file tell their story. */
  readonly handed: boolean;
  frames: readonly Frame[];
  scope: Scope;
  counter: number;
  /** Set while a function of the same file is shown in place of its call. */
  inlined: boolean;
  /** What the body that is being walked returned so far. */
  returns: Expression[];
  evaluate(node: SyntaxNode): Expression;
  statement(node: SyntaxNode): void;
  /** Walks a function's body in place: parameters bound to `values`. Gives what it returns. */
  body(node: SyntaxNode, values: readonly Expression[]): Expression;
}

export function nextId(walk: Walk): number {
  walk.counter += 1;
  return walk.counter;
}

type Unplaced<E> = E extends Placed ? Omit<E, 'id' | 'span' | 'text' | 'frames'> : never;

/** Adds an event at `node`. Gives its id. `text` where the node's own would not say enough. */
export function emit(walk: Walk, node: SyntaxNode, event: Unplaced<Event>, text?: string): EventId {
  const id = walk.events.length;
  if (id >= MOST_EVENTS) return id - 1;
  walk.events.push({ ...event, id, span: spanOf(walk, node), text: text ?? oneLine(walk, node), frames: walk.frames });
  return id;
}

export function resultOf(event: EventId): Expression {
  return { kind: 'result', event, name: null };
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
  return { values: new Map(scope.values) };
}

/** What the names hold where two ways meet. */
export function joinScopes(one: Scope, other: Scope): Scope {
  const values = new Map(one.values);
  for (const [name, value] of other.values) {
    const known = values.get(name);
    values.set(name, known === undefined || known === value ? value : either(known, value));
  }
  return { values };
}

export function spanOf(walk: Walk, node: SyntaxNode): Span {
  return walk.file.tree.lines.span(node.start, node.end);
}

export function written(walk: Walk, node: SyntaxNode): string {
  return walk.file.tree.text.slice(node.start, node.end);
}

/** The source of a node on one line, at most 200 characters. */
export function oneLine(walk: Walk, node: SyntaxNode): string {
  const text = walk.file.tree.text.slice(node.start, Math.min(node.end, node.start + 600)).replace(/\s+/g, ' ').replace(/ ?(->|\?->|::) ?/g, '$1').trim();
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** The transaction that a query runs in: PHP's libraries keep one connection a request, and its queries all join it. */
export function handleOf(walk: Walk, name: string): Handle {
  return { name, transaction: runningTransaction(walk) };
}

/** The innermost transaction that has begun on this way and not ended. */
export function runningTransaction(walk: Walk): number | null {
  const frame = walk.frames.findLast((one) => one.kind === 'transaction');
  if (frame?.kind === 'transaction') return frame.id;
  const passed = (event: Event): boolean => event.frames.every((one) => one.kind === 'transaction' || one.kind === 'inlined' || (one.kind === 'try' && one.part === 'try') || walk.frames.some((other) => sameFrame(one, other)));
  const begun = walk.events.findLast((one) => one.kind === 'tx-begin' && one.style === 'statements' && passed(one));
  if (begun?.kind !== 'tx-begin') return null;
  return walk.events.some((one) => one.kind === 'tx-end' && one.transaction === begun.transaction && passed(one)) ? null : begun.transaction;
}

export function isClosure(node: SyntaxNode): boolean {
  return node.kind === 'anonymous_function' || node.kind === 'arrow_function';
}

/** Peels what changes nothing at run time: parentheses, `@`, casts to another scalar. */
export function bare(node: SyntaxNode): SyntaxNode {
  let inner = node;
  for (;;) {
    const next = inner.kind === 'parenthesized_expression' || inner.kind === 'error_suppression_expression' ? inner.children[0] : inner.kind === 'cast_expression' ? inner.children.find((one) => one.field === 'value') : inner.kind === 'argument' ? inner.children.find((one) => one.field !== 'name') : undefined;
    if (next === undefined) return inner;
    inner = next;
  }
}
