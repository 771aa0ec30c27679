import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../src/core/config.js';
import { defaultConfig } from '../../src/core/default-config.js';
import { mayCommand, readAsker } from '../../src/review/may-command.js';
import type { Command } from '../../src/review/parse-command.js';
import { HEAD_PULL, pretendHost, pretendRecords, type Known } from '../support/pretend-host.js';

const ACCEPT: Command = { word: 'accept', rule: 'migrations/drop-column', reason: 'x' };
const OVERRIDE: Command = { word: 'override', reason: 'x' };
const REVIEW: Command = { word: 'review' };

interface Situation extends Known {
  readonly login: string;
  readonly permission: Permission;
  readonly pushers?: readonly string[];
  readonly bot?: boolean;
  readonly config?: ReturnType<typeof defaultConfig>;
}

async function ask(command: Command, situation: Situation): Promise<'allowed' | 'refused' | 'ignored'> {
  const host = pretendHost({ ...situation, permissions: { [situation.login]: situation.permission } });
  const asker = await readAsker(host, HEAD_PULL, situation.login, situation.bot ?? false);
  const right = await mayCommand(command, asker, { host, records: pretendRecords(situation.pushers), config: situation.config ?? defaultConfig(), pull: HEAD_PULL });
  return right.allowed ? 'allowed' : right.ignored ? 'ignored' : 'refused';
}

describe('who may say what', () => {
  it.each<readonly [string, Command, Situation, 'allowed' | 'refused' | 'ignored']>([
    ['the author asks for a review without any right', REVIEW, { login: 'ada', permission: 'read' }, 'allowed'],
    ['a stranger asks for a review', REVIEW, { login: 'eve', permission: 'read' }, 'ignored'],
    ['nobody at all', REVIEW, { login: 'eve', permission: 'none' }, 'ignored'],
    ['a bot with write access', REVIEW, { login: 'bot[bot]', permission: 'write', bot: true }, 'ignored'],
    ['a second person accepts', ACCEPT, { login: 'bob', permission: 'write' }, 'allowed'],
    ['the author accepts', ACCEPT, { login: 'ada', permission: 'admin' }, 'refused'],
    ['the author in other letters', ACCEPT, { login: 'ADA', permission: 'admin' }, 'refused'],
    ['a co-author accepts', ACCEPT, { login: 'bob', permission: 'write', participants: { authors: new Set(['ada', 'bob']) } }, 'refused'],
    ['somebody who pushed accepts', ACCEPT, { login: 'bob', permission: 'write', pushers: ['ada', 'bob'] }, 'refused'],
    ['nobody saw who pushed', ACCEPT, { login: 'bob', permission: 'write', pushers: [] }, 'refused'],
    ['a commit of nobody known', ACCEPT, { login: 'bob', permission: 'write', participants: { unknownAuthors: true } }, 'refused'],
    ['an author from outside overrides', OVERRIDE, { login: 'ada', permission: 'read' }, 'ignored'],
    ['triage is not write', ACCEPT, { login: 'bob', permission: 'triage' }, 'refused'],
    ['a single maintainer, where a second person is not asked for', ACCEPT, { login: 'ada', permission: 'admin', config: { ...defaultConfig(), waivers: { secondPerson: false } } }, 'allowed'],
    ['a maintainer overrides', OVERRIDE, { login: 'bob', permission: 'maintain' }, 'allowed'],
    ['the author overrides as maintainer', OVERRIDE, { login: 'ada', permission: 'maintain' }, 'allowed'],
    ['write access does not override', OVERRIDE, { login: 'bob', permission: 'write' }, 'refused'],
    ['a member of the configured team overrides', OVERRIDE, { login: 'bob', permission: 'write', teams: { 'on-call': ['bob'] }, config: { ...defaultConfig(), override: { permission: 'maintain', teams: ['on-call'] } } }, 'allowed'],
  ])('%s', async (_what, command, situation, expected) => {
    expect(await ask(command, situation)).toBe(expected);
  });
});
