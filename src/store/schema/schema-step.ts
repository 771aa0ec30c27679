/** One numbered change of Belay's own database, with its way back. Several statements each; run inside one transaction. */
export interface SchemaStep {
  /** Consecutive, from 1. A step that was released never changes again. */
  readonly number: number;
  readonly name: string;
  readonly up: string;
  /** Undoes `up`. What only the new shape could hold is lost by it. */
  readonly down: string;
}
