import type { HostPull } from '../core/host.js';
import type { FollowUp } from '../core/records.js';
import type { Override } from '../core/verdict.js';
import { followUpMarkdown, followUpTitle, openItems, overrideIssueMarkdown, tickedMarkdown } from '../render/follow-up.js';
import { bringsTest, followUpEvidence, followUpItems, type FollowUpEvidence } from '../rollback/follow-up.js';
import { readHotfix } from '../rollback/hotfix.js';
import { trustedConfig } from './trusted-config.js';
import type { Workplace } from './workplace.js';

/** A merged pull request with what it changed. */
interface Merged {
  readonly pull: HostPull;
  readonly sha: string;
  readonly changes: Awaited<ReturnType<Workplace['host']['compare']>>;
}

/**
 * After a merge: ticks what it proves of earlier hotfixes' follow-ups, and opens one for a hotfix. Does nothing where the operator
 * did not grant issues: write. Done twice, it changes nothing the second time.
 */
export async function followUpMerge(place: Workplace, pull: HostPull): Promise<void> {
  const { host, records } = place;
  if (!(await host.mayOpenIssues())) return;
  const waiting = (await records.openFollowUps(host.repo)).filter((one) => one.pull !== pull.number);
  const { config } = await trustedConfig(place, pull.baseBranch);
  const isHotfix = readHotfix(pull, config.hotfix).hotfix;
  if (!isHotfix && waiting.length === 0) return;
  const merged = await readMerged(place, pull);
  if (merged === null) return;
  for (const followUp of waiting) await tick(place, followUp, merged);
  if (isHotfix) await open(place, merged);
}

async function readMerged({ host, limits, signal }: Workplace, pull: HostPull): Promise<Merged | null> {
  const how = await host.mergedPull(pull.number);
  const before = how?.beforeAll ?? how?.parentShas[0];
  if (how === null || before === undefined) return null;
  return { pull, sha: how.sha, changes: await host.compare(before, how.sha, pull, limits, signal) };
}

async function open(place: Workplace, { pull, sha, changes }: Merged): Promise<void> {
  const { host, records, signal } = place;
  const key = `hotfix-${pull.number}`;
  if ((await host.ownIssue(pull.number, key)) === null) {
    const test = bringsTest(changes.changes);
    const lines = followUpItems(pull).map((item) => ({ item, done: item === 'test' && test !== null ? `#${pull.number} brought \`${test.replaceAll('`', '')}\`` : null }));
    const body = `${followUpMarkdown({ ...pull, mergedSha: sha }, lines)}\n\n${host.sign({ kind: 'issue', key }, pull.number)}`;
    await host.carryOut({ writes: [{ kind: 'issue', pull: pull.number, key, title: followUpTitle(pull), body }] }, signal);
  }
  const issue = await host.ownIssue(pull.number, key);
  if (issue === null) return;
  const waits = issue.state === 'open' && openItems(issue.body).length > 0;
  await records.recordFollowUp(host.repo, { pull: pull.number, issue: issue.number, mergedSha: sha, paths: changes.changes.map((change) => change.path).slice(0, 300), open: waits });
  place.log.info({ issue: issue.number, pull: pull.number }, 'a hotfix is followed up');
}

async function tick(place: Workplace, followUp: FollowUp, merged: Merged): Promise<void> {
  const { host, records, signal } = place;
  const standard = await host.defaultBranch();
  const evidence: FollowUpEvidence[] = [
    ...followUpEvidence(followUp, {
      name: `#${merged.pull.number}`,
      text: `${merged.pull.title}\n${merged.pull.body}`,
      changes: merged.changes.changes,
      commitMessages: merged.changes.pull.commits.map((commit) => commit.message),
      onDefault: merged.pull.baseBranch === standard.name,
    }),
  ];
  // Any way to the default branch is one: a merge of the release branch too.
  if (merged.pull.baseBranch === standard.name && (await host.mergedParent(followUp.mergedSha, standard.sha)) !== null) evidence.push({ item: 'back-merge', words: `#${merged.pull.number} brought it to the default branch` });
  if (evidence.length === 0) return;
  const issue = await host.ownIssue(followUp.pull, `hotfix-${followUp.pull}`);
  if (issue === null || issue.state === 'closed') return records.recordFollowUp(host.repo, { ...followUp, open: false });
  const body = evidence.reduce((text, { item, words }) => tickedMarkdown(text, item, words), issue.body);
  if (body !== issue.body) await host.carryOut({ writes: [{ kind: 'edit-issue', issue: issue.number, body }] }, signal);
  if (openItems(body).length === 0) await records.recordFollowUp(host.repo, { ...followUp, open: false });
}

/** Turns an override into an issue where the operator granted that. Gives the sentence about it. */
export async function followUpOverride({ host, signal }: Pick<Workplace, 'host' | 'signal'>, pull: HostPull, override: Override): Promise<string> {
  const nobody = 'No follow-up issue was opened, because Belay was not granted issues: write here: please open one.';
  if (!(await host.mayOpenIssues())) return nobody;
  const key = `override-${pull.number}-${override.headSha.slice(0, 12)}`;
  const body = `${overrideIssueMarkdown({ ...override, number: pull.number })}\n\n${host.sign({ kind: 'issue', key }, pull.number)}`;
  await host.carryOut({ writes: [{ kind: 'issue', pull: pull.number, key, title: `Follow up the override of #${pull.number}`, body }] }, signal);
  const issue = await host.ownIssue(pull.number, key).catch(() => null);
  return issue === null ? nobody.replace('because Belay was not granted issues: write here', 'because this repository takes none') : `It is followed up in #${issue.number}.`;
}
