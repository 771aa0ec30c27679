export interface Catalog {
  readonly tables: ReadonlyMap<string, unknown>;
}
