import { resolveCommit } from '../git.js';
import { checkRunPayload, checkSuitePayload } from '../payloads.js';
import { Problem, invalid, notFound, refused } from '../problem.js';
import { created, object, objects, ok, paginate, route, text, under, type Answer, type Call, type Need, type Route } from '../route.js';
import { appUser, inBackground, stamp } from '../doing.js';
import type { Annotation, CheckConclusion, CheckRun, CheckStatus, CheckSuite, JsonObject, Repository, World } from '../world.js';
import { annotationView, checkRunView, checkSuiteView, suiteState } from '../views/checks.js';

const READ_CHECKS: Need = [['checks', 'read']];
const WRITE_CHECKS: Need = [['checks', 'write']];

/** The App's suite for a commit, made on first use as GitHub makes it on a push. */
export function suiteFor(world: World, repository: Repository, headSha: string): CheckSuite {
  const existing = [...repository.checkSuites.values()].find((suite) => suite.headSha === headSha && suite.appId === world.app.id);
  if (existing !== undefined) return existing;
  const pull = [...repository.pulls.values()].find((candidate) => candidate.headSha === headSha && candidate.headRepository === repository);
  const suite: CheckSuite = { id: world.nextId(), headSha, headBranch: pull?.headRef ?? null, before: null, createdAt: stamp(world), updatedAt: stamp(world), appId: world.app.id };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

async function createRun(call: Call): Promise<Answer> {
  const { world, repository, body } = call;
  const headSha = text(body, 'head_sha') ?? '';
  const name = text(body, 'name') ?? '';
  if (name.trim() === '') throw invalid('CheckRun', 'name', 'missing_field', 'name is blank');
  if (!/^[0-9a-f]{40}$/.test(headSha) || (await resolveCommit(repository.directory, headSha)) === null) throw refused(`No commit found for SHA: ${headSha}`);
  const run: CheckRun = {
    id: world.nextId(),
    suite: suiteFor(world, repository, headSha),
    appId: world.app.id,
    headSha,
    name,
    externalId: text(body, 'external_id') ?? '',
    detailsUrl: text(body, 'details_url') ?? null,
    status: 'queued',
    conclusion: null,
    startedAt: text(body, 'started_at') ?? stamp(world),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  };
  change(call, run);
  repository.checkRuns.set(run.id, run);
  announce(call, run, 'created', run.status === 'completed');
  return created(checkRunView(world, repository, run));
}

function updateRun(call: Call): Answer {
  const run = runOf(call);
  if (run.appId !== call.world.app.id) throw new Problem(403, `Invalid app_id \`${String(call.world.app.id)}\` - check run can only be modified by the GitHub App that created it.`);
  const before = run.status;
  change(call, run);
  if (run.status === 'completed' && before !== 'completed') announce(call, run, null, true);
  return ok(checkRunView(call.world, call.repository, run));
}

/** Applies the fields of a request to a run, refusing what GitHub refuses before anything changed. */
function change(call: Call, run: CheckRun): void {
  const { body } = call;
  const conclusion = text(body, 'conclusion') as CheckConclusion | 'stale' | undefined;
  const status = (conclusion !== undefined ? 'completed' : text(body, 'status')) as CheckStatus | undefined;
  if (conclusion === 'stale') throw invalid('CheckRun', 'conclusion', 'invalid', 'only GitHub may set stale');
  if (status === 'completed' && conclusion === undefined && run.conclusion === null) throw invalid('CheckRun', 'conclusion', 'missing_field', 'a completed run needs a conclusion');
  const output = object(body['output']);
  const annotations = objects(output?.['annotations']).map(readAnnotation);
  if (annotations.length > 50) throw invalid('CheckRun', 'output.annotations', 'custom', 'at most 50 annotations in a request');
  const actions = body['actions'] === undefined ? run.actions : objects(body['actions']).map((action) => ({ label: text(action, 'label') ?? '', description: text(action, 'description') ?? '', identifier: text(action, 'identifier') ?? '' }));
  if (actions.length > 3) throw invalid('CheckRun', 'actions', 'custom', 'at most 3 actions');
  if (output !== undefined && (text(output, 'summary') ?? '') === '') throw invalid('CheckRun', 'output.summary', 'missing_field', 'an output needs a summary');

  run.name = text(body, 'name') ?? run.name;
  run.externalId = text(body, 'external_id') ?? run.externalId;
  run.detailsUrl = text(body, 'details_url') ?? run.detailsUrl;
  run.startedAt = text(body, 'started_at') ?? run.startedAt;
  run.actions = actions;
  if (output !== undefined) {
    run.title = text(output, 'title') ?? run.title;
    run.summary = text(output, 'summary') ?? run.summary;
    run.text = text(output, 'text') ?? run.text;
    run.annotations.push(...annotations);
  }
  if (status === undefined) return;
  run.status = status;
  run.conclusion = status === 'completed' ? (conclusion ?? run.conclusion) : null;
  run.completedAt = status === 'completed' ? (text(body, 'completed_at') ?? stamp(call.world)) : null;
  run.suite.updatedAt = stamp(call.world);
}

function readAnnotation(value: JsonObject): Annotation {
  const int = (field: string): number | null => (typeof value[field] === 'number' ? value[field] : null);
  const level = text(value, 'annotation_level');
  const [start, end] = [int('start_line'), int('end_line')];
  const path = text(value, 'path') ?? '';
  const message = text(value, 'message') ?? '';
  if (path === '' || message === '' || start === null || end === null) throw invalid('CheckAnnotation', 'path', 'missing_field', 'an annotation needs path, start_line, end_line, annotation_level and message');
  if (level !== 'notice' && level !== 'warning' && level !== 'failure') throw invalid('CheckAnnotation', 'annotation_level', 'invalid', 'annotation_level is unknown');
  if (start < 1 || end < start) throw invalid('CheckAnnotation', 'end_line', 'invalid', 'end_line is before start_line, or a line is below 1');
  if (start !== end && (int('start_column') !== null || int('end_column') !== null)) throw invalid('CheckAnnotation', 'start_column', 'invalid', 'columns only where start_line and end_line are equal');
  if (Buffer.byteLength(message) > 65_536) throw invalid('CheckAnnotation', 'message', 'custom', 'message is over 64 KB');
  if ((text(value, 'title') ?? '').length > 255) throw invalid('CheckAnnotation', 'title', 'custom', 'title is over 255 characters');
  return {
    path,
    start_line: start,
    end_line: end,
    start_column: int('start_column'),
    end_column: int('end_column'),
    annotation_level: level,
    message,
    title: text(value, 'title') ?? null,
    raw_details: text(value, 'raw_details') ?? null,
  };
}

function announce(call: Call, run: CheckRun, first: 'created' | null, completed: boolean): void {
  const { world, repository } = call;
  const sender = appUser(world);
  inBackground(world, async () => {
    if (first !== null) await world.emit('check_run', 'created', await checkRunPayload(world, repository, run, sender, 'created'), repository);
    if (!completed) return;
    await world.emit('check_run', 'completed', await checkRunPayload(world, repository, run, sender, 'completed'), repository);
    if (suiteState(repository, run.suite).status !== 'completed') return;
    await world.emit('check_suite', 'completed', await checkSuitePayload(world, repository, run.suite.id, sender, 'completed'), repository);
  });
}

function runOf(call: Call): CheckRun {
  const run = call.repository.checkRuns.get(Number(call.params['check_run_id']));
  if (run === undefined) throw notFound();
  return run;
}

function suiteOf(call: Call): CheckSuite {
  const suite = call.repository.checkSuites.get(Number(call.params['check_suite_id']));
  if (suite === undefined) throw notFound();
  return suite;
}

function listRuns(call: Call, runs: readonly CheckRun[], path: string): Answer {
  const { query, repository, world } = call;
  const name = query.get('check_name');
  const status = query.get('status');
  const app = query.get('app_id');
  const matching = runs
    .filter((run) => (name === null || run.name === name) && (status === null || run.status === status) && (app === null || String(run.appId) === app))
    .sort((one, other) => other.id - one.id);
  const latest = new Set<string>();
  const shown = (query.get('filter') ?? 'latest') === 'all' ? matching : matching.filter((run) => {
    const key = `${String(run.appId)}\0${run.name}`;
    return latest.has(key) ? false : latest.add(key);
  });
  const views = shown.map((run) => checkRunView(world, repository, run));
  return paginate(call, under(call, path), views, (page) => ({ total_count: views.length, check_runs: page }));
}

async function refSha(call: Call): Promise<string> {
  const ref = call.params['ref'] ?? '';
  const sha = await resolveCommit(call.repository.directory, ref.replace(/^(refs\/)?(heads|tags)\//, ''));
  if (sha === null) throw refused(`No commit found for SHA: ${ref}`);
  return sha;
}

async function listSuites(call: Call): Promise<Answer> {
  const sha = await refSha(call);
  const app = call.query.get('app_id');
  const suites = [...call.repository.checkSuites.values()].filter((suite) => suite.headSha === sha && (app === null || String(suite.appId) === app));
  const views: JsonObject[] = [];
  for (const suite of suites) views.push(await checkSuiteView(call.world, call.repository, suite));
  return paginate(call, under(call, `/commits/${encodeURIComponent(call.params['ref'] ?? '')}/check-suites`), views, (page) => ({ total_count: views.length, check_suites: page }));
}

/** The combined status of a ref. Nobody sets commit statuses here, and GitHub calls a commit without any pending. */
async function combinedStatus(call: Call): Promise<Answer> {
  const sha = await refSha(call);
  const url = `${call.world.api}${under(call, `/commits/${sha}`)}`;
  return ok({ state: 'pending', statuses: [], sha, total_count: 0, repository: {}, commit_url: url, url: `${url}/status` });
}

const RUN = '/repos/{owner}/{repo}/check-runs/{check_run_id}';
const SUITE = '/repos/{owner}/{repo}/check-suites/{check_suite_id}';

/** Endpoints of check runs and suites. */
export const checkRoutes: readonly Route[] = [
  route('POST', '/repos/{owner}/{repo}/check-runs', WRITE_CHECKS, createRun),
  route('GET', RUN, READ_CHECKS, (call) => ok(checkRunView(call.world, call.repository, runOf(call)))),
  route('PATCH', RUN, WRITE_CHECKS, updateRun),
  route('GET', `${RUN}/annotations`, READ_CHECKS, (call) => {
    const run = runOf(call);
    return paginate(call, under(call, `/check-runs/${String(run.id)}/annotations`), run.annotations.map((annotation) => annotationView(call.world, call.repository, run, annotation)));
  }),
  route('GET', '/repos/{owner}/{repo}/commits/{+ref}/check-runs', READ_CHECKS, async (call) => {
    const sha = await refSha(call);
    return listRuns(call, [...call.repository.checkRuns.values()].filter((run) => run.headSha === sha), `/commits/${encodeURIComponent(call.params['ref'] ?? '')}/check-runs`);
  }),
  route('GET', '/repos/{owner}/{repo}/commits/{+ref}/check-suites', READ_CHECKS, listSuites),
  route('GET', '/repos/{owner}/{repo}/commits/{+ref}/status', [['statuses', 'read']], combinedStatus),
  route('GET', SUITE, READ_CHECKS, async (call) => ok(await checkSuiteView(call.world, call.repository, suiteOf(call)))),
  route('GET', `${SUITE}/check-runs`, READ_CHECKS, (call) => {
    const suite = suiteOf(call);
    return listRuns(call, [...call.repository.checkRuns.values()].filter((run) => run.suite === suite), `/check-suites/${String(suite.id)}/check-runs`);
  }),
];
