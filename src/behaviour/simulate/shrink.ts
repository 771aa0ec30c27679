import type { Operation, Program, Term } from './program.js';

/** Numbers that amounts and limits are compared with become small, so that small states reach them. */
const LARGEST = 2;

/** The same program with small limits: a limit of 2 is exceeded as one of 500 is. */
export function shrunk(program: Program): Program {
  return { ...program, operations: program.operations.map(shrunkOperation) };
}

function shrunkOperation(operation: Operation): Operation {
  switch (operation.op) {
    case 'read':
      return { ...operation, where: smaller(operation.where) };
    case 'write': {
      const set = smallerAll(operation.set);
      const conflict = operation.conflict === null ? null : { ...operation.conflict, update: operation.conflict.update === null ? null : smallerAll(operation.conflict.update) };
      return { ...operation, where: smaller(operation.where), set, conflict };
    }
    case 'guard':
      return { ...operation, condition: smaller(operation.condition) };
    default:
      return operation;
  }
}

function smallerAll(set: Readonly<Record<string, Term>>): Readonly<Record<string, Term>> {
  return Object.fromEntries(Object.entries(set).map(([column, term]) => [column, smaller(term)]));
}

function smaller(term: Term): Term {
  if (term.kind === 'not') return { kind: 'not', of: smaller(term.of) };
  if (term.kind !== 'binary') return term;
  const exact = term.operator === 'equal' || term.operator === 'not-equal' || term.operator === 'and' || term.operator === 'or';
  const side = (one: Term): Term => (exact ? smaller(one) : bounded(smaller(one)));
  return { ...term, left: side(term.left), right: side(term.right) };
}

function bounded(term: Term): Term {
  return term.kind === 'value' && typeof term.value === 'number' && Math.abs(term.value) > LARGEST ? { kind: 'value', value: Math.sign(term.value) * LARGEST } : term;
}
