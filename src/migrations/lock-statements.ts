import type { LockStatement } from '../core/lock-report.js';
import { mergeEffects, type LockEffect } from './classify.js';
import type { JudgedMigration, JudgedStep } from './judge-migrations.js';

/** A statement with what all of its steps do together. */
export interface ClassifiedStatement {
  readonly statement: LockStatement;
  readonly effect: LockEffect;
}

/** A migration's statements, both directions, each with what all of its steps do together. */
export function lockStatements(judged: JudgedMigration): readonly LockStatement[] {
  return [...classifiedStatements(judged, 'up').values(), ...classifiedStatements(judged, 'down').values()].map(({ statement }) => statement);
}

/** The statements of one direction by their `statementIndex`. */
export function classifiedStatements(judged: JudgedMigration, direction: LockStatement['direction']): ReadonlyMap<number, ClassifiedStatement> {
  const { path, downPath } = judged.migration;
  return direction === 'up' ? statementsOf(judged.steps, path, 'up') : statementsOf(judged.down, downPath ?? path, 'down');
}

function statementsOf(steps: readonly JudgedStep[], path: string, direction: LockStatement['direction']): ReadonlyMap<number, ClassifiedStatement> {
  const statements = new Map<number, [JudgedStep, ...JudgedStep[]]>();
  for (const one of steps) {
    const known = statements.get(one.step.statementIndex);
    if (known === undefined) statements.set(one.step.statementIndex, [one]);
    else known.push(one);
  }
  return new Map(
    [...statements].map(([index, all]) => {
      const effect = mergeEffects(all.map((one) => one.effect));
      return [index, { statement: statementOf(all, effect, path, direction), effect }];
    }),
  );
}

function statementOf(steps: readonly [JudgedStep, ...JudgedStep[]], effect: LockEffect, path: string, direction: LockStatement['direction']): LockStatement {
  const [first] = steps;
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
