export interface Step {
  readonly kind: string;
}
