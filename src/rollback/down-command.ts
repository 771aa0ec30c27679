import type { Change } from '../core/change-set.js';
import type { LoadedFiles } from '../core/snapshot.js';

/** What a file's name or text may say in a command; anything else is left for the author. */
const WORD = /^[\w.-]{1,120}$/;

/**
 * The command that runs the down direction of one migration, as its framework is called; the file to run where it is SQL of
 * a direction of its own; null where there is none that the repository shows.
 */
export function downCommand({ path, after }: Change, files: LoadedFiles, changes: readonly Change[]): string | null {
  const text = (after ?? '').slice(0, 100_000);
  const file = path.split('/').at(-1) ?? path;
  const name = file.replace(/\.\w+$/, '');
  if (!WORD.test(file)) return null;
  if (/\.rb$/.test(file)) return version(/^(\d{8,})_/.exec(file)?.[1], (number) => `bin/rails db:migrate:down VERSION=${number}`);
  if (/\.py$/.test(file) && /\bdown_revision\b/.test(text)) return version(/^down_revision\b[^=\n]*=\s*["']([\w-]+)["']/m.exec(text)?.[1], (revision) => `alembic downgrade ${revision}`);
  if (/\.py$/.test(file)) return django(text);
  if (/\.php$/.test(file)) return files.has('artisan') ? `php artisan migrate:rollback --path=${path}` : null;
  if (/\.exs$/.test(file)) return version(/^(\d{8,})_/.exec(file)?.[1], (number) => `mix ecto.rollback -v ${number}`);
  if (/\.[cm]?[jt]s$/.test(file)) return script(file, text);
  if (/\.sql$/.test(file)) return sqlDown(path, name, text, changes);
  return null;
}

function version(value: string | undefined, command: (value: string) => string): string | null {
  return value === undefined || !WORD.test(value) ? null : command(value);
}

function django(text: string): string | null {
  const match = /\bdependencies\s*=\s*\[\s*\(\s*["'](\w+)["']\s*,\s*["'](\w+)["']/.exec(text);
  return match === null ? null : `python manage.py migrate ${match[1] ?? ''} ${match[2] ?? ''}`;
}

function script(file: string, text: string): string | null {
  if (/\bqueryRunner\b/.test(text)) return 'npx typeorm migration:revert';
  if (/\bqueryInterface\b/.test(text)) return `npx sequelize-cli db:migrate:undo --name ${file}`;
  if (/\bpgm\b/.test(text)) return 'npx node-pg-migrate down';
  return /\bknex\b/.test(text) ? `npx knex migrate:down ${file}` : null;
}

function sqlDown(path: string, name: string, text: string, changes: readonly Change[]): string | null {
  if (/^\s*--\s*\+goose\s+down/im.test(text)) return 'goose down';
  if (/^\s*--\s*migrate:down/im.test(text)) return 'dbmate down';
  const folder = path.slice(0, path.length - (path.split('/').at(-1) ?? '').length);
  const wanted = [`${folder}${name.replace(/\.up$/, '')}.down.sql`, `${folder}down.sql`, `${folder}U${name.slice(1)}.sql`];
  const beside = changes.find((one) => one.after !== null && one.path !== path && wanted.includes(one.path));
  return beside === undefined || !/^[\w./-]{1,200}$/.test(beside.path) ? null : `psql -f ${beside.path}`;
}
