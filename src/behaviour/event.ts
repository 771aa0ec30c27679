export interface FunctionBehaviour {
  readonly path: string;
}
