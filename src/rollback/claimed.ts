/** What a description claims beside its rollback plan: each the author's own words, cut to 200 characters, or null. */
export interface Claims {
  /** That the change was tried on staging or the like: done, not planned. */
  readonly staging: string | null;
  /** Numbers, a log or trace excerpt, a named metric or dashboard of this incident. */
  readonly observability: string | null;
  /** A gradual rollout with its steps. */
  readonly canary: string | null;
  /** A named switch that turns the change off. */
  readonly flag: string | null;
  /** A link to or the number of an incident. */
  readonly incident: string | null;
}

/** Nothing was claimed, or nothing was read. */
export const NO_CLAIMS: Claims = { staging: null, observability: null, canary: null, flag: null, incident: null };
