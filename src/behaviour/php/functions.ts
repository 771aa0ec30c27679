import { UNKNOWN } from '../bounded.js';
import type { BinaryOperator, Expression } from '../expression.js';
import { bindTo } from './assign.js';
import { closureOf, runClosure, valuesOf, type CallSite } from './call-site.js';
import { indexOf } from './member.js';
import { variablesIn } from './statements.js';
import { bare, emit, nextId } from './walk.js';
import type { Walk } from './walk.js';

const ASSERTIONS: Readonly<Record<string, boolean>> = { abort_if: true, throw_if: true, abort_unless: false, throw_unless: false };
const ARITHMETIC: Readonly<Record<string, BinaryOperator>> = { bcadd: 'add', bcsub: 'subtract', bcmul: 'multiply', bcdiv: 'divide', bcmod: 'remainder' };
/** Functions that yield what they are given, in another form. */
const SAME = /^(intval|floatval|doubleval|strval|boolval|optional|collect|array_values|array_unique|json_decode|json_encode|serialize|unserialize|clone|iterator_to_array|e|value)$/;
const MATH = /^(round|floor|ceil|abs|max|min)$/;

/** PHP's and Laravel's own functions, and what the classes of dates say of now. null for functions of an application. */
export function functionCall(walk: Walk, site: CallSite): Expression | null {
  if (/^(Carbon|CarbonImmutable|Date)\.(now|today)$/.test(site.callee) && site.arguments.length === 0) return { kind: 'now' };
  if (site.receiver !== undefined || walk.file.functions.has(site.name)) return null;
  return asserted(walk, site) ?? tested(walk, site) ?? computed(walk, site) ?? listed(walk, site);
}

/** `abort_if($order->paid, 409)`: a decision whose other side throws. */
function asserted(walk: Walk, site: CallSite): Expression | null {
  const fails = ASSERTIONS[site.name];
  const [first] = site.arguments;
  if (fails === undefined || first === undefined) return null;
  const test = bare(first);
  const [condition] = valuesOf(walk, site);
  emit(walk, test, { kind: 'guard', branch: nextId(walk), condition: condition ?? UNKNOWN, vars: variablesIn(walk, test), whenTrue: fails ? 'throw' : null, whenFalse: fails ? null : 'throw' });
  return UNKNOWN;
}

function tested(walk: Walk, site: CallSite): Expression | null {
  const { name } = site;
  if (!/^(in_array|empty|isset|is_null|blank|filled|now|today|time|microtime|date|hrtime)$/.test(name)) return null;
  const values = valuesOf(walk, site);
  const [first, second] = values;
  const nothing: Expression = { kind: 'literal', value: null };
  if (first === undefined || name === 'date') return /^(now|today|time|microtime|date|hrtime)$/.test(name) ? { kind: 'now' } : null;
  switch (name) {
    case 'in_array':
      return second === undefined ? null : { kind: 'binary', operator: 'in', left: first, right: second };
    case 'empty':
    case 'blank':
      return { kind: 'unary', operator: 'not', operand: first };
    case 'filled':
      return { kind: 'unary', operator: 'exists', operand: first };
    case 'is_null':
      return { kind: 'binary', operator: 'equal', left: first, right: nothing };
    case 'isset':
      return values.map((one): Expression => ({ kind: 'binary', operator: 'not-equal', left: one, right: nothing })).reduce((left, right) => ({ kind: 'binary', operator: 'and', left, right }));
    default:
      return { kind: 'now' };
  }
}

function computed(walk: Walk, site: CallSite): Expression | null {
  const { name } = site;
  const operator = ARITHMETIC[name];
  if (operator === undefined && !SAME.test(name) && !MATH.test(name) && name !== 'bccomp') return null;
  const values = valuesOf(walk, site);
  const [first, second] = values;
  if (operator !== undefined) return first === undefined || second === undefined ? null : { kind: 'binary', operator, left: first, right: second };
  if (MATH.test(name)) return { kind: 'call', callee: `Math.${name}`, receiver: null, arguments: values };
  return name === 'bccomp' ? { kind: 'call', callee: 'bccomp', receiver: null, arguments: values } : (first ?? null);
}

function listed(walk: Walk, site: CallSite): Expression | null {
  const { name } = site;
  const closure = closureOf(site);
  if (/^(array_map|array_walk|array_filter|usort|array_reduce)$/.test(name) && closure !== undefined) {
    const values = valuesOf(walk, site);
    const list = name === 'array_map' ? values[1] : values[0];
    runClosure(walk, closure, [list === undefined ? UNKNOWN : indexOf(list, UNKNOWN)], 'many');
    return name === 'array_filter' && list !== undefined ? { kind: 'call', callee: 'filter', receiver: null, arguments: [list] } : UNKNOWN;
  }
  if (/^(retry|tap|with|once|rescue|value|throw_if)$/.test(name) && closure !== undefined) {
    const values = valuesOf(walk, site);
    const given = name === 'tap' || name === 'with' ? values[0] : undefined;
    const value = runClosure(walk, closure, given === undefined ? [] : [given], 'once');
    return name === 'tap' ? (given ?? UNKNOWN) : value;
  }
  if (name === 'tap') return valuesOf(walk, site)[0] ?? UNKNOWN;
  if (!/^(array_merge|array_merge_recursive|array_replace|array_push|array_diff|array_filter)$/.test(name)) return null;
  const values = valuesOf(walk, site);
  const [first, ...others] = values;
  if (first === undefined) return null;
  if (name === 'array_diff' || name === 'array_filter') return { kind: 'call', callee: name === 'array_diff' ? 'difference' : 'filter', receiver: null, arguments: values };
  if (name !== 'array_push') return mergedOf(values);
  const target = site.arguments[0];
  const grown: Expression = { kind: 'array', elements: [{ kind: 'spread', of: first }, ...others] };
  if (target !== undefined && bare(target).kind === 'variable_name') bindTo(walk, bare(target), grown);
  return UNKNOWN;
}

/** `array_merge($a, ['k' => 1])` is `[...$a, 'k' => 1]`. */
function mergedOf(values: readonly Expression[]): Expression {
  // Where none is a list, they are documents with keys.
  if (!values.some((one) => one.kind === 'array')) {
    return { kind: 'object', properties: values.flatMap((one) => (one.kind === 'object' ? one.properties : [])), spreads: values.flatMap((one) => (one.kind === 'object' ? one.spreads : [one])) };
  }
  return { kind: 'array', elements: values.flatMap((one) => (one.kind === 'array' ? one.elements : [{ kind: 'spread', of: one } as const])) };
}
