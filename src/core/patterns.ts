import { RE2JS, RE2JSException } from 're2js';

/** A pattern a user wrote: matched in linear time whatever it says (RE2 syntax, case-insensitive, found anywhere). */
export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

/** Compiles a user's pattern; the problem in words when it is not RE2. */
export function compilePattern(source: string): Pattern | { readonly problem: string } {
  try {
    const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
    return { source, test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { problem: `not a valid RE2 pattern: ${error.message}` };
  }
}
