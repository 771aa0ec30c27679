import { redactAssignments } from './redact-assignments.js';
import { redactKnown, redactPrivateKeys } from './redact-known.js';
import { redactUrlPasswords } from './redact-urls.js';

/** Takes secrets out of what goes to the model and of what comes back. One for each review: numbers mean the same throughout. */
export interface Redactor {
  /**
   * The text with secrets replaced by placeholders such as `«secret:aws#1»`; the same secret always has the same one.
   * Names, structure and the number of lines stay. `path` tells a settings file, where bare values are literals. Time is
   * linear in the text; redacting twice changes nothing.
   */
  redact(text: string, path?: string): string;
  /** How many different secrets were found so far. */
  count(): number;
}

const PLACEHOLDER = /^«secret:[a-z-]{1,20}#\d{1,6}»$/;

export function createRedactor(): Redactor {
  const placeholders = new Map<string, string>();
  const numbers = new Map<string, number>();
  const replace = (kind: string, value: string): string => {
    if (PLACEHOLDER.test(value)) return value;
    const known = placeholders.get(value);
    if (known !== undefined) return known;
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    const placeholder = `«secret:${kind}#${number}»`;
    placeholders.set(value, placeholder);
    return placeholder;
  };
  return {
    redact: (text, path) => {
      const withoutKeys = redactUrlPasswords(redactPrivateKeys(text, replace), replace);
      return redactAssignments(redactKnown(withoutKeys, replace), path ?? null, replace);
    },
    count: () => placeholders.size,
  };
}
