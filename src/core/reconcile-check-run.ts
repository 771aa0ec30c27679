import { externalId } from './external-id.js';
import { CHECK_NAME, type Annotation, type CheckAction, type CheckOutput, type CheckRunWrite, type Publication, type Published, type PublishedCheckRun } from './publication.js';
import type { Conclusion } from './verdict.js';

/** What the host accepts in one request, and the most we send in all: five requests. */
const ANNOTATIONS_PER_WRITE = 50;
export const MAX_ANNOTATIONS = 250;

/** Which run is meant. */
export interface RunSubject {
  readonly published: Published;
  readonly headSha: string;
  /** null for a merge group. */
  readonly pull: number | null;
  readonly rerun: string | null;
}

/** What a concluded run shows. */
export interface Concluded {
  readonly conclusion: Conclusion;
  readonly output: CheckOutput;
  readonly annotations: readonly Annotation[];
  readonly actions: readonly CheckAction[];
}

/**
 * Says that a review has begun, so that the pull request is not mergeable past us. Nothing when a run of this head
 * stands already, unless `restart`: then a concluded one is opened again (the base changed: an old green must not hold).
 */
export function announce(subject: RunSubject, output: CheckOutput, restart = false): Publication {
  const run = runOf(subject);
  if (run !== null && (run.status !== 'completed' || !restart)) return { writes: [] };
  return { writes: [{ ...common(subject, run), status: 'in_progress', conclusion: null, output, annotations: [], actions: [] }] };
}

/**
 * The writes that bring the run to its conclusion; none when it shows exactly that. Annotations that stand already are
 * not sent again, because the host only appends. The conclusion comes with the last batch.
 */
export function checkRunWrites(subject: RunSubject, wanted: Concluded): readonly CheckRunWrite[] {
  const run = runOf(subject);
  const standing = new Set((run?.annotations ?? []).map(keyOf));
  const missing = [...new Map(wanted.annotations.slice(0, MAX_ANNOTATIONS).map((one) => [keyOf(one), one])).values()].filter((one) => !standing.has(keyOf(one)));
  if (run !== null && missing.length === 0 && shows(run, wanted)) return [];
  const batches: (readonly Annotation[])[] = [];
  for (let at = 0; at === 0 || at < missing.length; at += ANNOTATIONS_PER_WRITE) batches.push(missing.slice(at, at + ANNOTATIONS_PER_WRITE));
  return batches.map((annotations, index) => {
    const last = index === batches.length - 1;
    const state = last ? ({ status: 'completed', conclusion: wanted.conclusion } as const) : ({ status: 'in_progress', conclusion: null } as const);
    return { ...common(subject, run), ...state, output: wanted.output, annotations, actions: last ? wanted.actions : [] };
  });
}

/** The run to write to: the one that was asked for anew, else the newest of this head; null when there is none. */
function runOf({ published, pull, rerun }: RunSubject): PublishedCheckRun | null {
  const wanted = rerun === null ? published.checkRuns[0] : published.checkRuns.find((run) => run.externalId === externalId(pull, rerun));
  return wanted ?? null;
}

function common({ headSha, pull, rerun }: RunSubject, run: PublishedCheckRun | null): Pick<CheckRunWrite, 'kind' | 'id' | 'externalId' | 'rerun' | 'name' | 'headSha'> {
  return { kind: 'check-run', id: run?.id ?? null, externalId: run?.externalId ?? externalId(pull, rerun), rerun: rerun !== null, name: CHECK_NAME, headSha };
}

function shows(run: PublishedCheckRun, wanted: Concluded): boolean {
  const { title, summary, text } = wanted.output;
  return run.status === 'completed' && run.conclusion === wanted.conclusion && run.output.title === title && run.output.summary === summary && run.output.text === text;
}

/** What makes two annotations the same. */
export function keyOf(annotation: Annotation): string {
  return JSON.stringify([annotation.path, annotation.startLine, annotation.endLine, annotation.level, annotation.title, annotation.message]);
}
