/** Fixes for PHP that can be typed in. */
import { describe, expect, it } from '@jest/globals';
import { NO_MODELS } from '../../src/behaviour/models/models.js';
import { incrementInPlace } from '../../src/behaviour/php-idiom.js';
import { staleWrites } from '../../src/behaviour/races.js';
import { readOne } from './read.js';

async function suggestionFor(...lines: readonly string[]): Promise<unknown> {
  const text = ['<?php', 'use App\\Models\\User;', 'function spend($id, $n) {', '    $user = User::find($id);', ...lines, '}'].join('\n');
  const one = await readOne(text, 'spend', 'app/spend.php');
  const [race] = staleWrites(one, NO_MODELS);
  return race === undefined ? 'no race' : incrementInPlace(one, race);
}

describe('an increment in place', () => {
  it.each([
    [['    $user->credits -= $n;', '    $user->save();'], { startLine: 5, endLine: 6, text: "    $user->decrement('credits', $n);" }],
    [['    $user->credits = $user->credits + 5;', '    $user->save();'], { startLine: 5, endLine: 6, text: "    $user->increment('credits', 5);" }],
    [['    $user->credits++;', '    $user->save();'], { startLine: 5, endLine: 6, text: "    $user->increment('credits');" }],
    [["    $user->update(['credits' => $user->credits - $n]);"], { startLine: 5, endLine: 5, text: "    $user->decrement('credits', $n);" }],
  ])('replaces %j', async (lines, expected) => {
    expect(await suggestionFor(...lines)).toEqual(expected);
  });

  it.each([
    [['    $user->credits -= $n;', '    $user->spent_at = now();', '    $user->save();']],
    [['    $user->credits -= max($n, 3);', '    $user->save();']],
    [["    $user->update(['credits' => $user->credits - $n, 'open' => false]);"]],
  ])('is not offered where more is written, or the amount is no simple one: %j', async (lines) => {
    expect(await suggestionFor(...lines)).toBeNull();
  });
});
