import type { RepositoryName } from '../core/job.js';
import type { FollowUp, Records } from '../core/records.js';
import type { Sql } from '../core/store.js';
import type { Acceptance } from '../core/waiver.js';
import type { Override } from '../core/verdict.js';
import { repoColumn, storable } from './storable.js';

/** A cached value above this many bytes is not kept. */
const CACHED_BYTES = 2_000_000;

/** What people decided and what Belay noted, kept in the store. Repository names and logins are compared without case. */
export function recordsOf(sql: Sql): Records {
  return { ...dismissals(sql), ...acceptances(sql), ...overrides(sql), ...pauses(sql), ...pushers(sql), ...configs(sql), ...followUps(sql), ...cache(sql) };
}

function dismissals(sql: Sql): Pick<Records, 'dismissals' | 'dismiss'> {
  return {
    async dismissals(repo, pull) {
      const rows = await sql.query<{ fingerprint: string }>('SELECT fingerprint FROM belay.dismissals WHERE repo = $1 AND pull = $2', [repoColumn(repo), pull]);
      return new Set(rows.map(({ fingerprint }) => fingerprint));
    },
    async dismiss(repo, pull, fingerprint, by, reason) {
      await sql.query(
        'INSERT INTO belay.dismissals (repo, pull, fingerprint, by_login, reason) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [repoColumn(repo), pull, storable(fingerprint), storable(by), storable(reason)],
      );
    },
  };
}

function acceptances(sql: Sql): Pick<Records, 'acceptances' | 'accept'> {
  return {
    acceptances: (repo, pull, headSha) =>
      sql.query<{ readonly ruleId: string; readonly headSha: string; readonly by: string; readonly reason: string } & Acceptance>(
        `SELECT rule_id AS "ruleId", head_sha AS "headSha", by_login AS "by", reason FROM belay.acceptances
         WHERE repo = $1 AND pull = $2 AND head_sha = $3 ORDER BY at, rule_id, by_login`,
        [repoColumn(repo), pull, headSha],
      ),
    async accept(repo, pull, { ruleId, headSha, by, reason }) {
      await sql.query(
        `INSERT INTO belay.acceptances (repo, pull, head_sha, rule_id, by_login, reason) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (repo, pull, head_sha, rule_id, by_login) DO UPDATE SET reason = excluded.reason`,
        [repoColumn(repo), pull, headSha, storable(ruleId), storable(by), storable(reason)],
      );
    },
  };
}

function overrides(sql: Sql): Pick<Records, 'override' | 'recordOverride'> {
  return {
    async override(repo, pull, headSha) {
      const [row] = await sql.query<{ headSha: string; by: string; reason: string; at: Date }>(
        'SELECT head_sha AS "headSha", by_login AS "by", reason, at FROM belay.overrides WHERE repo = $1 AND pull = $2 AND head_sha = $3',
        [repoColumn(repo), pull, headSha],
      );
      return row === undefined ? null : { ...row, at: row.at.toISOString() };
    },
    async recordOverride(repo, pull, { headSha, by, reason, at }: Override) {
      await sql.query(
        `INSERT INTO belay.overrides (repo, pull, head_sha, by_login, reason, at) VALUES ($1, $2, $3, $4, $5, $6::timestamptz)
         ON CONFLICT (repo, pull, head_sha) DO UPDATE SET by_login = excluded.by_login, reason = excluded.reason, at = excluded.at`,
        [repoColumn(repo), pull, headSha, storable(by), storable(reason), at],
      );
    },
  };
}

function pauses(sql: Sql): Pick<Records, 'paused' | 'setPaused'> {
  return {
    async paused(repo, pull) {
      return (await sql.query('SELECT 1 FROM belay.pauses WHERE repo = $1 AND pull = $2', [repoColumn(repo), pull])).length > 0;
    },
    async setPaused(repo, pull, paused, by) {
      const where = [repoColumn(repo), pull];
      if (paused) await sql.query('INSERT INTO belay.pauses (repo, pull, by_login) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [...where, storable(by)]);
      else await sql.query('DELETE FROM belay.pauses WHERE repo = $1 AND pull = $2', where);
    },
  };
}

function pushers(sql: Sql): Pick<Records, 'pushers' | 'lastPush' | 'recordPusher'> {
  return {
    async pushers(repo, pull) {
      const rows = await sql.query<{ login: string }>('SELECT DISTINCT login FROM belay.pushers WHERE repo = $1 AND pull = $2', [repoColumn(repo), pull]);
      return new Set(rows.map(({ login }) => login));
    },
    async lastPush(repo, pull) {
      const [row] = await sql.query<{ login: string; headSha: string; at: Date }>(
        'SELECT login, head_sha AS "headSha", at FROM belay.pushers WHERE repo = $1 AND pull = $2 ORDER BY at DESC LIMIT 1',
        [repoColumn(repo), pull],
      );
      return row === undefined ? null : { ...row, at: row.at.toISOString() };
    },
    async recordPusher(repo, pull, headSha, login) {
      // A head that is pushed again is the newest once more: what was approved of it before is not counted any longer.
      await sql.query('INSERT INTO belay.pushers (repo, pull, login, head_sha) VALUES ($1, $2, $3, $4) ON CONFLICT (repo, pull, login, head_sha) DO UPDATE SET at = now()', [
        ...[repoColumn(repo), pull, storable(login.toLowerCase()), headSha],
      ]);
    },
  };
}

function configs(sql: Sql): Pick<Records, 'lastValidConfig' | 'recordValidConfig'> {
  return {
    async lastValidConfig(repo: RepositoryName, branch) {
      const [row] = await sql.query<{ content: string }>('SELECT content FROM belay.valid_configs WHERE repo = $1 AND branch = $2', [
        ...[repoColumn(repo), storable(branch)],
      ]);
      return row?.content ?? null;
    },
    async recordValidConfig(repo, branch, text) {
      // The same text again, which is the usual case, writes nothing.
      await sql.query(
        `INSERT INTO belay.valid_configs (repo, branch, content) VALUES ($1, $2, $3)
         ON CONFLICT (repo, branch) DO UPDATE SET content = excluded.content, at = now() WHERE valid_configs.content <> excluded.content`,
        [repoColumn(repo), storable(branch), storable(text)],
      );
    },
  };
}

function followUps(sql: Sql): Pick<Records, 'openFollowUps' | 'recordFollowUp'> {
  return {
    openFollowUps: (repo) =>
      sql.query<FollowUp>(
        `SELECT pull, issue, merged_sha AS "mergedSha", paths, open FROM belay.follow_ups WHERE repo = $1 AND open ORDER BY at DESC LIMIT 10`,
        [repoColumn(repo)],
      ),
    async recordFollowUp(repo, { pull, issue, mergedSha, paths, open }) {
      await sql.query(
        `INSERT INTO belay.follow_ups (repo, pull, issue, merged_sha, paths, open) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
         ON CONFLICT (repo, pull) DO UPDATE SET issue = excluded.issue, open = excluded.open`,
        [repoColumn(repo), pull, issue, mergedSha, JSON.stringify(paths.map(storable)), open],
      );
    },
  };
}

function cache(sql: Sql): Pick<Records, 'cached' | 'cache'> {
  return {
    async cached(key) {
      const [row] = await sql.query<{ content: Uint8Array; stale: boolean }>(
        "SELECT content, used_at < now() - interval '1 hour' AS stale FROM belay.cache WHERE key = $1",
        [storable(key)],
      );
      if (row === undefined) return null;
      if (row.stale) await sql.query('UPDATE belay.cache SET used_at = now() WHERE key = $1', [storable(key)]);
      return Buffer.from(row.content).toString('utf8');
    },
    async cache(key, value) {
      const content = Buffer.from(value, 'utf8');
      if (content.byteLength > CACHED_BYTES) return;
      await sql.query(
        `INSERT INTO belay.cache (key, content, bytes) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET content = excluded.content, bytes = excluded.bytes, used_at = now()`,
        [storable(key), content, content.byteLength],
      );
    },
  };
}
