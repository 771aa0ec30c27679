import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { judgeWholeMigrations } from '../../src/migrations/judge-migrations.js';
import { lockStatements } from '../../src/migrations/lock-statements.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { ADVERSARIAL, type AdversarialCase } from './adversarial-cases.js';

function classesOf({ history, migration, alone }: AdversarialCase): readonly string[] {
  const up = alone === true ? '-- +goose Up\n-- +goose NO TRANSACTION\n' : '-- +goose Up\n';
  const [first, second] = readMigrations(new Map([['db/migrations/1_history.sql', `-- +goose Up\n${history}`], ['db/migrations/2_change.sql', `${up}${migration}`]]));
  if (first === undefined || second === undefined) throw new Error('Both files are migrations.');
  const judged = [...judgeWholeMigrations([first], [second], { target: { engine: 'postgres', version: 15, source: 'test' }, settled: true })];
  return judged.flatMap(lockStatements).map((one) => (one.notAnalysed === undefined ? one.class : 'not analysed'));
}

describe('migrations that are easily judged wrongly', () => {
  beforeAll(loadSql);

  it.each(ADVERSARIAL.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    expect(classesOf(one)).toEqual(one.classes);
  });
});
