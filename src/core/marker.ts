import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RepositoryName } from './job.js';
import type { CommentState } from './publication.js';

/**
 * Hidden marks in our own comments: `<!-- belay:v1:<payload>:<signature> -->`. The signature covers the payload, the
 * repository and the pull request, so a mark copied to another pull request is no mark, and nobody without the key can
 * make one. Only ever trust a mark on a comment that our own app wrote.
 */
export type Marker =
  | { readonly kind: 'finding'; readonly fingerprint: string; readonly ruleId: string; readonly state: CommentState; readonly headSha: string }
  | { readonly kind: 'review'; readonly headSha: string }
  | { readonly kind: 'reply'; readonly key: string }
  | { readonly kind: 'issue'; readonly key: string };

/** Where a mark is valid. */
export interface MarkerPlace {
  readonly repo: RepositoryName;
  readonly pull: number;
}

/** The first key signs; all of them verify, so that a rotated key still knows old comments. */
export type MarkerKeys = readonly [string, ...string[]];

const STATES: ReadonlySet<unknown> = new Set<CommentState>(['open', 'fixed', 'accepted', 'dismissed']);
const PATTERN = /<!-- belay:v1:([A-Za-z0-9_-]{1,600}):([A-Za-z0-9_-]{43}) -->/g;
/** Marks looked at in one text, from its end: more would be an attempt to keep us busy. */
const MAX_CANDIDATES = 8;

/** The mark as it stands in a comment. Ours always comes last, after everything the author wrote. */
export function writeMarker(marker: Marker, place: MarkerPlace, keys: MarkerKeys): string {
  const payload = Buffer.from(JSON.stringify(fields(marker)), 'utf8').toString('base64url');
  return `<!-- belay:v1:${payload}:${sign(payload, place, keys[0]).toString('base64url')} -->`;
}

/** The last mark in the text whose signature is right; null when there is none. */
export function readMarker(text: string, place: MarkerPlace, keys: readonly string[]): Marker | null {
  const candidates = [...text.matchAll(PATTERN)].slice(-MAX_CANDIDATES).reverse();
  for (const [, payload = '', signature = ''] of candidates) {
    const given = Buffer.from(signature, 'base64url');
    if (!keys.some((key) => same(given, sign(payload, place, key)))) continue;
    const marker = parse(payload);
    if (marker !== null) return marker;
  }
  return null;
}

/** The text without anything that looks like a mark, signed or not. */
export function withoutMarkers(text: string): string {
  return text.replace(PATTERN, '').trimEnd();
}

function fields(marker: Marker): readonly string[] {
  if (marker.kind === 'finding') return ['finding', marker.fingerprint, marker.ruleId, marker.state, marker.headSha];
  return marker.kind === 'review' ? ['review', marker.headSha] : [marker.kind, marker.key];
}

function parse(payload: string): Marker | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string')) return null;
  const [kind, first = '', ruleId = '', state, headSha = ''] = value;
  if (kind === 'finding' && value.length === 5 && STATES.has(state)) return { kind, fingerprint: first, ruleId, state: state as CommentState, headSha };
  if (kind === 'review' && value.length === 2) return { kind, headSha: first };
  return (kind === 'reply' || kind === 'issue') && value.length === 2 ? { kind, key: first } : null;
}

function sign(payload: string, place: MarkerPlace, key: string): Buffer {
  const name = `${place.repo.owner}/${place.repo.name}`.toLowerCase();
  return createHmac('sha256', key).update(`belay:v1\n${name}\n${place.pull}\n${payload}`).digest();
}

function same(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
