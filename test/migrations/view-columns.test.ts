/** Which columns a view depends on: a name without a qualifier means the innermost SELECT that has it. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { apply } from '../../src/migrations/apply.js';
import { EMPTY_CATALOG } from '../../src/migrations/catalog.js';
import { readSql } from '../../src/migrations/read-sql.js';

const TABLES = 'CREATE TABLE users (id int, name text); CREATE TABLE posts (id int, name text, user_id int); CREATE TABLE sites (id int, owner int);';

function usesOf(query: string): readonly string[] {
  const catalog = readSql(`${TABLES} CREATE VIEW v AS ${query};`).steps.reduce(apply, EMPTY_CATALOG);
  return [...(catalog.views.get('public.v')?.uses ?? [])].map((each) => each.replace('public.', '')).sort();
}

describe('the columns of a view', () => {
  beforeAll(loadSql);

  it.each<readonly [string, readonly string[]]>([
    ['SELECT * FROM sites', ['sites.id', 'sites.owner']],
    ['SELECT *, (SELECT name FROM users u WHERE s.owner = u.id) FROM sites s', ['sites.id', 'sites.owner', 'users.id', 'users.name']],
    ['SELECT *, (SELECT count(*) FROM posts) FROM sites', ['sites.id', 'sites.owner']],
    ['SELECT (SELECT name FROM users WHERE id = owner) FROM sites', ['sites.owner', 'users.id', 'users.name']],
    ['SELECT u.*, title FROM users u JOIN (SELECT name AS title, user_id FROM posts) p ON p.user_id = u.id', ['posts.name', 'posts.user_id', 'users.id', 'users.name']],
    ['SELECT name FROM users UNION SELECT name FROM posts', ['posts.name', 'users.name']],
    ['SELECT u.name FROM users u JOIN sites USING (id)', ['sites.id', 'users.id', 'users.name']],
  ])('%s', (query, expected) => {
    expect(usesOf(query)).toEqual(expected);
  });
});
