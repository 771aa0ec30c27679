import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { BinaryOperator } from '../expression.js';

function operators(): ReadonlyMap<ts.SyntaxKind, BinaryOperator> {
  const kind = syntax.SyntaxKind;
  return new Map<ts.SyntaxKind, BinaryOperator>([
    [kind.EqualsEqualsEqualsToken, 'equal'],
    [kind.EqualsEqualsToken, 'equal'],
    [kind.ExclamationEqualsEqualsToken, 'not-equal'],
    [kind.ExclamationEqualsToken, 'not-equal'],
    [kind.LessThanToken, 'less'],
    [kind.LessThanEqualsToken, 'less-or-equal'],
    [kind.GreaterThanToken, 'greater'],
    [kind.GreaterThanEqualsToken, 'greater-or-equal'],
    [kind.PlusToken, 'add'],
    [kind.MinusToken, 'subtract'],
    [kind.AsteriskToken, 'multiply'],
    [kind.SlashToken, 'divide'],
    [kind.PercentToken, 'remainder'],
    [kind.AsteriskAsteriskToken, 'power'],
    [kind.InKeyword, 'in'],
    [kind.AmpersandAmpersandToken, 'and'],
    [kind.BarBarToken, 'or'],
    [kind.QuestionQuestionToken, 'coalesce'],
  ]);
}
let known: ReadonlyMap<ts.SyntaxKind, BinaryOperator> | null = null;

/** The operator of a token, `bit` for what is left. */
export function operatorOf(token: ts.SyntaxKind): BinaryOperator {
  known ??= operators();
  return known.get(token) ?? 'bit';
}
