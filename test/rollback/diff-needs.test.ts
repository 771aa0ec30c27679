import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Change, ChangeStatus } from '../../src/core/change-set.js';
import { patchedChange } from '../../src/core/patched-change.js';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { diffNeeds, isPlainDiff } from '../../src/rollback/diff-needs.js';

beforeAll(async () => loadSql());

function added(path: string, text: string): Change {
  const lines = text.split('\n');
  return patchedChange({ path, status: 'added', patch: `@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}` }, null);
}

function edited(path: string, patch: string, status: ChangeStatus = 'modified'): Change {
  return patchedChange({ path, status, patch }, null);
}

/** `kind name` of each need, and what the down direction gives back where that is told. */
function needs(...changes: readonly Change[]): readonly string[] {
  const files = new Map(changes.flatMap(({ path, after }) => (after !== null && path.endsWith('.sql') ? [[path, after] as const] : [])));
  return diffNeeds(changes, files.size === 0 ? [] : readMigrations(files)).map(({ kind, name, down }) => `${kind} ${name ?? '?'} ${down}`);
}

describe('what a migration in SQL needs of a plan', () => {
  it.each([
    ['ALTER TABLE users DROP COLUMN plan;', ['lost users.plan nothing']],
    ['DROP TABLE audit.events, legacy;', ['lost audit.events nothing', 'lost legacy nothing']],
    ['ALTER TABLE users RENAME COLUMN plan TO tier;', ['renamed users.plan nothing']],
    ['ALTER TABLE users RENAME TO accounts;', ['renamed users nothing']],
    ["UPDATE users SET plan = 'free' WHERE plan IS NULL;", ['rewritten users.plan nothing']],
    ['DELETE FROM sessions WHERE user_id IS NULL;', ['rewritten sessions nothing']],
    ['TRUNCATE carts;', ['lost carts nothing']],
    ['ALTER TABLE users ALTER COLUMN email SET NOT NULL;', ['stricter users.email nothing']],
    ['ALTER TABLE users ADD COLUMN tier text NOT NULL;', ['stricter users.tier nothing']],
    ['ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);', ['stricter users.email nothing']],
    ['ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;', ['stricter orders nothing']],
    ["ALTER TYPE state ADD VALUE 'held';", ['stricter state nothing']],
    ['ALTER TABLE users ALTER COLUMN name TYPE varchar(20);', ['stricter users.name nothing']],
    ['ALTER TABLE m DROP CONSTRAINT m_pkey; ALTER TABLE m ADD PRIMARY KEY (a, b);', ['primary-key m nothing', 'primary-key m.a, b nothing']],
    ['ALTER TABLE users ADD COLUMN tier text;', ['additive ? all']],
    ["ALTER TABLE users ADD COLUMN tier text NOT NULL DEFAULT 'free';", ['additive ? all']],
    ['CREATE INDEX CONCURRENTLY users_email ON users (email);', ['additive ? all']],
    ['CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL); ALTER TABLE notes ADD UNIQUE (body); INSERT INTO notes VALUES (1);', ['additive ? all']],
    ["ALTER TABLE users ADD COLUMN tier text; UPDATE users SET tier = 'free';", ['filled users.tier nothing']],
    ['ALTER TABLE users ALTER COLUMN n TYPE bigint;', ['additive ? all']],
    ['DROP INDEX users_email;', ['additive ? all']],
  ])('%s', (sql, expected) => {
    expect(needs(added('db/migrations/0042_change.sql', `${sql}\n`))).toEqual(expected);
  });

  it('knows what the down direction gives back', () => {
    const pair = (up: string, down: string): readonly string[] => needs(added('migrations/0042_a.up.sql', up), added('migrations/0042_a.down.sql', down));
    expect(pair('ALTER TABLE users DROP COLUMN plan;', 'ALTER TABLE users ADD COLUMN plan text;')).toEqual(['lost users.plan structure']);
    expect(pair('ALTER TABLE users DROP COLUMN plan;', 'ALTER TABLE users ADD COLUMN plan text; UPDATE users SET plan = c.plan FROM users_plan_copy c WHERE c.id = users.id;')).toEqual(['lost users.plan all']);
    expect(pair('ALTER TABLE users RENAME COLUMN plan TO tier;', 'ALTER TABLE users RENAME COLUMN tier TO plan;')).toEqual(['renamed users.plan all']);
    expect(pair('UPDATE users SET plan = 1;', '-- nothing to do')).toEqual(['rewritten users.plan nothing']);
  });

  it('reads other dialects by lighter means', () => {
    expect(needs(added('db/migration/V7__x.sql', 'ALTER TABLE `users` CHANGE COLUMN `plan` `tier` varchar(20) NOT NULL, DROP COLUMN `old`;\nRENAME TABLE a TO b;\n'))).toEqual(['renamed users.plan nothing', 'lost users.old nothing', 'renamed a nothing']);
    expect(needs(added('db/migration/V8__x.sql', "ALTER TABLE `users` MODIFY `plan` varchar(10) NOT NULL;\nEXEC sp_rename 'dbo.users.plan', 'tier', 'COLUMN';\n"))).toEqual(expect.arrayContaining(['stricter users.plan nothing']));
  });

  it('takes a migration that was merged before for one', () => {
    expect(needs(edited('db/migrations/0001_init.sql', '@@ -1,1 +1,2 @@\n CREATE TABLE a (id int);\n+CREATE TABLE b (id int);'))).toEqual(['migration-edited 0001_init unknown']);
  });
});

describe('what a migration written as a program needs of a plan', () => {
  it.each([
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def change\n    remove_column :users, :plan, :string\n  end\nend', ['lost users.plan structure']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def up\n    remove_columns :users, :plan, :tier\n  end\n\n  def down\n    raise ActiveRecord::IrreversibleMigration\n  end\nend', ['lost users.plan nothing', 'lost users.tier nothing']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def up\n    add_column :users, :plan, :string\n  end\n\n  def down\n    remove_column :users, :plan\n  end\nend', ['additive ? all']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def change\n    rename_column :invoices, :total, :amount\n    add_index :users, :email, unique: true\n    change_column_null :users, :name, false\n    add_column :users, :kind, :string, null: false\n  end\nend', ['renamed invoices.total all', 'stricter users.email all', 'stricter users.name all', 'stricter users.kind all']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def change\n    change_table :users do |t|\n      t.remove :plan\n      t.rename :a, :b\n    end\n    drop_table :carts\n  end\nend', ['lost users.plan structure', 'renamed users.a all', 'lost carts structure']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def up\n    User.where(plan: nil).update_all(plan: "free")\n    execute <<~SQL\n      DELETE FROM sessions WHERE id < 5\n    SQL\n  end\nend', ['rewritten User nothing', 'rewritten sessions nothing']],
    ['db/migrate/20260101000000_a.rb', 'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :notes do |t|\n      t.string :body, null: false\n      t.timestamps\n    end\n    add_index :notes, :body, unique: true\n    add_column :users, :plan, :string\n  end\nend', ['additive ? all']],
    ['app/migrations/0042_a.py', 'from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    operations = [\n        migrations.RemoveField(\n            model_name="user",\n            name="plan",\n        ),\n        migrations.RenameField(model_name="user", old_name="a", new_name="b"),\n        migrations.DeleteModel(name="Cart"),\n    ]', ['lost user.plan structure', 'renamed user.a all', 'lost Cart structure']],
    ['app/migrations/0042_a.py', 'from django.db import migrations\n\ndef forwards(apps, schema_editor):\n    User = apps.get_model("shop", "User")\n    User.objects.filter(plan="").update(plan="free")\n\nclass Migration(migrations.Migration):\n    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]', expect.arrayContaining(['rewritten User unknown'])],
    ['app/migrations/0042_a.py', 'from django.db import migrations, models\n\nclass Migration(migrations.Migration):\n    operations = [\n        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField(model_name="user", name="plan")]),\n        migrations.AddField(model_name="user", name="tier", field=models.CharField(max_length=9, null=True)),\n    ]', ['additive ? all']],
    ['alembic/versions/90fe_a.py', 'from alembic import op\nimport sqlalchemy as sa\n\ndef upgrade():\n    op.drop_column("users", "plan")\n    op.alter_column("users", "a", new_column_name="b")\n    op.execute("UPDATE users SET x = 1")\n    op.alter_column("users", "email", nullable=False)\n\ndef downgrade():\n    op.add_column("users", sa.Column("plan", sa.String()))\n    op.alter_column("users", "b", new_column_name="a")', ['lost users.plan structure', 'renamed users.a all', 'rewritten users.x nothing', 'stricter users.email all']],
    ['alembic/versions/90fe_a.py', 'from alembic import op\nimport sqlalchemy as sa\n\ndef upgrade():\n    with op.batch_alter_table("users") as batch_op:\n        batch_op.drop_column("plan")\n\ndef downgrade():\n    pass', ['lost users.plan nothing']],
    ['database/migrations/2026_01_01_000000_a.php', "<?php\nreturn new class extends Migration {\n    public function up(): void\n    {\n        Schema::table('users', function (Blueprint $table) {\n            $table->dropColumn(['plan', 'tier']);\n            $table->renameColumn('a', 'b');\n            $table->string('kind');\n            $table->string('note')->nullable();\n        });\n        Schema::dropIfExists('carts');\n        DB::table('orders')->where('x', 1)->update(['y' => 2]);\n    }\n\n    public function down(): void\n    {\n        Schema::table('users', function (Blueprint $table) {\n            $table->string('plan');\n        });\n    }\n};", expect.arrayContaining(['lost users.plan structure', 'lost users.tier structure', 'renamed users.a nothing', 'stricter users.kind all', 'lost carts nothing', 'rewritten orders nothing'])],
    ['migrations/20260101_a.js', "exports.up = async (knex) => {\n  await knex.schema.alterTable('users', (t) => {\n    t.dropColumn('plan');\n    t.renameColumn('a', 'b');\n    t.string('note');\n  });\n  await knex('orders').where({ x: 1 }).update({ y: 2 });\n};\n\nexports.down = async (knex) => {\n  await knex.schema.alterTable('users', (t) => t.string('plan'));\n};", expect.arrayContaining(['lost users.plan structure', 'renamed users.a nothing', 'rewritten orders nothing'])],
    ['src/migrations/1763370000000-Clean.ts', 'export class Clean1763370000000 implements MigrationInterface {\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(`DELETE FROM carts WHERE user_id IS NULL`);\n    await queryRunner.dropColumn("users", "plan");\n  }\n\n  public async down(queryRunner: QueryRunner): Promise<void> {}\n}', expect.arrayContaining(['rewritten carts nothing', 'lost users.plan nothing'])],
    ['migrations/20260101-a.js', "module.exports = {\n  up: async (queryInterface, Sequelize) => {\n    await queryInterface.removeColumn('users', 'plan');\n    await queryInterface.renameColumn('users', 'a', 'b');\n    await queryInterface.addConstraint('users', { fields: ['email'], type: 'unique' });\n  },\n  down: async (queryInterface, Sequelize) => {\n    await queryInterface.addColumn('users', 'plan', { type: Sequelize.STRING });\n  },\n};", ['lost users.plan structure', 'renamed users.a nothing', 'stricter users all']],
    ['priv/repo/migrations/20260101_a.exs', 'defmodule A do\n  use Ecto.Migration\n\n  def change do\n    alter table(:users) do\n      remove :plan, :string\n    end\n    rename table(:users), :a, to: :b\n    drop table(:carts)\n    create unique_index(:users, [:email])\n    create constraint(:users, :positive, check: "n > 0")\n  end\nend', expect.arrayContaining(['lost users.plan structure', 'renamed users.a all', 'lost carts structure', 'stricter users.email all', 'stricter users all'])],
    ['Migrations/20260101000000_A.cs', 'public partial class A : Migration\n{\n    protected override void Up(MigrationBuilder migrationBuilder)\n    {\n        migrationBuilder.DropColumn(\n            name: "Plan",\n            table: "Users");\n        migrationBuilder.RenameColumn(name: "A", table: "Users", newName: "B");\n        migrationBuilder.Sql("UPDATE \\"Users\\" SET \\"X\\" = 1");\n    }\n\n    protected override void Down(MigrationBuilder migrationBuilder)\n    {\n        migrationBuilder.AddColumn<string>(name: "Plan", table: "Users", nullable: true);\n    }\n}', expect.arrayContaining(['lost Users.Plan structure', 'renamed Users.A nothing', 'rewritten Users.X nothing'])],
  ])('%s %#', (path, text, expected) => {
    expect(needs(added(path, text))).toEqual(expected);
  });

  it('reads a name where there is nothing else', () => {
    const bare = (path: string): readonly string[] => needs(patchedChange({ path, status: 'added', patch: null }, null));
    expect(bare('db/migrate/20261124070000_drop_column_legacy_plan_from_accounts.rb')[0]).toMatch(/^lost /);
    expect(bare('db/migrate/20261124080000_add_nullable_column_nickname_to_devices.rb')).toEqual(['additive ? all']);
    expect(bare('migrations/0042_backfill_tiers.sql')[0]).toMatch(/^rewritten /);
    expect(bare('prisma/migrations/20260101000000_rename_total/migration.sql')[0]).toMatch(/^renamed /);
    expect(bare('alembic/versions/90fe1c_tweak.py')).toEqual(['unknown 90fe1c_tweak unknown']);
  });
});

describe('what else in a diff needs more than a revert', () => {
  it.each([
    ['proto/session.proto', '@@ -1,3 +1,3 @@\n message S {\n-  string email = 2;\n+  reserved 2;\n }', ['format email nothing']],
    ['proto/session.proto', '@@ -1,2 +1,3 @@\n message S {\n+  string email = 2;\n }', []],
    ['src/cache/user-cache.ts', "@@ -1,2 +1,2 @@\n-const CACHE_KEY = 'user:v1';\n+const CACHE_KEY = 'user:v2';\n export {};", ['format CACHE_KEY nothing']],
    ['src/worker/publish.go', '@@ -1,2 +1,2 @@\n-\tbody, err := json.Marshal(p)\n+\tbody, err := proto.Marshal(p)\n }', ['format ? nothing']],
    ['config/kafka.yml', '@@ -1,2 +1,2 @@\n-topic: orders.v1\n+topic: orders.v2\n retries: 3', []],
    ['src/orders/publisher.ts', "@@ -1,2 +1,2 @@\n-  topic: 'orders.v1',\n+  topic: 'orders.v2',\n }", ['format orders.v1 nothing']],
    ['openapi/public.yaml', '@@ -1,5 +1,2 @@\n   properties:\n-    legacyId:\n-      type: integer\n     name:', ['contract legacyId nothing']],
    ['schema.graphql', '@@ -1,3 +1,2 @@\n type User {\n-  plan: String!\n }', ['contract plan nothing']],
    ['search/mappings/products.json', '@@ -1,2 +1,2 @@\n-  "sku": { "type": "text" },\n+  "sku": { "type": "keyword" },\n }', ['search-mapping sku nothing']],
    ['Dockerfile', '@@ -1,2 +1,2 @@\n FROM node\n-CMD ["node", "server.js"]\n+CMD npx prisma migrate deploy && node server.js', ['at-deploy ? nothing']],
    ['package-lock.json', '@@ -1,1 +1,1 @@\n-"version": "1.2.3"\n+"version": "1.2.2"', []],
    ['src/tips.ts', '@@ -1,1 +1,1 @@\n-const key = 1;\n+const key = 2;', []],
    ['README.md', "@@ -1,1 +1,1 @@\n-topic: 'a'\n+topic: 'b'", []],
  ])('%s %#', (path, patch, expected) => {
    expect(needs(edited(path, patch))).toEqual(expected);
  });
});

describe('a conversion that keeps less than it is given', () => {
  const down = { 'sql/0059_agent.down.sql': 'ALTER TABLE events ALTER COLUMN agent TYPE text;' };
  const of = (path: string, up: string): readonly string[] => needs(added(path, up), ...Object.entries(down).map(([beside, text]) => added(beside, text)));

  it.each([
    'ALTER TABLE events ALTER COLUMN agent TYPE varchar(120) USING left(agent, 120);',
    "ALTER TABLE events ALTER COLUMN agent TYPE text USING lower(agent);",
    'ALTER TABLE events ALTER COLUMN agent TYPE integer USING round(agent::numeric);',
    "ALTER TABLE events ALTER COLUMN agent TYPE boolean USING CASE WHEN agent = 'yes' THEN true ELSE false END;",
  ])('rewrites the values, whatever the down migration widens: %s', (up) => {
    for (const path of ['sql/0059_agent.up.sql', 'db/migrations/0059_agent.up.sql']) expect(of(path, up)).toContain('rewritten events.agent nothing');
  });

  it.each(['ALTER TABLE events ALTER COLUMN agent TYPE varchar(20) USING agent::varchar(20);', 'ALTER TABLE events ALTER COLUMN agent TYPE varchar(120);'])('is none where the values are cast as they are: %s', (up) => {
    expect(of('sql/0059_agent.up.sql', up)).toEqual(['stricter events.agent all']);
  });
});

it('finds the down direction of a numbered script beside it, wherever both lie', () => {
  const view = 'CREATE VIEW open_tickets AS SELECT 1 AS id;';
  expect(needs(added('db/sql/0210_drop.up.sql', 'DROP VIEW open_tickets;'), added('db/sql/0210_drop.down.sql', view))).toEqual(['lost open_tickets all']);
  expect(needs(added('db/sql/0210_drop.sql', 'DROP VIEW open_tickets;'), added('db/sql/0210_drop_rollback.sql', view))).toEqual(['lost open_tickets all']);
  expect(needs(added('db/sql/0210_drop.up.sql', 'DROP VIEW open_tickets;'), added('db/sql/0211_other.down.sql', view))).toEqual(['lost open_tickets nothing']);
});

describe('the type of a field in an API description', () => {
  const field = (before: string, after: string): readonly string[] => needs(edited('api/openapi.json', `@@ -4,5 +4,5 @@\n           "fee": {\n-            ${before}\n+            ${after}\n           },\n           "createdAt": {\n             "type": "string"`));

  it('is a contract, however it is said', () => {
    for (const [before, after] of [['"type": "number"', '"$ref": "#/components/schemas/Money"'], ['"format": "date"', '"format": "date-time"'], ['"$ref": "#/a/One"', '"$ref": "#/a/Two"'], ['"type": "string"', '"type": "integer"']] as const) {
      expect(field(before, after)).toEqual(['contract ? nothing']);
    }
    expect(field('"example": "1"', '"example": "2"')).toEqual([]);
  });
});

describe('a diff of code and settings alone', () => {
  const patch = '@@ -1 +1 @@\n-replicas: 1\n+replicas: 2';
  it('is known to be one where all of it is shown and none of it may alter a database', () => {
    expect(isPlainDiff([edited('k8s/api.yaml', patch), added('src/fees.ts', 'export const fee = 1;')])).toBe(true);
    expect(isPlainDiff([])).toBe(false);
    expect(isPlainDiff([edited('k8s/api.yaml', patch), patchedChange({ path: 'src/unseen.ts', status: 'modified', patch: null }, null)])).toBe(false);
    for (const path of ['priv/repo/migrations/x.exs', 'db/schema.rb', 'ops/cleanup.sql', 'app/models/user.py', 'prisma/schema.prisma']) expect(isPlainDiff([edited(path, patch)])).toBe(false);
  });
});
