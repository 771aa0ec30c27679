/** What holds of every program, whatever it does. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Context, Operation, Program } from '../../../src/behaviour/simulate/program.js';
import { replay } from '../../../src/behaviour/simulate/search.js';
import { serialEnds } from '../../../src/behaviour/simulate/serial-ends.js';
import { simulate, type SimulationBounds } from '../../../src/behaviour/simulate/simulate.js';
import { SHAPES } from '../../support/simulate/shapes.js';
import {
  affected, and, atLeast, begin, check, column, commit, context, count, effect, equal, exists, field, given, insert, less, lock, me, minus, not, number, plus, program, read, unlock, update, value, where,
} from '../../support/simulate/write-program.js';

const SMALL: SimulationBounds = { switches: 2, states: 1_500, candidates: 250, kept: 12, total: 6_000 };

const byId = where({ id: given('id') });

/** Reads that decisions and writes can rest on, decisions, writes, effects. */
const fragments: readonly Operation[] = [
  read('a', 'items', byId),
  read('a', 'items', byId, { lock: 'update' }),
  read('b', 'items', where({ state: value('ready') }), { limit: 1 }),
  count('n', 'lines', where({ item: given('id') })),
  check(exists('a')),
  check(atLeast(field('a', 'left'), given('amount'))),
  check(equal(field('a', 'state'), value('ready'))),
  check(less(number('n'), value(2))),
  check(not(exists('b'))),
  update('items', byId, { left: minus(field('a', 'left'), given('amount')) }),
  update('items', byId, { left: minus(column('left'), given('amount')) }),
  update('items', and(byId, atLeast(column('left'), given('amount'))), { left: minus(column('left'), given('amount')) }),
  update('items', where({ id: field('b', 'id') }), { state: value('taken'), owner: me }),
  update('items', byId, { state: value('done') }),
  check(equal(affected('update items'), value(1))),
  insert('lines', { item: given('id') }),
  insert('lines', { item: given('id'), place: plus(number('n'), value(1)) }),
  effect('mail', given('id')),
];

const contexts: fc.Arbitrary<Context> = fc.record({
  engine: fc.constantFrom('postgres' as const, 'innodb' as const),
  isolation: fc.constantFrom('read-committed' as const, 'repeatable-read' as const, 'serializable' as const),
}).map(({ engine, isolation }) => context({ engine, isolation }));

const bodies: fc.Arbitrary<readonly Operation[]> = fc.tuple(fc.array(fc.constantFrom(...fragments), { minLength: 2, maxLength: 6 }), fc.boolean()).map(([operations, inside]) => (inside ? [begin(), ...operations, commit] : operations));

function twice(operations: readonly Operation[]): readonly Program[] {
  const one = program('generated', operations);
  return [one, one];
}

function underOneLock({ operations, name }: Program): Program {
  return program(name, [lock('cluster', value('all'), { as: 'all' }), ...operations, unlock(value('all'))]);
}

describe('one lock around everything', () => {
  it.each(SHAPES.map((shape) => [shape.name, shape] as const))('silences: %s', (_, shape) => {
    expect(simulate(shape.programs.map(underOneLock), shape.context, SMALL).status).not.toBe('witness');
  });

  it('silences whatever is generated', () => {
    fc.assert(fc.property(bodies, contexts, (operations, on) => simulate(twice(operations).map(underOneLock), on, SMALL).status !== 'witness'), { numRuns: 120 });
  });
});

/** The same without locks, conditions beside keys, isolation and unique indexes. */
function unguarded(operations: readonly Operation[]): readonly Operation[] {
  return operations.flatMap((one): readonly Operation[] => {
    if (one.op === 'lock' || one.op === 'unlock') return [];
    if (one.op === 'read') return [{ ...one, lock: 'none', wait: 'block' }];
    return [one];
  });
}

describe('without its guards', () => {
  const guarded = SHAPES.filter(({ expected, programs }) => expected === 'silent' && programs.every(({ operations }) => operations.some((one) => one.op === 'read' && one.aggregate === null) && operations.some((one) => (one.op === 'lock' && !one.tries) || (one.op === 'read' && one.lock !== 'none'))));

  it('there are cases', () => {
    expect(guarded.length).toBeGreaterThan(10);
  });

  it.each(guarded.map((shape) => [shape.name, shape] as const))('races: %s', (_, shape) => {
    const bare = shape.programs.map((one) => program(one.name, unguarded(one.operations)));
    expect(simulate(bare, context({ engine: shape.context.engine, isolation: 'read-committed' })).status).toBe('witness');
  });
});

describe('a witness', () => {
  it('is what its schedule leads to, and no order of whole runs', () => {
    fc.assert(fc.property(bodies, contexts, (operations, on) => {
      const simulated = simulate(twice(operations), on, SMALL);
      if (simulated.status !== 'witness') return true;
      const { witness } = simulated;
      const again = replay(witness, witness.initial, witness.schedule);
      return again !== null && again.world.breaks.length > 0 && !serialEnds(witness, witness.initial)(again.world) && again.happened.length === witness.happened.length;
    }), { numRuns: 120 });
  });

  it('is the same when asked again', () => {
    fc.assert(fc.property(bodies, contexts, (operations, on) => {
      expect(simulate(twice(operations), on, SMALL)).toEqual(simulate(twice(operations), on, SMALL));
    }), { numRuns: 40 });
  });
});

describe('without a state to begin with', () => {
  it('nothing is said: neither run notices the other', () => {
    fc.assert(fc.property(contexts, fc.constantFrom('left', 'state'), (on, name) => {
      const own = where({ owner: me });
      return simulate(twice([read('a', 'items', own), update('items', own, { [name]: value('x') })]), on, SMALL).status === 'not-analysed';
    }));
  });

  it('nothing is said of what writes nothing', () => {
    const reading = fragments.filter((one) => one.op === 'read' || one.op === 'guard');
    fc.assert(fc.property(fc.array(fc.constantFrom(...reading), { minLength: 1, maxLength: 5 }), contexts, (operations, on) => simulate(twice(operations), on, SMALL).status === 'not-analysed'), { numRuns: 60 });
  });
});
