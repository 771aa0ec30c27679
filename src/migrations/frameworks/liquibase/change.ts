import { joinTexts, textFor, type LocatedText } from '../../../languages/located-text.js';
import type { Element } from './element.js';

/** Something that Liquibase sends to the server, or of which that cannot be told. */
export type Sent =
  /** SQL that Liquibase writes for an element, which stands at `start`–`end`. */
  | { readonly kind: 'generated'; readonly sql: string; readonly start: number; readonly end: number }
  /** SQL that the changelog holds itself. */
  | { readonly kind: 'written'; readonly text: LocatedText; readonly together: boolean }
  /** A file of SQL. */
  | { readonly kind: 'file'; readonly path: string; readonly relative: boolean; readonly together: boolean; readonly delimiter: string | null; readonly start: number; readonly end: number }
  | { readonly kind: 'opaque'; readonly reason: string; readonly start: number; readonly end: number };

export function generated(element: Element, sql: string): Sent {
  return { kind: 'generated', sql, start: element.start, end: element.end };
}

export function unreadable(element: Element, reason: string): Sent {
  return { kind: 'opaque', reason, start: element.start, end: element.end };
}

/** SQL with words of Liquibase's own before what the changelog holds. */
export function prefixed(element: Element, before: string, body: LocatedText): Sent {
  return { kind: 'written', text: joinTexts([textFor(before, element.start), body]), together: true };
}
