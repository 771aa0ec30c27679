import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadSql } from '../../src/languages/sql.js';
import { readMigrations } from '../../src/migrations/read-migrations.js';
import { engineOf } from '../../src/migrations/target/engine-of.js';
import { findTargetEvidence, isTargetPath, targetFrom } from '../../src/migrations/target/find-target.js';
import { describeTarget } from '../../src/migrations/target.js';

type Files = Readonly<Record<string, string>>;

function targetOf(files: Files, engine: 'postgres' | 'mysql' | 'mariadb' | null = null): string {
  const loaded = new Map(Object.entries(files).filter(([path]) => isTargetPath(path)));
  return describeTarget(targetFrom(findTargetEvidence(loaded), engine));
}

const ASSUMED = 'Postgres 14 (assumed: set `database.target`)';

describe('images', () => {
  it.each([
    ['postgres:16-alpine', 'Postgres 16'],
    ['docker.io/library/postgres:15.4', 'Postgres 15'],
    ['postgres:13@sha256:0123456789abcdef', 'Postgres 13'],
    ['"postgres:12.1-bullseye"', 'Postgres 12'],
    ['${REGISTRY:-docker.io}/postgres:${POSTGRES_VERSION:-17}', 'Postgres 17'],
    ['timescale/timescaledb:latest-pg16', 'Postgres 16'],
    ['timescale/timescaledb:2.14.2-pg15-oss', 'Postgres 15'],
    ['timescale/timescaledb-ha:pg14.9-ts2.11', 'Postgres 14'],
    ['pgvector/pgvector:pg17', 'Postgres 17'],
    ['pgvector/pgvector:0.8.0-pg16-trixie', 'Postgres 16'],
    ['postgis/postgis:15-3.4', 'Postgres 15'],
    ['pgautoupgrade/pgautoupgrade:18-alpine', 'Postgres 18'],
    ['supabase/postgres:15.1.0.147', 'Postgres 15'],
    ['bitnami/postgresql:16.2.0-debian-12-r5', 'Postgres 16'],
    ['ghcr.io/cloudnative-pg/postgresql:16.3-4', 'Postgres 16'],
    ['registry.opensource.zalan.do/acid/spilo-15:3.0-p1', 'Postgres 15'],
    ['public.ecr.aws/docker/library/postgres:14', 'Postgres 14'],
    ['cimg/postgres:14.9', 'Postgres 14'],
    ['mysql:8.0.33', 'MySQL 8'],
    ['mysql:8.4', 'MySQL 8.4'],
    ['mariadb:10.11-jammy', 'MariaDB 10.11'],
  ])('%s is %s', (image, words) => {
    expect(targetOf({ 'compose.yaml': `services:\n  db:\n    image: ${image}\n` })).toBe(`${words} (compose.yaml:3)`);
  });

  it.each(['postgres', 'postgres:latest', 'postgres:alpine', 'timescale/timescaledb:2.11', 'postgrest/postgrest:v12.0.2', 'prometheuscommunity/postgres-exporter:v0.15.0', 'edoburu/pgbouncer:1.22', 'dpage/pgadmin4:8', 'redis:7', 'ghcr.io/acme/postgres-backup:12'])('%s tells no version', (image) => {
    expect(targetOf({ 'compose.yaml': `services:\n  db:\n    image: ${image}\n` })).toBe(ASSUMED);
  });
});

describe('files that name a server', () => {
  it.each<readonly [string, Files, string]>([
    ['a workflow’s service', { '.github/workflows/ci.yml': 'jobs:\n  test:\n    services:\n      postgres:\n        image: postgres:13\n' }, 'Postgres 13 (.github/workflows/ci.yml:5)'],
    ['a matrix', { '.github/workflows/ci.yml': 'strategy:\n  matrix:\n    pg: [16, 15, "14"]\nservices:\n  db:\n    image: postgres:${{ matrix.pg }}-alpine\n' }, 'Postgres 14 (.github/workflows/ci.yml:3)'],
    ['a matrix as a list', { '.github/workflows/ci.yml': 'matrix:\n  postgres-image:\n    - postgres:17\n    - postgres:15\nservices:\n  db:\n    image: ${{ matrix.postgres-image }}\n' }, 'Postgres 15 (.github/workflows/ci.yml:4)'],
    ['an action’s input', { '.github/workflows/ci.yml': 'steps:\n  - uses: acme/setup-postgres@v1\n    with:\n      postgres-version: "15"\n' }, 'Postgres 15 (.github/workflows/ci.yml:4)'],
    ['GitLab', { '.gitlab-ci.yml': 'test:\n  services:\n    - postgres:12.2-alpine\n' }, 'Postgres 12 (.gitlab-ci.yml:3)'],
    ['GitLab, by name', { '.gitlab-ci.yml': 'test:\n  services:\n    - name: postgis/postgis:16-3.4\n      alias: db\n' }, 'Postgres 16 (.gitlab-ci.yml:3)'],
    ['CircleCI', { '.circleci/config.yml': 'jobs:\n  build:\n    docker:\n      - image: cimg/node:20.1\n      - image: cimg/postgres:15.2\n' }, 'Postgres 15 (.circleci/config.yml:5)'],
    ['Travis', { '.travis.yml': 'addons:\n  postgresql: "11"\n' }, 'Postgres 11 (.travis.yml:2)'],
    ['a Dockerfile', { 'db/Dockerfile': 'FROM --platform=linux/amd64 postgres:16 AS base\nRUN true\n' }, 'Postgres 16 (db/Dockerfile:1)'],
    ['RDS', { 'infra/rds.tf': 'resource "aws_db_instance" "main" {\n  identifier = "main"\n  engine         = "postgres"\n  engine_version = "15.4"\n}\n' }, 'Postgres 15 (infra/rds.tf:4)'],
    ['Aurora, in a variable', { 'infra/main.tf': 'resource "aws_rds_cluster" "db" {\n  engine         = "aurora-postgresql"\n  engine_version = var.pg\n}\n', 'infra/variables.tf': 'variable "pg" {\n  type    = string\n  default = "13.9"\n}\n' }, 'Postgres 13 (infra/variables.tf:3)'],
    ['several environments', { 'infra/main.tf': 'module "db" {\n  source = "./rds"\n  engine = "postgres"\n  engine_version = var.pg\n}\nvariable "pg" {}\n', 'infra/prod.tfvars': 'pg = "14"\n', 'infra/staging.tfvars': 'pg = "16"\n' }, 'Postgres 14 (infra/prod.tfvars:1)'],
    ['Cloud SQL', { 'main.tf': 'resource "google_sql_database_instance" "x" {\n  database_version = "POSTGRES_15"\n  settings {\n    tier = "db-f1-micro"\n  }\n}\n' }, 'Postgres 15 (main.tf:2)'],
    ['Azure', { 'main.tf': 'resource "azurerm_postgresql_flexible_server" "x" {\n  name = "x"\n  version = "16"\n}\n' }, 'Postgres 16 (main.tf:3)'],
    ['DigitalOcean', { 'main.tf': 'resource "digitalocean_database_cluster" "x" {\n  engine = "pg"\n  version = "17"\n}\n' }, 'Postgres 17 (main.tf:3)'],
    ['CloudFormation', { 'cloudformation/db.yml': 'Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: postgres\n      EngineVersion: "14.7"\n' }, 'Postgres 14 (cloudformation/db.yml:6)'],
    ['CDK', { 'infra/lib/db.ts': 'new rds.DatabaseInstance(this, "db", {\n  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_15_4 }),\n});\n' }, 'Postgres 15 (infra/lib/db.ts:2)'],
    ['Helm values', { 'charts/app/values.yaml': 'postgresql:\n  image:\n    registry: docker.io\n    repository: bitnami/postgresql\n    tag: "15.4.0"\n' }, 'Postgres 15 (charts/app/values.yaml:5)'],
    ['a stateful set', { 'k8s/db.yaml': 'kind: StatefulSet\nspec:\n  containers:\n    - name: db\n      image: "postgres:14.1"\n' }, 'Postgres 14 (k8s/db.yaml:5)'],
    ['CloudNativePG', { 'k8s/cluster.yaml': 'apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nspec:\n  imageName: ghcr.io/cloudnative-pg/postgresql:17.0\n' }, 'Postgres 17 (k8s/cluster.yaml:4)'],
    ['Zalando’s operator', { 'k8s/pg.yaml': 'kind: postgresql\nspec:\n  postgresql:\n    version: "15"\n' }, 'Postgres 15 (k8s/pg.yaml:4)'],
    ['Crunchy’s operator', { 'k8s/pg.yaml': 'kind: PostgresCluster\nspec:\n  postgresVersion: 16\n' }, 'Postgres 16 (k8s/pg.yaml:3)'],
    ['a dev container', { '.devcontainer/docker-compose.yml': 'services:\n  db:\n    image: postgres:16\n' }, 'Postgres 16 (.devcontainer/docker-compose.yml:3)'],
    ['fly', { 'fly.toml': 'app = "db"\n[build]\n  image = "flyio/postgres-flex:15.3"\n' }, 'Postgres 15 (fly.toml:3)'],
    ['render', { 'render.yaml': 'databases:\n  - name: db\n    postgresMajorVersion: "15"\n' }, 'Postgres 15 (render.yaml:3)'],
    ['heroku', { 'app.json': '{\n "addons": [{ "plan": "heroku-postgresql:standard-0",\n   "options": { "version": "14" } }]\n}\n' }, 'Postgres 14 (app.json:3)'],
    ['supabase', { 'supabase/config.toml': '[db]\nport = 54322\nmajor_version = 15\n' }, 'Postgres 15 (supabase/config.toml:3)'],
    ['.tool-versions', { '.tool-versions': 'nodejs 20.1.0\npostgres 15.2\n' }, 'Postgres 15 (.tool-versions:2)'],
    ['mise', { 'mise.toml': '[tools]\npostgres = "16.1"\n' }, 'Postgres 16 (mise.toml:2)'],
    ['nix', { 'flake.nix': '{ packages = [ pkgs.postgresql_14 ]; }\n' }, 'Postgres 14 (flake.nix:1)'],
  ])('%s', (_, files, words) => {
    expect(targetOf(files)).toBe(words);
  });

  it('is deaf to examples, fixtures and vendored files, and to what is no version', () => {
    expect(targetOf({ 'examples/compose.yml': 'image: postgres:9.6\n', 'test/fixtures/compose.yml': 'image: postgres:10\n', 'vendor/x/main.tf': 'resource "aws_db_instance" "x" {\n engine = "postgres"\n engine_version = "9"\n}\n', 'k8s/app.yaml': 'version: "15"\nimage: app:12\n', '.github/workflows/ci.yml': 'on: push\n' })).toBe(ASSUMED);
  });
});

describe('several servers', () => {
  const compose = 'services:\n  db:\n    image: postgres:17\n';
  const terraform = 'resource "aws_db_instance" "x" {\n  engine = "postgres"\n  engine_version = "15"\n}\n';

  it('believes what production is made from, then what people run, then CI', () => {
    const ci = 'services:\n  db:\n    image: postgres:12\n';
    expect(targetOf({ 'compose.yml': compose, 'infra/db.tf': terraform, '.github/workflows/t.yml': ci })).toBe('Postgres 15 (infra/db.tf:3)');
    expect(targetOf({ 'compose.yml': compose, '.github/workflows/t.yml': ci })).toBe('Postgres 17 (compose.yml:3)');
    expect(targetOf({ 'compose.test.yml': ci, 'compose.yml': compose })).toBe('Postgres 17 (compose.yml:3)');
    expect(targetOf({ 'compose.prod.yml': 'image: postgres:16\n', 'compose.yml': 'image: postgres:13\n' })).toBe('Postgres 16 (compose.prod.yml:1)');
  });

  it('takes the oldest where several of one kind disagree', () => {
    expect(targetOf({ 'a/compose.yml': compose, 'b/compose.yml': 'services:\n  db:\n    image: postgres:13\n' })).toBe('Postgres 13 (b/compose.yml:3)');
  });

  it('goes by what the migrations are written for when there are servers of several kinds', () => {
    const files = { 'compose.yml': 'image: mysql:8.0\n', 'b/compose.yml': 'image: postgres:15\n' };
    expect(targetOf(files)).toBe('Postgres 15 (b/compose.yml:1)');
    expect(targetOf(files, 'mysql')).toBe('MySQL 8 (compose.yml:1)');
    expect(targetOf({ 'compose.yml': 'image: mysql:8.0\n' }, 'postgres')).toBe(ASSUMED);
    expect(targetOf({ 'compose.yml': 'image: mysql:8.0\n' })).toBe('MySQL 8 (compose.yml:1)');
  });
});

describe('what migrations are written for', () => {
  beforeAll(loadSql);

  const engine = (files: Files): string | null => engineOf(readMigrations(new Map(Object.entries(files))));

  it('is told by the framework, then by the text', () => {
    expect(engine({ 'prisma/migrations/1_a/migration.sql': 'CREATE TABLE `t` (`id` int);', 'prisma/migrations/migration_lock.toml': 'provider = "mysql"' })).toBe('mysql');
    expect(engine({ 'prisma/migrations/1_a/migration.sql': 'DROP TABLE t;', 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"' })).toBe('postgres');
    expect(engine({ 'migrations/1.sql': 'ALTER TABLE t ALTER COLUMN a TYPE int;' })).toBe('postgres');
    expect(engine({ 'migrations/1.sql': 'CREATE TABLE t (id bigserial);' })).toBe('postgres');
    expect(engine({ 'migrations/1.sql': 'CREATE TABLE `t` (`id` int AUTO_INCREMENT) ENGINE=InnoDB;' })).toBe('mysql');
    expect(engine({ 'migrations/1.sql': 'CREATE TABLE t (id int);' })).toBeNull();
  });
});
