import { blockPrinters } from './print/objects.js';
import { tablePrinters } from './print/tables.js';
import type { Step, StepKind, StepOf } from './step.js';

/** One printer per kind of step. */
export type Printers<Kinds extends StepKind = StepKind> = { readonly [Kind in Kinds]: (step: StepOf<Kind>) => string };

const PRINTERS: Printers = { ...tablePrinters, ...blockPrinters };

/**
 * A step as SQL, without a semicolon. A step that was part of a larger statement becomes a statement of its own; what cannot
 * be put together from its parts (queries, function bodies, unknown statements) is the statement as it was written.
 */
export function print(step: Step): string {
  const printer = PRINTERS[step.kind] as (step: Step) => string;
  return printer(step);
}
