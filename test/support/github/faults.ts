import type { Json } from './world.js';

/**
 * What goes wrong with a request.
 * - `lost`: it is carried out, then the connection is destroyed without an answer.
 * - `late`: the connection is destroyed at once, and it is carried out only after `milliseconds`.
 * - `refused`: the connection is destroyed before anything happens.
 * - `status`: an error; `performed` tells whether the request was carried out first.
 * - `primary-limit`: 403 with no requests left until `seconds` from now.
 * - `secondary-limit`: 403 or 429 with `retry-after`.
 * - `slow`: it is answered after `milliseconds`.
 * - `missing`: 404, as for a commit the read replicas have not seen yet.
 * - `truncated`: the answer's body ends in the middle.
 */
export type FaultKind =
  | { readonly kind: 'lost' }
  | { readonly kind: 'late'; readonly milliseconds: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'status'; readonly status: number; readonly performed: boolean }
  | { readonly kind: 'primary-limit'; readonly seconds: number }
  | { readonly kind: 'secondary-limit'; readonly status: 403 | 429; readonly seconds: number | null }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'truncated' };

/** Which requests a fault is for: all given conditions must hold. */
export interface FaultPattern {
  readonly method?: string;
  /** Matched against the path below the API's root, with its query. */
  readonly path?: RegExp;
  readonly body?: (body: Json) => boolean;
}

export interface FaultPlan {
  readonly on: FaultPattern;
  readonly fault: FaultKind;
  /** How many matching requests go by untouched first; 0 unless told. */
  readonly skip?: number;
  /** How many requests it happens to; 1 unless told. */
  readonly times?: number;
  /** Ends this many milliseconds after it was added. */
  readonly forMilliseconds?: number;
}

export interface Fault {
  readonly plan: FaultPlan;
  skipped: number;
  played: number;
  readonly until: number;
}

/** Makes a plan ready to be played. */
export function armFault(plan: FaultPlan, now: number): Fault {
  return { plan, skipped: 0, played: 0, until: plan.forMilliseconds === undefined ? Infinity : now + plan.forMilliseconds };
}

/** The first fault that applies to a request, counted as played; null when none does. */
export function takeFault(faults: readonly Fault[], request: { readonly method: string; readonly path: string; readonly body: Json }, now: number): FaultKind | null {
  for (const fault of faults) {
    const { on, skip = 0, times = 1 } = fault.plan;
    if (now > fault.until || fault.played >= times) continue;
    if (on.method !== undefined && on.method !== request.method) continue;
    if (on.path !== undefined && !on.path.test(request.path)) continue;
    if (on.body !== undefined && !on.body(request.body)) continue;
    if (fault.skipped < skip) {
      fault.skipped += 1;
      continue;
    }
    fault.played += 1;
    return fault.plan.fault;
  }
  return null;
}
