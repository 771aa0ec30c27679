/** What the simulator says of code shapes that race and of their guarded twins. */
import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../../src/behaviour/simulate/simulate.js';
import { SHAPES, type Shape } from '../../support/simulate/shapes.js';

/** What a shape comes out as, in a word. */
function verdictOf({ programs, context }: Shape): string {
  const simulated = simulate(programs, context);
  return simulated.status === 'witness' ? simulated.witness.broken.kind : simulated.status;
}

describe('a shape of code', () => {
  it.each(SHAPES.map((shape) => [shape.name, shape] as const))('%s', (_, shape) => {
    expect([shape.expected].flat()).toContain(verdictOf(shape));
  });
});
