import { readFileSync } from 'node:fs';
import { loadSql } from '../src/languages/sql.js';
import { differences, refusedByRows } from '../test/support/locks/agree.js';
import { openWorld, type World } from '../test/support/locks/open-world.js';
import { randomTransaction } from '../test/support/locks/generate.js';
import { chance } from '../test/support/locks/random.js';
import { randomWorld } from '../test/support/locks/world.js';
import { startPostgres } from '../test/support/postgres/start-postgres.js';
import { unpackBinaries } from '../test/support/postgres/postgres-binaries.js';

const [major = '17', seedText = '1', worldsText = '5', perWorldText = '200', show = '40'] = process.argv.slice(2);
const root = `/tmp/mig-effects/pg/node_modules/pg${major}`;
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
await loadSql();
const server = await startPostgres({ binaries: await unpackBinaries(root, version) });
const counts = new Map<string, number>();
let shown = 0;
let planned = 0;
// Where the server may read a table by an index or not at all, as its planner and the rows would have it.
const PLANNED = /^(?:select|insert|update|delete|with|merge|table)\b|\breferences\b|validate constraint/i;
let total = 0, agreed = 0, errorsSeen = 0, missed = 0, byRows = 0, singles = 0, singlesAgreed = 0;
for (let world = 0; world < Number(worldsText); world += 1) {
  const random = chance(Number(seedText) * 1000 + world);
  const opened: World = await openWorld(await server.freshDatabase(), randomWorld(random));
  for (let at = 0; at < Number(perWorldText); at += 1) {
    const statements = randomTransaction(random, opened.shape);
    const observed = await opened.observe(statements);
    const effects = opened.model.transaction(statements);
    for (const [index, one] of observed.entries()) {
      const effect = effects[index];
      if (effect === undefined) continue;
      total += 1;
      if (one.error !== null) errorsSeen += 1;
      if (refusedByRows(one) || (one.error !== null && ['42P01', '42704', '42601', '42883'].includes(one.error.code))) { byRows += 1; agreed += 1; continue; }
      const differs = differences(one, effect, opened);
      if (one.error !== null && differs.length > 0) missed += 1;
      if (differs.join() === 'scan' && PLANNED.test(statements[index] ?? '')) { planned += 1; agreed += 1; continue; }
      for (const part of differs) counts.set(part, (counts.get(part) ?? 0) + 1);
      if (index === 0 && one.error === null) { singles += 1; if (differs.length === 0) singlesAgreed += 1; }
      if (differs.length === 0) { agreed += 1; continue; }
      if (shown < Number(show) && (process.env['ERR'] === '1') === (one.error !== null)) {
        shown += 1;
        console.log(`\n[${differs.join(', ')}] world ${world}\n  ${statements.slice(0, index + 1).join(';\n  ')}`);
        const short: Record<string, string> = { AccessShareLock: 'AS', RowShareLock: 'RS', RowExclusiveLock: 'RX', ShareUpdateExclusiveLock: 'SUX', ShareLock: 'S', ShareRowExclusiveLock: 'SRX', ExclusiveLock: 'X', AccessExclusiveLock: 'AX' };
        const text = (x: typeof one | typeof effect): string => (x.error !== undefined && x.error !== null ? `ERROR ${typeof x.error === 'string' ? x.error : `${x.error.code} ${x.error.message}`} ` : '') + [...Object.entries(x.locks).sort().map(([k, m]) => `${k}:${short[m] ?? m}`), ...x.rewrite.map((k) => `W(${k})`), ...x.scan.map((k) => `s(${k})`), ...x.indexRebuild.map((k) => `i(${k})`), x.class].join(' ').replaceAll('public.', '');
        console.log(`  server ${text(one)}\n  model  ${text(effect)}`);
      }
    }
  }
  await opened.close();
}
console.log(`\nPostgres ${version}: ${total} statements, agreed ${agreed} (${((100 * agreed) / total).toFixed(2)} %), refused ${errorsSeen} (${byRows} by rows, missed ${missed}), planner's choice ${planned}; ${[...counts].map(([k, v]) => `${k} ${v}`).join(', ')}; single ok ${singlesAgreed}/${singles}`);
await server.stop();
