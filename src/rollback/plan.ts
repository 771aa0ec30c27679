export interface RollbackPlan {
  readonly status: 'present' | 'vague' | 'placeholder' | 'missing';
}
