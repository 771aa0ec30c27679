import { isStagingName } from '../core/environment-name.js';
import type { Deployment, ReleaseEvidence } from '../core/release-evidence.js';

/** What the recorded deployments say of the claim that this commit was tried on staging. */
export type StagingProof =
  | { readonly kind: 'proved'; readonly deployment: Deployment }
  /** `why` is a whole clause. */
  | { readonly kind: 'contradicted'; readonly why: string; readonly known: readonly Deployment[] }
  | { readonly kind: 'unverifiable'; readonly why: string };

/** A record this much older than the last push says nothing of how the repository is deployed today. */
const OUTDATED_DAYS = 90;
const DAY = 86_400_000;

/**
 * Compares a claim, in its author's words, with the deployments that the host recorded. A repository that does not record such
 * deployments, or no longer, proves nothing in either direction. null where there is no claim, or the deployments are not known.
 */
export function stagingProof(claim: string | null, release: ReleaseEvidence, headSha: string): StagingProof | null {
  if (claim === null || release.deployments === null) return null;
  const staging = release.deployments.filter((one) => isStagingName(one.environment) || (kindsIn(claim).length > 0 && isMeant(claim, one.environment)));
  const own = staging.filter((one) => one.sha === headSha || one.sameTree === true);
  const good = own.find((one) => one.state === 'success' || one.succeeded === true);
  if (good !== undefined) return { kind: 'proved', deployment: good };
  const meant = staging.filter((one) => isMeant(claim, one.environment));
  const newest = newestOf(meant);
  if (newest === null) return { kind: 'unverifiable', why: staging.length === 0 ? 'this repository has no recorded deployment to staging' : `the recorded deployments are to ${names(staging)}` };
  if (isOutdated(newest, release)) return { kind: 'unverifiable', why: `the newest recorded deployment to ${newest.environment} is from ${newest.at.slice(0, 10)}` };
  const mine = newestOf(own);
  if (mine === null) return { kind: 'contradicted', why: `${headSha.slice(0, 7)} was never deployed to ${names(meant)}: the last one there was ${newest.sha.slice(0, 7)} on ${newest.at.slice(0, 10)}`, known: meant };
  if (mine.state === 'failure') return { kind: 'contradicted', why: `the deployment of ${headSha.slice(0, 7)} to ${mine.environment} failed`, known: own };
  if (mine.state === 'pending') return { kind: 'contradicted', why: `the deployment of ${headSha.slice(0, 7)} to ${mine.environment} has not finished`, known: own };
  return { kind: 'unverifiable', why: `nobody recorded how the deployment of ${headSha.slice(0, 7)} to ${mine.environment} ended` };
}

/** Environments that the words of a claim may name, and what the same are called elsewhere. */
const KINDS: readonly RegExp[] = [/\bst(?:a?gi?ng|age|g)\b/i, /\bpre-?prod(?:uction)?\b/i, /\buat\b|\bacceptance\b/i, /\bqa\b/i, /\bintegration\b/i, /\bpreview\b/i, /\btest(?:ing)?[ -]?(?:env\w*|server|system|cluster)\b|^test(?:ing)?$|testumgebung|测试环境|テスト環境|테스트 ?(?:환경|서버)/iu];

function kindsIn(claim: string): readonly RegExp[] {
  return KINDS.filter((kind) => kind.test(claim));
}

/** Whether the claim may speak of this environment: it names this kind, or none at all. */
function isMeant(claim: string, environment: string): boolean {
  const named = kindsIn(claim);
  const words = environment.replace(/[_\d]+/g, ' ').trim();
  return named.length === 0 || named.some((kind) => kind.test(words));
}

function newestOf(deployments: readonly Deployment[]): Deployment | null {
  return deployments.reduce<Deployment | null>((newest, one) => (newest === null || Date.parse(one.at) > Date.parse(newest.at) ? one : newest), null);
}

function isOutdated(newest: Deployment, { lastPush }: ReleaseEvidence): boolean {
  return lastPush.at !== null && Date.parse(lastPush.at) - Date.parse(newest.at) > OUTDATED_DAYS * DAY;
}

function names(deployments: readonly Deployment[]): string {
  return [...new Set(deployments.map((one) => one.environment))].slice(0, 3).join(', ');
}
