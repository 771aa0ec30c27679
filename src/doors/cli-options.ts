/** Options that every command that judges something has. */
export interface CommonOptions {
  readonly format: string;
  readonly config?: string;
  readonly strict: boolean;
  readonly color: boolean;
}
