import type { Change, LineRange, Span } from './change-set.js';
import type { Sighting } from './finding.js';
import { normalCode } from './fingerprint.js';

/** How much of a function must have been touched for all of it to count as this change's. */
const REWRITTEN_SHARE = 0.3;

/** What is known of a sighting beside itself. */
export interface ScopeContext {
  /** The function it stands in, in the head's version. */
  readonly enclosing?: Span | null;
  /**
   * What the same rule saw in this file at the merge base, as `sightingKey`s; null when it was not asked. A sighting that
   * was not there before belongs to the change even where its lines were not touched: a guard was removed.
   */
  readonly beforeFingerprints: ReadonlySet<string> | null;
}

/**
 * Whether this change is what a sighting is about: one of its lines was touched, or a line of its story, or much of its
 * function; or it was silent before. What stood there all along is not the author's matter today.
 */
export function inScope(sighting: Sighting, change: Change, context: ScopeContext): boolean {
  if (sighting.span === null || change.status === 'added') return true;
  const spans = [sighting.span, ...(sighting.related ?? [])];
  if (spans.some((span) => touchedLines(change.touched, span) > 0)) return true;
  const enclosing = context.enclosing;
  if (enclosing && touchedLines(change.touched, enclosing) >= REWRITTEN_SHARE * (enclosing.endLine - enclosing.startLine + 1)) return true;
  return change.before !== null && context.beforeFingerprints !== null && !context.beforeFingerprints.has(sightingKey(sighting));
}

/** What a sighting is recognised by across two versions of a file: its symbol, or its code where it has none. */
export function sightingKey(sighting: Sighting): string {
  return sighting.symbol === null ? `code ${normalCode(sighting.code ?? '', sighting.path ?? '')}` : `symbol ${sighting.symbol}`;
}

/** How many lines of a span were touched. Ranges may come in any order but do not overlap. */
export function touchedLines(touched: readonly LineRange[], span: Pick<Span, 'startLine' | 'endLine'>): number {
  let count = 0;
  for (const range of touched) count += Math.max(0, Math.min(range.end, span.endLine) - Math.max(range.start, span.startLine) + 1);
  return count;
}

const GENERATED_PATH =
  /(?:^|\/)__generated__\/|\.(?:generated|gen|g|designer)\.[a-z]+$|\.pb\.(?:go|cc|h|ts)$|_pb2(?:_grpc)?\.pyi?$|_pb\.(?:js|d\.ts|rb)$|\.min\.(?:js|css)$|\.(?:js|css)\.map$|\.snap$/i;
const GENERATED_HEADER = /^.{0,20}(?:code generated .{0,200}do not edit|@generated\b|this file (?:is|was) (?:auto-?generated|automatically generated)|auto-?generated (?:file|code|by)\b)/im;
const HEADER_LENGTH = 1500;

/**
 * Whether a file was made by a tool: by its name, or because its version at the merge base says so in its head. A head that
 * came with this very change does not count: it could be there to keep the file from being read.
 */
export function isGenerated(path: string, before: string | null): boolean {
  return GENERATED_PATH.test(path) || (before !== null && GENERATED_HEADER.test(before.slice(0, HEADER_LENGTH)));
}

const VENDORED_PATH =
  /(?:^|\/)(?:node_modules|bower_components|third[_-]party|jspm_packages)\/|^vendor\/|(?:^|\/)vendor\/(?:[\w-]+\.[a-z]+\/|composer\/|bundle\/|modules\.txt$)|^\.yarn\/(?:releases|cache|plugins|sdks)\/|(?:^|\/)(?:Pods|Carthage)\//;

/** Whether a file is a copy of somebody else's code. A folder `vendor` deeper down may well be about vendors. */
export function isVendored(path: string): boolean {
  return VENDORED_PATH.test(path);
}
