export interface HotfixSignals {
  readonly hotfix: boolean;
  readonly evidence: readonly string[];
}
