export interface Migration {
  readonly path: string;
}
