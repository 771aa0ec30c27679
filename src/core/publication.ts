// Owned by the publication work; see docs/architecture.md, invariant 4.
export interface Publication {
  readonly writes: readonly unknown[];
}
export interface Published {
  readonly comments: readonly unknown[];
}
