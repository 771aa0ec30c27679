import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/review/parse-command.js';

describe('reading a command', () => {
  it.each([
    ['/ai-review', { word: 'review' }],
    ['/ai-review review', { word: 'review' }],
    ['Thanks!\n\n/ai-review help', { word: 'help' }],
    ['/ai-review PAUSE', { word: 'pause' }],
    ['/ai-review explain 1a2b3c4', { word: 'explain', finding: '1a2b3c4' }],
    ['/ai-review explain `#1A2B3C4`', { word: 'explain', finding: '1a2b3c4' }],
    ['/ai-review dismiss 1a2b3c4 not reachable', { word: 'dismiss', finding: '1a2b3c4', reason: 'not reachable' }],
    ['/ai-review accept migrations/drop-column -- nothing reads it', { word: 'accept', rule: 'migrations/drop-column', reason: 'nothing reads it' }],
    ['/ai-review override the shop is down', { word: 'override', reason: 'the shop is down' }],
    ['/ai-review tests\r\nplease', { word: 'tests' }],
  ])('%j', (body, command) => {
    expect(parseCommand(body)).toEqual(command);
  });

  it.each([
    ['no command at all', 'LGTM'],
    ['a mention in a sentence', 'You can write /ai-review here.'],
    ['another word', '/ai-reviewer'],
    ['in a code block', '```\n/ai-review override x\n```'],
    ['in an indented block', '    /ai-review override x'],
    ['in a quote', '> /ai-review override x'],
    ['nothing', ''],
  ])('is silent on %s', (_what, body) => {
    expect(parseCommand(body)).toBeNull();
  });

  it.each([
    ['/ai-review foo', 'not a command'],
    ['/ai-review dismiss', 'needs the short id'],
    ['/ai-review dismiss 1a2b3c4', 'needs a reason'],
    ['/ai-review accept', 'needs a rule'],
    ['/ai-review accept migrations/drop-column', 'needs a reason'],
    ['/ai-review override', 'needs a reason'],
    ['/ai-review explain xyz', 'needs the short id'],
  ])('says what is wrong with %j', (body, problem) => {
    expect(parseCommand(body)).toMatchObject({ word: 'wrong', problem: expect.stringContaining(problem) as unknown });
  });

  it('does not carry markup of the author into its answer', () => {
    expect(JSON.stringify(parseCommand('/ai-review @everyone<img>'))).not.toMatch(/@everyone|<img>/);
  });
});
