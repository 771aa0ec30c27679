import { describe, expect, it } from '@jest/globals';
import type { Pull } from '../../src/core/change-set.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { readHotfix } from '../../src/rollback/hotfix.js';

const PULL: Pull = {
  number: 1,
  title: 'Add a button',
  body: '',
  author: 'ada',
  authorIsBot: false,
  draft: false,
  headBranch: 'feature/button',
  baseBranch: 'main',
  fromFork: false,
  labels: [],
  defaultBranch: 'main',
  templates: [],
  commits: [],
};
const settings = defaultConfig().hotfix;

describe('hotfix signals', () => {
  it.each<readonly [string, Partial<Pull>, string]>([
    ['the head branch', { headBranch: 'hotfix/checkout' }, 'head branch `hotfix/checkout`'],
    ['the head branch, another spelling', { headBranch: 'hot-fix-checkout' }, 'head branch'],
    ['a fix of production', { headBranch: 'fix/prod-checkout' }, 'head branch'],
    ['the title', { title: '[HOTFIX] checkout' }, 'title starts with "[HOTFIX]"'],
    ['a conventional title', { title: 'hotfix(cart): totals' }, 'title starts with'],
    ['an ambulance', { title: '🚑 checkout' }, 'title starts with'],
    ['a label', { labels: ['P0'] }, 'label `P0`'],
    ['the base branch', { baseBranch: 'production' }, 'base branch `production`'],
    ['a release branch', { baseBranch: 'release/2.4' }, 'base branch `release/2.4`'],
    ['a branch with dots', { headBranch: 'hotfix.1.2.3' }, 'head branch'],
    ['a title without a colon', { title: 'Hotfix NaN in the cart' }, 'title starts with'],
    ['a title behind a ticket', { title: 'PAY-12: [hotfix] NaN' }, 'title starts with'],
    ['a shortcode', { title: ':ambulance: NaN in the cart' }, 'title starts with'],
    ['a merge that the fix is about', { title: 'Hotfix: merge discounts into main total', headBranch: 'nan' }, 'title starts with'],
    ['a branch that hotfixes are deployed from', { title: 'Hotfix branch for the form timeout', headBranch: 'form-timeout', baseBranch: 'hotfix-deploy' }, 'base branch `hotfix-deploy`'],
    ['Korean', { title: '긴급 결제 수정' }, 'title starts with'],
  ])('%s', (_what, change, evidence) => {
    const signals = readHotfix({ ...PULL, ...change }, settings);
    expect(signals.hotfix).toBe(true);
    expect(signals.evidence.join('\n')).toContain(evidence);
  });

  it.each<readonly [string, Partial<Pull>]>([
    ['an ordinary change', {}],
    ['the back-merge of a hotfix', { title: 'Back-merge hotfix/checkout into develop', headBranch: 'hotfix/checkout' }],
    ['a rollback branch kept ready', { title: 'DO NOT MERGE: rollback of checkout', headBranch: 'hotfix/rollback-checkout' }],
    ['a default branch called production', { baseBranch: 'production', defaultBranch: 'production' }],
    ['an incident only mentioned', { body: 'Post-mortem of incident-1234: production was down.' }],
    ['a back-merge in words', { title: 'Merge hotfix/cart back into main', headBranch: 'hotfix/cart' }],
    ['work on hotfix releases', { title: 'Hotfix releases are tagged' }],
    ['an emergency contact', { title: 'Emergency contact form' }],
  ])('not: %s', (_what, change) => {
    expect(readHotfix({ ...PULL, ...change }, settings)).toEqual({ hotfix: false, evidence: [] });
  });

  it('is no hotfix when the title is about the hotfix workflow itself', () => {
    expect(readHotfix({ ...PULL, title: 'Document the hotfix workflow', headBranch: 'docs/hotfix-workflow' }, settings).hotfix).toBe(false);
  });

  it('takes what the configuration adds', () => {
    const added = { branches: ['urgent/**'], titles: ['^asap\\b'], labels: ['now'], bases: ['live-*'] };
    expect(readHotfix({ ...PULL, headBranch: 'urgent/x' }, added).hotfix).toBe(true);
    expect(readHotfix({ ...PULL, title: 'ASAP: x' }, added).hotfix).toBe(true);
    expect(readHotfix({ ...PULL, labels: ['NOW'] }, added).hotfix).toBe(true);
    expect(readHotfix({ ...PULL, baseBranch: 'live-eu' }, added).hotfix).toBe(true);
  });
});
