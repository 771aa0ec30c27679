import { joinTexts, sliceText, type LocatedText } from '../../../languages/located-text.js';
import type { StepBody } from '../../step.js';
import { CURRENT_SCHEMA, NAME_ENDS, NAME_STARTS, SOME_NUMBER } from './value.js';

/** The text without what matches. */
function without(located: LocatedText, pattern: RegExp): LocatedText {
  const pieces: LocatedText[] = [];
  let copied = 0;
  for (const match of located.text.matchAll(pattern)) {
    pieces.push(sliceText(located, copied, match.index));
    copied = match.index + match[0].length;
  }
  return copied === 0 ? located : joinTexts([...pieces, sliceText(located, copied, located.text.length)]);
}

const SCHEMA_MARK = new RegExp(`"?${CURRENT_SCHEMA}"?\\s*\\.\\s*`, 'g');
const LONE_NUMBER = new RegExp(`(^|[\\s(),;=<>+*/-])${SOME_NUMBER}(?=$|[\\s(),;=<>+*/-])`, 'g');
const NAME_MARKS = new RegExp(`[${NAME_STARTS}${NAME_ENDS}]`, 'g');
const UNKNOWN = new RegExp(`[${SOME_NUMBER}${NAME_STARTS}]`, 'g');

/** The text without the current schema, and with some number where a number stands by itself: neither matters. */
export function withoutIndifferent(located: LocatedText): LocatedText {
  const plain = without(located, SCHEMA_MARK);
  return { text: plain.text.replace(LONE_NUMBER, '$11'), parts: plain.parts };
}

/** The text with its stand-ins as ordinary names and numbers. */
export function readable(located: LocatedText): LocatedText {
  const plain = without(located, NAME_MARKS);
  return { text: plain.text.replaceAll(SOME_NUMBER, '1'), parts: plain.parts };
}

/** How many unknown parts a text, or anything with texts in it, holds. */
export function unknownParts(value: unknown): number {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return (text.match(UNKNOWN) ?? []).length + (text.includes(CURRENT_SCHEMA) ? 1 : 0);
}

/** Names in a step that change nothing of what the step does to relations that exist. */
function indifferentNames(body: StepBody): readonly (string | null)[] {
  switch (body.kind) {
    case 'add-constraint':
      return [body.constraint.name];
    case 'drop-constraint':
    case 'validate-constraint':
    case 'alter-constraint':
      return [body.constraint];
    case 'rename-constraint':
      return [body.constraint, body.to];
    case 'create-index':
      return [body.index];
    case 'create-policy':
    case 'alter-policy':
    case 'drop-policy':
      return [body.policy];
    case 'create-trigger':
    case 'drop-trigger':
    case 'set-trigger':
      return [body.trigger];
    case 'rename-trigger':
      return [body.trigger, body.to];
    case 'create-rule':
    case 'drop-rule':
      return [body.rule];
    case 'create-table':
      return [body.table.name];
    case 'rename-relation':
      return body.relation === 'index' ? [body.table.name, body.to] : [];
    case 'create-schema':
      return [body.schema];
    case 'set-owner':
      return [body.owner];
    default:
      return [];
  }
}

// Statements that do nothing to relations but those that the step names.
const HARMLESS = new Set<StepBody['kind']>(['raw', 'grant', 'comment', 'set-setting']);

/** Whether the unknown parts of a statement are all in names that do not matter, so that the steps say what it does. */
export function partsAreIndifferent(node: unknown, bodies: readonly StepBody[]): boolean {
  if (bodies.every((body) => HARMLESS.has(body.kind) && unknownParts([body]) === 0)) return true;
  return unknownParts(node) === bodies.reduce((sum, body) => sum + unknownParts(indifferentNames(body)), 0);
}
