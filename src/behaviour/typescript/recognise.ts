import type { Span } from '../../core/change-set.js';
import type { ts } from '../../languages/typescript.js';
import type { LockScope, SideEffectKind, Isolation } from '../event.js';
import type { Expression } from '../expression.js';
import type { Query } from '../query.js';
import type { Chain } from './chain.js';
import type { Scope, FileFacts } from './walk.js';

/** What an adapter sees of a call before its arguments are evaluated: names only. */
export interface CallNames {
  readonly chain: Chain;
  /** `this.prisma.account.update`. */
  readonly callee: string;
  /** `this.prisma.account`. */
  readonly receiver: string;
  /** `update`. */
  readonly name: string;
  readonly file: FileFacts;
  readonly scope: Scope;
}

/** The same call with the values of its arguments. */
export interface CallSite extends CallNames {
  readonly node: ts.CallExpression;
  /** Of the last link. */
  readonly values: readonly Expression[];
  /** Of each link, in order; empty for plain properties. */
  readonly linkValues: readonly (readonly Expression[])[];
  /** What the call is made on: a row for `order.save()`. */
  readonly self: Expression;
  /** What a name holds here. */
  valueOf(name: string): Expression;
  /** Fields assigned to a row since it was read, for ORMs that write a changed object back. */
  assigned(row: number): readonly { readonly field: string; readonly value: Expression; readonly span: Span }[];
  /** The row a field of which was assigned last, null when none was. */
  changedRow(): number | null;
  /** The entity a row was read from. */
  entityOfRow(row: number): string | null;
  /** What a row was read on: `prisma`, `session`. */
  handleOfRow(row: number): string | null;
}

/** What a call turned out to be. */
export type Recognition =
  | { readonly is: 'query'; readonly query: Query }
  | { readonly is: 'effect'; readonly effect: SideEffectKind; readonly values: readonly Expression[] }
  | {
      readonly is: 'cache';
      readonly operation: 'get' | 'set' | 'set-if-absent' | 'delete' | 'increment' | 'expire' | 'script';
      readonly key: Expression | null;
      readonly value: Expression | null;
      readonly ttl: Expression | null;
    }
  | { readonly is: 'file'; readonly operation: 'exists' | 'stat' | 'open' | 'read' | 'write' | 'append' | 'delete' | 'rename' | 'mkdir'; readonly file: Expression | null; readonly exclusive: boolean; readonly sync: boolean }
  | { readonly is: 'begin'; readonly isolation: Isolation; readonly handle: string | null }
  | { readonly is: 'end'; readonly outcome: 'commit' | 'rollback' }
  | { readonly is: 'isolation'; readonly isolation: Isolation; readonly handle: string }
  | { readonly is: 'lock'; readonly name: string; readonly key: Expression | null; readonly scope: LockScope; readonly tries: boolean }
  | { readonly is: 'unlock'; readonly name: string }
  /** A row the application made itself, not written yet: `repository.create({…})`, `new Model({…})`. */
  | { readonly is: 'value'; readonly value: Expression };

/**
 * One library's spelling. A constant: `matches` decides by names alone, before any argument is looked at; `read` says what
 * the call does, null when it is none of the library's after all.
 */
export interface Adapter {
  readonly library: string;
  matches(call: CallNames): boolean;
  read(call: CallSite): Recognition | null;
}
