import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import { bare } from './walk.js';

/** One step of `root.a.b(x).c(y)`. `call` is null for a plain property. */
export interface Link {
  readonly name: string;
  readonly call: ts.CallExpression | null;
}

/** A call taken apart: `prisma.account.update(…)` is root `prisma`, links account, update(…). */
export interface Chain {
  /** The first name (`prisma`, `this`, `getRepository`), empty when it begins with something else. */
  readonly root: string;
  readonly rootNode: ts.Expression;
  readonly links: readonly Link[];
}

export function chainOf(node: ts.CallExpression): Chain {
  const links: Link[] = [];
  let current: ts.Expression = node;
  let pending: ts.CallExpression | null = null;
  for (;;) {
    current = bare(current);
    if (syntax.isCallExpression(current)) {
      if (pending !== null) links.push({ name: '', call: pending });
      pending = current;
      current = current.expression;
    } else if (syntax.isPropertyAccessExpression(current)) {
      links.push({ name: current.name.text, call: pending });
      pending = null;
      current = current.expression;
    } else if (syntax.isElementAccessExpression(current)) {
      const key = bare(current.argumentExpression);
      links.push({ name: syntax.isStringLiteralLike(key) ? key.text : '', call: pending });
      pending = null;
      current = current.expression;
    } else break;
  }
  const name = syntax.isIdentifier(current) ? current.text : current.kind === syntax.SyntaxKind.ThisKeyword ? 'this' : current.kind === syntax.SyntaxKind.SuperKeyword ? 'super' : '';
  if (pending !== null) links.push({ name, call: pending });
  return { root: pending === null ? name : '', rootNode: current, links: links.reverse() };
}

/** The chain as a name: `this.prisma.account.update`. Arguments are left out. */
export function calleeOf(chain: Chain): string {
  const names = chain.links.map((link) => link.name).filter((name) => name !== '');
  return [chain.root, ...names].filter((name) => name !== '').join('.');
}

/** Everything before the last link, as a name. */
export function receiverOf(chain: Chain): string {
  const names = chain.links.slice(0, -1).map((link) => link.name).filter((name) => name !== '');
  return [chain.root, ...names].filter((name) => name !== '').join('.');
}
