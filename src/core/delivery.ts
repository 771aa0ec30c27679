import type { CommandRequest, ReviewRequest } from './records.js';
import type { RepositoryName } from './job.js';

/** One webhook delivery whose signature was checked, as it came: `payload` are the received bytes. */
export interface Delivery {
  /** `X-GitHub-Delivery`: the same when the host delivers it again. */
  readonly id: string;
  /** `X-GitHub-Event`. */
  readonly event: string;
  readonly payload: Uint8Array;
}

/** What a delivery asks for, in Belay's own words. All of it is stored in one transaction, or none of it. */
export interface Translated {
  readonly reviews: readonly ReviewRequest[];
  readonly commands: readonly CommandRequest[];
  readonly pushers: readonly { readonly repo: RepositoryName; readonly pull: number; readonly headSha: string; readonly login: string }[];
}

/** A delivery that asks for nothing. */
export const NOTHING_ASKED: Translated = { reviews: [], commands: [], pushers: [] };
