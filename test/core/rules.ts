import type { LevelSetting } from '../../src/core/finding.js';
import type { RuleHeader } from '../../src/core/rule.js';

/** A rule's header for tests of what does not depend on rules. */
export function header(id: RuleHeader['id'], level: LevelSetting): RuleHeader {
  return { id, since: '0.1.0', level, docs: { title: `Title of ${id}`, why: 'It breaks.', remedy: 'Do it otherwise.', references: [{ title: 'Manual', url: 'https://example.com/manual' }] } };
}

export const RULES: readonly RuleHeader[] = [
  header('migrations/index-not-concurrent', 'block'),
  header('migrations/rename', 'block'),
  header('migrations/drop-column', 'warn'),
  header('failures/http-without-timeout', 'warn'),
  header('concurrency/full-save', 'note'),
  header('migrations/style', 'off'),
  header('review/incomplete', 'block'),
  header('model/edge-case', 'warn'),
];
