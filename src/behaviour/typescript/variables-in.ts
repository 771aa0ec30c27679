import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';

/** Variables of a condition, as written: what a message may quote. */
export function variablesIn(node: ts.Node): readonly string[] {
  const names = new Set<string>();
  const visit = (one: ts.Node): void => {
    if (syntax.isIdentifier(one)) names.add(one.text);
    else if (syntax.isPropertyAccessExpression(one)) {
      names.add(one.getText());
      visit(one.expression);
    } else syntax.forEachChild(one, visit);
  };
  visit(node);
  return [...names];
}
