import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { Expression } from '../expression.js';
import { fieldOf, indexOf } from './member.js';
import { isCallback } from './walk.js';
import { bounded } from '../bounded.js';
import type { Walk } from './walk.js';

/** Gives the names of a pattern (`a`, `{ a, b: c = 1 }`, `[first]`) the parts of `value`. */
export function bindName(walk: Walk, name: ts.BindingName, value: Expression): void {
  if (syntax.isIdentifier(name)) {
    walk.scope.values.set(name.text, named(value, name.text));
    return;
  }
  name.elements.forEach((element, place) => {
    if (syntax.isOmittedExpression(element)) return;
    bindName(walk, element.name, partOf(walk, name, element, place, value));
  });
}

function partOf(walk: Walk, pattern: ts.BindingPattern, element: ts.BindingElement, place: number, value: Expression): Expression {
  if (element.dotDotDotToken !== undefined) return { kind: 'spread', of: value };
  if (syntax.isArrayBindingPattern(pattern)) return indexOf(value, { kind: 'literal', value: place });
  const key = element.propertyName ?? element.name;
  if (syntax.isIdentifier(key) || syntax.isStringLiteral(key)) return fieldOf(walk, value, key.text);
  return { kind: 'opaque', text: '', uses: [value] };
}

/** The author's first name for a result stays with it. */
function named(value: Expression, name: string): Expression {
  return value.kind === 'result' && value.name === null ? { ...value, name } : bounded(value);
}

/** Every name a pattern binds. */
export function namesIn(name: ts.BindingName): readonly string[] {
  if (syntax.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (syntax.isOmittedExpression(element) ? [] : namesIn(element.name)));
}

/** Names of a `let`, `const` or `var` get their values; functions are read on their own. */
export function declare(walk: Walk, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) {
    if (declaration.initializer === undefined) continue;
    if (isCallback(declaration.initializer)) continue;
    bindName(walk, declaration.name, walk.evaluate(declaration.initializer));
  }
}
