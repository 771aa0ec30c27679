import type { Annotation, CheckRunWrite } from '../core/publication.js';
import { keyOf } from '../core/reconcile-check-run.js';
import type { Carrier } from './carrier.js';
import { knownRun, type KnownRun } from './memory.js';
import { readAnnotations, readCheckRuns } from './published.js';
import { sendOnce } from './send-once.js';

/** Creates or updates the run that is meant. Two pull requests with one head share it, so this is done one at a time. */
export async function carryOutCheckRun(carrier: Carrier, write: CheckRunWrite, signal: AbortSignal): Promise<void> {
  await carrier.exclusively(nameOf(carrier, write.headSha), async () => {
    const run = await runFor(carrier, write);
    if (run === null) await create(carrier, write, signal);
    else await update(carrier, write, run, signal);
  });
}

function nameOf({ repo }: Carrier, headSha: string): string {
  return `${repo.owner}/${repo.name}@${headSha}`.toLowerCase();
}

/**
 * The run as this job has seen it. It looks again where another job in this process has made one for the same head since.
 */
async function runFor(carrier: Carrier, write: CheckRunWrite): Promise<KnownRun | null> {
  const seen = carrier.memory.runs.get(write.headSha);
  const own = pick(seen ?? [], write);
  if (own !== null) return own;
  const made = pick(carrier.made.get(nameOf(carrier, write.headSha)) ?? [], write);
  return made === null && seen !== undefined ? null : (pick(await readRuns(carrier, write.headSha), write) ?? made);
}

async function readRuns(carrier: Carrier, headSha: string): Promise<readonly KnownRun[]> {
  const runs = (await readCheckRuns(carrier, headSha)).map(knownRun);
  carrier.memory.runs.set(headSha, runs);
  return runs;
}

function pick(runs: readonly KnownRun[], write: CheckRunWrite): KnownRun | null {
  if (write.id !== null) return runs.find((run) => run.id === write.id) ?? null;
  const named = runs.find((run) => run.externalId === write.externalId);
  return named ?? (write.rerun ? null : (runs[0] ?? null));
}

async function create(carrier: Carrier, write: CheckRunWrite, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  await carrier.pace(`${owner}/${repo} check`, signal);
  const reply = await sendOnce(
    carrier,
    () => carrier.client.write('POST /repos/{owner}/{repo}/check-runs', { owner, repo, name: write.name, head_sha: write.headSha, ...fields(write, write.annotations) }, signal),
    async () => pick(await readRuns(carrier, write.headSha), write),
    signal,
  );
  const run = 'found' in reply ? reply.found : knownRun({ id: Number(reply.data.id), externalId: write.externalId, annotations: write.annotations });
  const others = (runs: readonly KnownRun[] | undefined): readonly KnownRun[] => (runs ?? []).filter((other) => other.id !== run.id);
  carrier.memory.runs.set(write.headSha, [run, ...others(carrier.memory.runs.get(write.headSha))]);
  const name = nameOf(carrier, write.headSha);
  carrier.made.set(name, [run, ...others(carrier.made.get(name))]);
}

async function update(carrier: Carrier, write: CheckRunWrite, run: KnownRun, signal: AbortSignal): Promise<void> {
  const { owner, name: repo } = carrier.repo;
  const missing = (): readonly Annotation[] => write.annotations.filter((annotation) => !run.annotations.has(keyOf(annotation)));
  if (write.annotations.length > 0) await carrier.pace(`${owner}/${repo} check`, signal);
  await sendOnce(
    carrier,
    () => carrier.client.write('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { owner, repo, check_run_id: run.id, ...fields(write, missing()) }, signal),
    async () => {
      // Everything but the annotations can be sent twice: so what is looked for is which of them arrived.
      if (write.annotations.length > 0) for (const annotation of await readAnnotations(carrier.client, carrier.repo, run.id)) run.annotations.add(keyOf(annotation));
      return null;
    },
    signal,
  );
  for (const annotation of write.annotations) run.annotations.add(keyOf(annotation));
}

function fields(write: CheckRunWrite, annotations: readonly Annotation[]): object {
  const { title, summary, text } = write.output;
  return {
    external_id: write.externalId,
    status: write.status,
    ...(write.conclusion === null ? {} : { conclusion: write.conclusion }),
    output: { title, summary, text, ...(annotations.length === 0 ? {} : { annotations: annotations.map(annotationFields) }) },
    ...(write.actions.length === 0 ? {} : { actions: write.actions }),
  };
}

function annotationFields(annotation: Annotation): object {
  const { path, startLine, endLine, level, title, message } = annotation;
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, title, message };
}
