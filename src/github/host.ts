import type { LRUCache } from 'lru-cache';
import { BelayError } from '../core/errors.js';
import type { Host, HostPull, Participants, ReadLimits } from '../core/host.js';
import type { ChangeSet, Pull } from '../core/change-set.js';
import type { RepositoryName } from '../core/job.js';
import { writeMarker, type MarkerKeys } from '../core/marker.js';
import type { Snapshot } from '../core/snapshot.js';
import { carryOut } from './carry-out.js';
import { readOwnIssue } from './carry-out-issues.js';
import type { Carrier } from './carrier.js';
import type { Client } from './client.js';
import { downloadTree, bytesUpTo, type Fetch } from './download.js';
import { httpFailure, unlessForbidden } from './failures.js';
import { readHostFile } from './host-file.js';
import { createMemory, remember } from './memory.js';
import { participantsOf, readPermission, readPusher, readTeamMember } from './people.js';
import { readPublished, readReplyKeys } from './published.js';
import type { Sources } from './read-change.js';
import { keptChanges, type WholeChanges } from './kept-changes.js';
import { readFiles, readTemplates } from './read-change-set.js';
import { MAX_COMPARED_FILES, readComparison, readPullFiles, type Comparison, type ListedFile } from './read-comparison.js';
import { pullOf, readOpenPulls } from './read-pull.js';
import { readBranchTip, readChangedPaths, readCommitsTouching } from './read-later.js';
import { readMergedAs, readMergedParent, readMergedPull, readTreeName } from './read-merged.js';
import { readObjects, readTreeDifference } from './read-trees.js';
import { readFailedDeployment } from './release/failed-deployment.js';
import { readRelease } from './release/read-release.js';
import { snapshotOf, type Tree, type TreeStore } from './tree-store.js';

/** What a host for one job and one repository is made of. */
export interface HostParts extends Omit<Carrier, 'memory' | 'markerKeys'> {
  readonly client: Client;
  /** Behind a token of its own, minted when it is first used, because few reviews need what it may read. */
  readonly releaseClient: Client;
  readonly repo: RepositoryName;
  readonly markerKeys: MarkerKeys;
  readonly trees: TreeStore;
  readonly fetch: Fetch;
  readonly organisationFile: (path: string) => Promise<string | null>;
  readonly mayOpenIssues: () => Promise<boolean>;
  /** Changes as they were read, by the trees and by what the host lists of them. */
  readonly changes: LRUCache<string, WholeChanges>;
  /** Texts of files at commits, by `<owner>/<name>@<sha>:<path>`: they never change. */
  readonly files: LRUCache<string, string>;
}

/** Single blobs fetched for one change: files that the archive of the tree does not hold. */
const MAX_SINGLE_BLOBS = 50;

/** What one job has read of commits, so that each comparison is asked for once. */
interface Reading {
  readonly parts: HostParts;
  readonly comparisons: Map<string, Promise<Comparison>>;
  /** The host's count of changed files, by `<number>@<head>`. */
  readonly changedFiles: Map<string, number>;
  /** The commits that branches pointed at when this job first saw them. */
  readonly tips: Map<string, string>;
  defaultBranch: string | null;
}

/** The host as one job sees it. What it has read of a commit is kept for the job's duration. */
export function createHost(parts: HostParts): Host {
  const { client, repo } = parts;
  const memory = createMemory();
  const reading: Reading = { parts, comparisons: new Map(), changedFiles: new Map(), tips: new Map(), defaultBranch: null };
  const pull = (number: number): Promise<HostPull> => readPull(reading, number);
  return {
    repo,
    pull,
    openPulls: (headSha) => readOpenPulls(client, repo, headSha),
    defaultBranch: () => readDefaultBranch(reading),
    changeSet: (shown, limits, signal) => readPullChangeSet(reading, shown, limits, signal),
    compare: (baseSha, headSha, shown, limits, signal) => readGroupChangeSet(reading, { baseSha, headSha }, shown, limits, signal),
    mergedParent: (sha, baseSha) => readMergedParent(client, repo, sha, baseSha),
    mergedPull: (number) => readMergedPull(client, repo, number),
    mergedAs: (sha) => readMergedAs(client, repo, sha),
    failedDeployment: (sha, signal) => unlessForbidden(() => readFailedDeployment(parts.releaseClient, repo, sha, signal), null),
    tree: (sha) => readTreeName(client, repo, sha),
    objects: (fromSha, toSha, signal) => readObjects(client, repo, fromSha, toSha, signal),
    branchTip: (branch) => readBranchTip(client, repo, branch),
    commitsTouching: async (path, sinceSha, untilSha) => {
      const { commits } = await comparison(reading, sinceSha, untilSha);
      return readCommitsTouching(client, repo, path, untilSha, new Set(commits.map((commit) => commit.sha)));
    },
    changedPaths: (number) => readChangedPaths(client, repo, number),
    snapshot: (sha, signal) => Promise.resolve(snapshotAt(parts, sha, signal)),
    file: (path, ref) => readFileAt(parts, path, ref),
    organisationFile: parts.organisationFile,
    participants: async (number) => participantsIn(reading, await pull(number)),
    release: async (shown, signal) => readRelease(parts.releaseClient, repo, shown, await participantsIn(reading, shown), signal),
    permission: (login) => readPermission(client, repo, login),
    teamMember: (team, login) => unlessForbidden(() => readTeamMember(client, repo.owner, team, login), false),
    pusher: (shown) => (shown.fromFork ? Promise.resolve(null) : unlessForbidden(() => readPusher(client, repo, shown.headBranch, shown.headSha), null)),
    published: async (shown, headSha) => {
      const published = await readPublished(parts, shown?.number ?? null, headSha);
      remember(memory, shown?.number ?? null, headSha, published);
      return published;
    },
    replied: async (number, key) => (await readReplyKeys(parts, number)).has(key),
    carryOut: (publication, signal) => carryOut({ ...parts, memory }, publication, signal),
    mayOpenIssues: parts.mayOpenIssues,
    ownIssue: (number, key) => readOwnIssue(parts, number, key),
    sign: (marker, number) => writeMarker(marker, { repo, pull: number }, parts.markerKeys),
  };
}

async function participantsIn(reading: Reading, shown: HostPull): Promise<Participants> {
  const compared = await comparison(reading, shown.baseSha, shown.headSha);
  return participantsOf(shown.author, compared.commits, compared.commitsComplete);
}

function comparison({ parts, comparisons }: Reading, base: string, head: string, signal?: AbortSignal): Promise<Comparison> {
  const key = `${base}...${head}`;
  const known = comparisons.get(key) ?? readComparison(parts.client, parts.repo, base, head, signal);
  comparisons.set(key, known);
  known.catch(() => comparisons.delete(key));
  return known;
}

function openTree({ trees, client, repo, fetch }: HostParts, sha: string, signal: AbortSignal): Promise<Tree> {
  return trees.open(`${repo.owner}/${repo.name}@${sha}`.toLowerCase(), () => downloadTree(client, repo, sha, fetch, signal), signal);
}

function snapshotAt(parts: HostParts, sha: string, signal: AbortSignal): Snapshot {
  return snapshotOf(sha, () => openTree(parts, sha, signal));
}

async function readPull(reading: Reading, number: number): Promise<HostPull> {
  const { client, repo } = reading.parts;
  const { data } = await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}', { owner: repo.owner, repo: repo.name, pull_number: number });
  const shown = pullOf(data);
  reading.defaultBranch = shown.defaultBranch;
  reading.changedFiles.set(`${number}@${shown.headSha}`, data.changed_files);
  if (shown.state !== 'open') return shown;
  const compared = comparison(reading, shown.baseBranch, shown.headSha);
  const { baseSha, commits } = await compared;
  reading.comparisons.set(`${baseSha}...${shown.headSha}`, compared);
  reading.tips.set(shown.baseBranch, baseSha);
  return { ...shown, baseSha, commits };
}

async function readDefaultBranch({ parts: { client, repo }, defaultBranch, tips }: Reading): Promise<{ readonly name: string; readonly sha: string }> {
  const place = { owner: repo.owner, repo: repo.name };
  const name = defaultBranch ?? (await client.read('GET /repos/{owner}/{repo}', place)).data.default_branch;
  const sha = tips.get(name) ?? (await client.read('GET /repos/{owner}/{repo}/branches/{branch}', { ...place, branch: name })).data.commit.sha;
  tips.set(name, sha);
  return { name, sha };
}

async function readFileAt({ client, repo, files }: HostParts, path: string, ref: string): Promise<string | null> {
  if (!/^[0-9a-f]{40}$/.test(ref)) return readHostFile(client, repo, path, ref);
  const key = `${repo.owner}/${repo.name}@${ref}:${path}`;
  const known = files.get(key);
  if (known !== undefined) return known;
  const text = await readHostFile(client, repo, path, ref);
  // That there is none is not kept: the host may not know the commit everywhere yet.
  if (text !== null) files.set(key, text);
  return text;
}

async function readPullChangeSet(reading: Reading, shown: HostPull, limits: ReadLimits, signal: AbortSignal): Promise<ChangeSet> {
  const { parts, changedFiles } = reading;
  const { headSha } = shown;
  const compared = await comparison(reading, shown.baseSha, headSha, signal);
  const { baseSha, mergeBaseSha, commits } = compared;
  const listed = await listPull(parts.client, parts.repo, shown, compared, changedFiles.get(`${shown.number}@${headSha}`) ?? null, signal);
  const { changes, unread, templates } = await keptChanges(parts.changes, { repo: parts.repo, mergeBaseSha, headSha, ...listed, limits }, async () => ({
    ...(await readFiles(listed.files, listed.missing, sourcesOf(parts, mergeBaseSha, headSha, limits, signal), limits, signal)),
    templates: await readTemplates(listed.files, snapshotAt(parts, headSha, signal), snapshotAt(parts, mergeBaseSha, signal)),
  }));
  return { repo: parts.repo, baseSha, mergeBaseSha, headSha, pull: { ...shown, commits, templates }, changes, unread };
}

async function readGroupChangeSet(reading: Reading, shas: { readonly baseSha: string; readonly headSha: string }, shown: Pull, limits: ReadLimits, signal: AbortSignal): Promise<ChangeSet> {
  const { parts } = reading;
  const { headSha } = shas;
  const compared = await comparison(reading, shas.baseSha, headSha, signal);
  const { baseSha, mergeBaseSha, commits } = compared;
  const listed = await listCompared(parts.client, parts.repo, compared, headSha, signal);
  const { changes, unread } = await readFiles(listed.files, listed.missing, sourcesOf(parts, mergeBaseSha, headSha, limits, signal), limits, signal);
  return { repo: parts.repo, baseSha, mergeBaseSha, headSha, pull: { ...shown, commits }, changes, unread };
}

interface Listed {
  readonly files: readonly ListedFile[];
  /** Changed files that the host did not list; Infinity when it does not say how many. */
  readonly missing: number;
}

/** A comparison's own files are bound to the commits; a longer list is the pull request's, so its head is looked at again. */
async function listPull(client: Client, repo: RepositoryName, shown: HostPull, compared: Comparison, expected: number | null, signal: AbortSignal): Promise<Listed> {
  const { listedCount } = compared;
  if (listedCount !== null && listedCount < MAX_COMPARED_FILES && (expected === null || expected <= listedCount)) return { files: compared.files, missing: 0 };
  const listed = await readPullFiles(client, repo, shown.number, signal);
  const now = await client.read('GET /repos/{owner}/{repo}/pulls/{pull_number}', { owner: repo.owner, repo: repo.name, pull_number: shown.number }, signal);
  if (now.data.head.sha !== shown.headSha) throw new BelayError('request', 'The pull request moved on while its files were listed.', { retryAfter: 1000 });
  return { files: listed.files, missing: Math.max(0, now.data.changed_files - listed.listedCount) };
}

async function listCompared(client: Client, repo: RepositoryName, compared: Comparison, headSha: string, signal: AbortSignal): Promise<Listed> {
  if (compared.listedCount !== null && compared.listedCount < MAX_COMPARED_FILES) return { files: compared.files, missing: 0 };
  const { files, complete } = await readTreeDifference(client, repo, compared.mergeBaseSha, headSha, signal);
  return { files, missing: complete ? 0 : Infinity };
}

function sourcesOf(parts: HostParts, mergeBaseSha: string, headSha: string, limits: ReadLimits, signal: AbortSignal): Sources {
  const place = { owner: parts.repo.owner, repo: parts.repo.name };
  let blobs = 0;
  const single = async (fetchOne: () => Promise<Uint8Array | 'too-large'>): Promise<Uint8Array | null | 'too-large' | 'over-budget'> => {
    blobs += 1;
    if (blobs > MAX_SINGLE_BLOBS) return 'over-budget';
    try {
      return await fetchOne();
    } catch (error) {
      const status = httpFailure(error instanceof BelayError ? error.cause : error)?.status;
      if (status === 404 || status === 422 || (error instanceof BelayError && error.scope === 'pull')) return null;
      throw error;
    }
  };
  const raw = 'application/vnd.github.raw+json';
  return {
    head: () => openTree(parts, headSha, signal),
    mergeBase: () => openTree(parts, mergeBaseSha, signal),
    blob: (sha) => single(async () => bytesUpTo(await parts.client.stream('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...place, file_sha: sha }, raw, signal), limits.fileBytes)),
    fileAtMergeBase: (path) => single(async () => bytesUpTo(await parts.client.stream('GET /repos/{owner}/{repo}/contents/{path}', { ...place, path, ref: mergeBaseSha }, raw, signal), limits.fileBytes)),
  };
}
