import type { Verdict } from '../core/verdict.js';

/** The exit codes of every command: see the README. */
export const EXIT = { nothingBlocking: 0, blocking: 1, usage: 2, failed: 3 } as const;

/** What a verdict means for a shell. `warning` goes to stderr. */
export function exitCodeFor(verdict: Verdict, strict: boolean): { readonly code: number; readonly warning: string | null } {
  switch (verdict.conclusion) {
    case 'success':
      return { code: EXIT.nothingBlocking, warning: null };
    case 'failure':
      return { code: EXIT.blocking, warning: null };
    case 'neutral':
      return { code: strict ? EXIT.failed : EXIT.nothingBlocking, warning: `belay: the verdict is neutral: ${verdict.reasons[0] ?? 'part of the review is missing'}` };
    case 'action_required':
      return { code: EXIT.failed, warning: `belay: ${verdict.reasons[0] ?? 'part of the review is missing'}` };
  }
}
