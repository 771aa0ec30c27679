import { describe, expect, it } from '@jest/globals';
import { isProductionName, isStagingName } from '../../src/core/environment-name.js';
import { NO_RELEASE_EVIDENCE, type Deployment, type ReleaseEvidence } from '../../src/core/release-evidence.js';
import { stagingProof } from '../../src/rollback/staging-proof.js';

const HEAD = 'a'.repeat(40);
const OTHER = 'c'.repeat(40);
const CLAIM = 'Tested on staging';
const at = (day: string): string => `2026-03-${day}T10:00:00Z`;
const deployed = (over: Partial<Deployment> = {}): Deployment => ({ sha: HEAD, environment: 'staging', state: 'success', at: at('01'), ...over });
const told = (...deployments: readonly Deployment[]): ReleaseEvidence => ({ ...NO_RELEASE_EVIDENCE, deployments, lastPush: { by: 'ada', at: at('02') } });

describe('the claim that a commit was on staging', () => {
  it.each<readonly [string, ReleaseEvidence, 'proved' | 'contradicted' | 'unverifiable' | undefined]>([
    ['this commit succeeded there', told(deployed()), 'proved'],
    ['it succeeded there and was replaced since', told(deployed({ state: 'inactive', succeeded: true })), 'proved'],
    ['another commit with the very same tree', told(deployed({ sha: OTHER, sameTree: true })), 'proved'],
    ['it failed first and succeeded then', told(deployed({ state: 'failure' }), deployed()), 'proved'],
    ['on another environment of that kind', told(deployed({ environment: 'uat' })), 'proved'],
    ['another commit only', told(deployed({ sha: OTHER })), 'contradicted'],
    ['this commit failed', told(deployed({ state: 'failure' }), deployed({ sha: OTHER })), 'contradicted'],
    ['this commit is on its way', told(deployed({ state: 'pending' })), 'contradicted'],
    ['this commit went to production only', told(deployed({ environment: 'production' })), 'unverifiable'],
    ['nothing was ever deployed', told(), 'unverifiable'],
    ['nobody recorded how it ended', told(deployed({ state: 'unknown' })), 'unverifiable'],
    ['the record ended long ago', told(deployed({ sha: OTHER, at: '2025-08-01T00:00:00Z' })), 'unverifiable'],
    ['the App may not look', NO_RELEASE_EVIDENCE, undefined],
  ])('%s', (_, release, kind) => {
    expect(stagingProof(CLAIM, release, HEAD)?.kind).toBe(kind);
  });

  it('is compared with the environments it names', () => {
    expect(stagingProof('Verified on UAT', told(deployed({ sha: OTHER })), HEAD)).toEqual({ kind: 'unverifiable', why: 'the recorded deployments are to staging' });
    expect(stagingProof('Tested in the preview env', told(deployed({ sha: OTHER })), HEAD)?.kind).toBe('unverifiable');
    expect(stagingProof('Tested in the preview env', told(deployed({ sha: OTHER }), deployed({ environment: 'Preview' })), HEAD)?.kind).toBe('proved');
    expect(stagingProof('已在预发验证', told(deployed({ sha: OTHER })), HEAD)?.kind).toBe('contradicted');
    expect(stagingProof(null, told(deployed({ sha: OTHER })), HEAD)).toBeNull();
  });
});

it('environments are told apart by name', () => {
  expect(['staging', 'Staging EU', 'stg-2', 'pre-production', 'preprod', 'acme_uat', 'QA', 'stage.eu'].filter((name) => !isStagingName(name))).toEqual([]);
  expect(['production', 'prod-eu', 'live', 'preview', 'backstage', 'development', 'qatar'].filter(isStagingName)).toEqual([]);
  expect(['production', 'prod-eu', 'PROD', 'live', 'preprod', 'pre-prod', 'non-prod', 'product'].filter(isProductionName)).toEqual(['production', 'prod-eu', 'PROD', 'live']);
});
