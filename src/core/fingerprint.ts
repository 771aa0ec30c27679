import { createHash } from 'node:crypto';
import type { Finding, Sighting } from './finding.js';
import { commentsOf, commentSyntaxOf } from './comment-syntax.js';
import { dropInvisible } from './plain-text.js';
import type { RuleHeader } from './rule.js';

/**
 * Gives a rule's sightings their names. Hand in all of one rule's sightings in the change, before anything is filtered:
 * equal ones in one file are told apart by their order. A sighting that was made twice is one finding.
 * `texts` holds the files' text at the head.
 */
export function toFindings(rule: RuleHeader, sightings: Iterable<Sighting>, texts: ReadonlyMap<string, string>): Finding[] {
  const distinct = [...new Map([...sightings].map((sighting) => [placeOf(sighting), sighting])).values()];
  const seen = new Map<string, number>();
  const named = new Map<Sighting, string>();
  const codeAt = codeReader(texts);
  for (const sighting of [...distinct].sort(byPlace)) {
    const code = sighting.code ?? codeAt(sighting);
    const key = fingerprint({ rule: rule.id, path: sighting.path, symbol: sighting.symbol, code, ordinal: 0 });
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    named.set(sighting, ordinal === 0 ? key : fingerprint({ rule: rule.id, path: sighting.path, symbol: sighting.symbol, code, ordinal }));
  }
  return distinct.map((sighting) => ({
    ruleId: rule.id,
    title: rule.docs.title,
    path: sighting.path,
    span: sighting.span,
    ...(sighting.related === undefined ? {} : { related: sighting.related }),
    symbol: sighting.symbol,
    message: sighting.message,
    remedy: sighting.remedy,
    evidence: sighting.evidence,
    suggestion: sighting.suggestion ?? null,
    source: rule.id.startsWith('model/') ? 'model' : 'rule',
    fingerprint: named.get(sighting) ?? '',
  }));
}

/** What a finding is recognised by. `ordinal` counts equal ones in one file, from 0. */
export interface Identity {
  readonly rule: string;
  readonly path: string | null;
  readonly symbol: string | null;
  readonly code: string;
  readonly ordinal: number;
}

/** 32 hex digits. White space, comments and line numbers do not count, so moved or reindented code keeps its name. */
export function fingerprint(identity: Identity): string {
  const code = normalCode(identity.code, identity.path ?? '');
  const parts = [identity.rule, identity.path, identity.symbol, code, identity.ordinal];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Code without comments and white space. The path tells the language. */
export function normalCode(code: string, path: string): string {
  let kept = '';
  let offset = 0;
  for (const comment of commentsOf(code, commentSyntaxOf(path))) {
    kept += code.slice(offset, comment.start);
    offset = comment.end;
  }
  kept += code.slice(offset);
  return dropInvisible(kept).replace(/\s+/g, '').normalize('NFC');
}

/** Looks up the code of sightings; each file is split into lines once. */
function codeReader(texts: ReadonlyMap<string, string>): (sighting: Sighting) => string {
  const split = new Map<string, readonly string[]>();
  return ({ path, span }) => {
    const text = path === null ? undefined : texts.get(path);
    if (path === null || text === undefined || span === null) return '';
    const lines = split.get(path) ?? text.split('\n');
    split.set(path, lines);
    return lines.slice(span.startLine - 1, span.endLine).join('\n');
  };
}

function placeOf(sighting: Sighting): string {
  return JSON.stringify([sighting.path, sighting.span, sighting.symbol, sighting.code, sighting.message]);
}

function byPlace(left: Sighting, right: Sighting): number {
  return (left.path ?? '') < (right.path ?? '') ? -1 : (left.path ?? '') > (right.path ?? '') ? 1 : compareSpans(left, right);
}

function compareSpans(left: Sighting, right: Sighting): number {
  return (left.span?.startLine ?? 0) - (right.span?.startLine ?? 0) || (left.span?.startColumn ?? 0) - (right.span?.startColumn ?? 0);
}
