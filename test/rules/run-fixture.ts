import type { Change, ChangeSet } from '../../src/core/change-set.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { readConfig } from '../../src/core/read-config.js';
import type { Config } from '../../src/core/config.js';
import { matchesAny } from '../../src/core/globs.js';
import type { History, MergedRange } from '../../src/core/history.js';
import { diffTexts } from '../../src/core/hunks.js';
import { NO_RELEASE_EVIDENCE } from '../../src/core/release-evidence.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { prove } from '../../src/proof/prove.js';
import type { Prove } from '../../src/review/proof-stage.js';
import { review } from '../../src/review/review.js';
import type { ReviewInput, Reviewed } from '../../src/review/review-input.js';
import type { Rule } from '../../src/rules/define-rule.js';
import { openInProcess } from '../support/proof/in-process-engine.js';
import type { Fixture, FixtureFile } from './fixture.js';

const BASE_SHA = 'b'.repeat(40);
const HEAD_SHA = 'a'.repeat(40);
const CONFIG_PATH = '.github/belay.yml';

/** Runs the fixture's migrations on an embedded Postgres. */
const onPostgres: Prove = async (question, signal) => prove(question, { open: async () => openInProcess(), cache: null, signal });

/**
 * Reviews a fixture as any other pull request: the whole pipeline, every rule, no model, the configuration that stands in
 * its base (`.github/belay.yml`), else the default one. Rules that are off by default are turned on for their own fixtures. `more`
 * replaces parts of what it is reviewed with.
 */
export async function runFixture(fixture: Fixture, rules: readonly Rule[], more: Partial<ReviewInput> = {}): Promise<Reviewed> {
  const config = configOf(fixture, rules);
  const own = rules.find(({ id }) => id === fixture.ruleId);
  return review({
    changeSet: changeSetOf(fixture),
    base: snapshotOf(BASE_SHA, fixture.files, ({ before }) => before),
    head: snapshotOf(HEAD_SHA, fixture.files, ({ after }) => after),
    config: own?.level === 'off' ? { ...config, rules: new Map([[own.id, { level: 'warn' }]]) } : config,
    rules,
    notices: [],
    mishaps: [],
    acceptances: [],
    override: null,
    ask: null,
    whyNotAsked: 'fixtures ask no model',
    prompts: new Map(),
    signal: new AbortController().signal,
    history: historyOf(fixture),
    // Booting a database takes a second: only where the fixture's own rule reads nothing else.
    ...(own !== undefined && Object.keys(own.checks).join() === 'proof' ? { prove: onPostgres } : {}),
    ...(fixture.release === null ? {} : { release: async () => Promise.resolve(fixture.release ?? NO_RELEASE_EVIDENCE) }),
    ...more,
  });
}

/** The commits that a fixture says were merged before. */
function historyOf({ merged }: Fixture): History {
  const range = (name: string): MergedRange | null => {
    const known = [...merged.keys()].find((one) => one.startsWith(name));
    return known === undefined ? null : { sha: known, parentSha: `${known}^` };
  };
  return {
    merged: async (sha) => Promise.resolve(range(sha)),
    mergedPull: async (number) => Promise.resolve([range(`#${number}`)].filter((one) => one !== null)),
    changes: async ({ sha }) => Promise.resolve({ changes: (merged.get(sha) ?? []).flatMap(changeOf), unread: [] }),
    tree: async () => Promise.resolve(null),
    objects: async () => Promise.resolve(null),
  };
}

function configOf({ name, files }: Fixture, rules: readonly Rule[]): Config {
  const text = files.find(({ path }) => path === CONFIG_PATH)?.before ?? null;
  if (text === null) return defaultConfig();
  const read = readConfig(text, CONFIG_PATH, { rules });
  if ('problems' in read) throw new Error(`${name}: ${read.problems.map(({ message }) => message).join('; ')}`);
  return read.config;
}

function changeSetOf({ files, pull, unread }: Fixture): ChangeSet {
  const { title, body, author, head, base, labels, template, commits } = pull;
  return {
    repo: { owner: 'octo', name: 'shop' },
    baseSha: BASE_SHA,
    mergeBaseSha: BASE_SHA,
    headSha: HEAD_SHA,
    pull: {
      number: null,
      title,
      body,
      author,
      authorIsBot: false,
      draft: false,
      headBranch: head,
      baseBranch: base,
      fromFork: false,
      labels,
      defaultBranch: 'main',
      templates: template === null ? [] : [template],
      commits,
    },
    changes: files.flatMap(changeOf),
    unread,
  };
}

function changeOf({ path, before, after, status }: FixtureFile): readonly Change[] {
  return status === 'unchanged' ? [] : [{ path, status, before, after, ...diffTexts(before, after) }];
}

function snapshotOf(ref: string, files: readonly FixtureFile[], version: (file: FixtureFile) => string | null): Snapshot {
  const texts = new Map(files.flatMap((file) => {
    const text = version(file);
    return text === null ? [] : [[file.path, text] as const];
  }));
  return {
    ref,
    list: (globs) => Promise.resolve([...texts.keys()].filter(matchesAny(globs)).sort()),
    read: (path) => Promise.resolve(texts.get(path) ?? null),
  };
}
