import type { Sighting, Suggestion } from '../../core/finding.js';
import { effectEvidence } from '../describe.js';
import type { StepInContext } from './step-in-context.js';

interface Words {
  readonly symbol: string;
  readonly message: string;
  readonly remedy: string;
  readonly suggestion?: Suggestion | null;
}

/** A sighting at the step's place, with what the server does as its evidence. */
export function sightingAt(input: StepInContext, { symbol, message, remedy, suggestion }: Words): Sighting {
  const { migration, step, effect, held, target } = input;
  const evidence = [effectEvidence(effect, held, target)];
  return { path: migration.path, span: step.span, symbol, message, remedy, evidence, ...(suggestion == null ? {} : { suggestion }) };
}
