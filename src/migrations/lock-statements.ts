import type { LockStatement } from '../core/lock-report.js';
import { mergeEffects } from './classify.js';
import type { JudgedMigration, JudgedStep } from './judge-migrations.js';

/** A migration's statements, both directions, each with what all of its steps do together. */
export function lockStatements(judged: JudgedMigration): readonly LockStatement[] {
  const { path, downPath } = judged.migration;
  return [...statementsOf(judged.steps, path, 'up'), ...statementsOf(judged.down, downPath ?? path, 'down')];
}

function statementsOf(steps: readonly JudgedStep[], path: string, direction: LockStatement['direction']): LockStatement[] {
  const statements = new Map<number, [JudgedStep, ...JudgedStep[]]>();
  for (const one of steps) {
    const known = statements.get(one.step.statementIndex);
    if (known === undefined) statements.set(one.step.statementIndex, [one]);
    else known.push(one);
  }
  return [...statements.values()].map((all) => statementOf(all, path, direction));
}

function statementOf(steps: readonly [JudgedStep, ...JudgedStep[]], path: string, direction: LockStatement['direction']): LockStatement {
  const [first] = steps;
  const effect = mergeEffects(steps.map((one) => one.effect));
  const opaque = steps.map(({ step }) => step).find((step) => step.kind === 'opaque');
  const whole = first.step.block ?? { statement: first.step.statement, span: first.step.statementSpan };
  const notAnalysed = opaque?.kind === 'opaque' ? opaque.reason : effect.notAnalysed;
  return {
    path,
    line: whole.span.startLine,
    endLine: whole.span.endLine,
    statement: whole.statement,
    direction,
    locks: effect.locks,
    rewrite: effect.rewrite,
    scan: effect.scan,
    class: effect.class,
    inTransaction: first.inTransaction,
    ...(effect.error === undefined ? {} : { error: effect.error }),
    ...(notAnalysed === undefined ? {} : { notAnalysed }),
    source: effect.source,
  };
}
