import type { Span } from '../core/change-set.js';

/**
 * Conditions and values of a function as trees, never as strings, so that a rule or the simulator can compute with them.
 * A variable that holds a pure value is replaced by that value; what is left are parameters, results of events and literals.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  /** A parameter of the function, or a name from outside it. */
  | { readonly kind: 'parameter'; readonly name: string; readonly outer: boolean }
  /** What an event yielded: a row, rows, a number, a response. `name` is the author's variable for it, null where it has none. */
  | { readonly kind: 'result'; readonly event: EventId; readonly name: string | null }
  /** How many rows a write touched. */
  | { readonly kind: 'affected'; readonly event: EventId }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly at: Expression }
  /** A column of the row being matched or written: what the database itself computes with. */
  | { readonly kind: 'column'; readonly name: string }
  /** `this`, `self` or the object the method belongs to. */
  | { readonly kind: 'self' }
  | { readonly kind: 'now' }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
  /** A variable that may hold one of several values, by the branch that was taken. */
  | { readonly kind: 'either'; readonly of: readonly Expression[] }
  | { readonly kind: 'object'; readonly properties: readonly Property[]; readonly spreads: readonly Expression[] }
  | { readonly kind: 'array'; readonly elements: readonly Expression[] }
  | { readonly kind: 'spread'; readonly of: Expression }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  /** A call that is no event of its own. `callee` is written as in the source: `Math.max`, `items.includes`. */
  | { readonly kind: 'call'; readonly callee: string; readonly receiver: Expression | null; readonly arguments: readonly Expression[] }
  /** Anything else. `uses` are the values it depends on. */
  | { readonly kind: 'opaque'; readonly text: string; readonly uses: readonly Expression[] };

/** The place of an event in its function's list. */
export type EventId = number;

export interface Property {
  readonly name: string;
  readonly value: Expression;
  /** Where it is written, for a suggestion. */
  readonly span: Span | null;
}

export type UnaryOperator = 'not' | 'minus' | 'plus' | 'exists' | 'typeof';

export type BinaryOperator =
  | 'and'
  | 'or'
  | 'coalesce'
  | 'equal'
  | 'not-equal'
  | 'less'
  | 'less-or-equal'
  | 'greater'
  | 'greater-or-equal'
  | 'in'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'remainder'
  | 'power'
  | 'concatenate'
  | 'bit';

/** The expressions directly inside one. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'result':
    case 'affected':
    case 'column':
    case 'self':
    case 'now':
      return [];
    case 'field':
    case 'spread':
      return [expression.of];
    case 'index':
      return [expression.of, expression.at];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise];
    case 'either':
      return expression.of;
    case 'object':
      return [...expression.properties.map((property) => property.value), ...expression.spreads];
    case 'array':
      return expression.elements;
    case 'template':
      return expression.parts;
    case 'call':
      return expression.receiver === null ? expression.arguments : [expression.receiver, ...expression.arguments];
    case 'opaque':
      return expression.uses;
  }
}

/** An expression and everything inside it, outermost first. */
export function* walkExpression(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of partsOf(expression)) yield* walkExpression(part);
}
