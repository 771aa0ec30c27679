import { readMarker, type MarkerPlace } from '../core/marker.js';
import { CHECK_NAME, type Annotation, type Published, type PublishedCheckRun, type PublishedComment } from '../core/publication.js';
import type { RepositoryName } from '../core/job.js';
import { allPages, type Client } from './client.js';

/** Who we are on the host. */
export interface Identity {
  readonly appId: number;
  readonly slug: string;
  /** `<slug>[bot]`: the login of our comments. */
  readonly login: string;
}

export interface PublishedReader {
  readonly client: Client;
  readonly repo: RepositoryName;
  readonly identity: () => Promise<Identity>;
  readonly markerKeys: readonly string[];
}

const MAX_COMMENT_PAGES = 30;
const MAX_RUN_PAGES = 5;
const MAX_ANNOTATION_PAGES = 5;
/** Only the newest runs are ever written to. */
const RUNS_WITH_ANNOTATIONS = 3;

/** What we said before: comments that our own app wrote and signed, and our check runs of this head, newest first. */
export async function readPublished(reader: PublishedReader, pull: number | null, headSha: string): Promise<Published> {
  return { comments: pull === null ? [] : await readComments(reader, pull), checkRuns: await readCheckRuns(reader, headSha) };
}

/** Our own inline and file comments, oldest first. */
export async function readComments(reader: PublishedReader, pull: number): Promise<readonly PublishedComment[]> {
  const { client, repo } = reader;
  const { login } = await reader.identity();
  const place: MarkerPlace = { repo, pull };
  const { items } = await allPages(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', { owner: repo.owner, repo: repo.name, pull_number: pull, per_page: 100, page })).data,
    MAX_COMMENT_PAGES,
  );
  return items.flatMap((raw): readonly PublishedComment[] => {
    if (raw.user?.login !== login) return [];
    const marker = readMarker(raw.body, place, reader.markerKeys);
    if (marker?.kind !== 'finding') return [];
    const { fingerprint, ruleId, state } = marker;
    return [{ id: Number(raw.id), fingerprint, ruleId, state, path: raw.path, line: raw.line ?? null, onFile: raw.subject_type === 'file', body: raw.body }];
  });
}

/** Our own check runs of this head, newest first. */
export async function readCheckRuns(reader: PublishedReader, headSha: string): Promise<readonly PublishedCheckRun[]> {
  const { client, repo } = reader;
  const { appId } = await reader.identity();
  const { items } = await allPages(
    async (page) =>
      (await client.read('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { owner: repo.owner, repo: repo.name, ref: headSha, check_name: CHECK_NAME, filter: 'all', per_page: 100, page })).data.check_runs,
    MAX_RUN_PAGES,
  );
  const own = items.filter((run) => run.app?.id === appId && run.name === CHECK_NAME && run.head_sha === headSha).sort((a, b) => Number(b.id) - Number(a.id));
  return Promise.all(
    own.map(async (run, index) => ({
      id: Number(run.id),
      externalId: run.external_id ?? '',
      status: run.status === 'completed' ? ('completed' as const) : run.status === 'in_progress' ? ('in_progress' as const) : ('queued' as const),
      conclusion: run.conclusion,
      output: { title: run.output.title ?? '', summary: run.output.summary ?? '', text: run.output.text ?? '' },
      annotations: run.output.annotations_count > 0 && index < RUNS_WITH_ANNOTATIONS ? await readAnnotations(client, repo, Number(run.id)) : [],
    })),
  );
}

const LEVELS: ReadonlySet<unknown> = new Set(['failure', 'warning', 'notice']);

/** The annotations that a run has already. */
export async function readAnnotations(client: Client, repo: RepositoryName, runId: number): Promise<readonly Annotation[]> {
  const { items } = await allPages(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', { owner: repo.owner, repo: repo.name, check_run_id: runId, per_page: 100, page })).data,
    MAX_ANNOTATION_PAGES,
  );
  return items.map((raw) => ({
    path: raw.path,
    startLine: raw.start_line,
    endLine: raw.end_line,
    level: LEVELS.has(raw.annotation_level) ? (raw.annotation_level as Annotation['level']) : 'notice',
    title: raw.title ?? '',
    message: raw.message ?? '',
  }));
}

/** The keys of the replies we posted in the conversation. */
export async function readReplyKeys(reader: PublishedReader, pull: number): Promise<ReadonlySet<string>> {
  const { client, repo } = reader;
  const { login } = await reader.identity();
  const { items } = await allPages(
    async (page) => (await client.read('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { owner: repo.owner, repo: repo.name, issue_number: pull, per_page: 100, page })).data,
    MAX_COMMENT_PAGES,
  );
  const keys = items.flatMap((raw) => {
    const marker = raw.user?.login === login ? readMarker(raw.body ?? '', { repo, pull }, reader.markerKeys) : null;
    return marker?.kind === 'reply' ? [marker.key] : [];
  });
  return new Set(keys);
}
