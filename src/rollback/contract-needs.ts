import type { Change } from '../core/change-set.js';
import { apiNeeds } from './api-needs.js';
import type { DiffNeed } from './diff-needs.js';
import { fileNeed, type ShownLines } from './shown-lines.js';

/** Most lines of one file that are looked at, and longest line. */
const LINES = 4000;
const LENGTH = 400;

const IGNORED = /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|__snapshots__)\/|(?:^|\/)(?:tests?|specs?|__tests__|testdata|fixtures|e2e)\/|[._-](?:test|spec)\.\w+$|_test\.\w+$|\.(?:md|mdx|rst|adoc|txt|lock)$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|go\.sum|CHANGELOG[^/]*)$/i;

/** What other things of a diff than migrations need of a plan: formats, contracts, and deployments that run migrations. */
export function contractNeeds(changes: readonly Change[]): readonly DiffNeed[] {
  return changes.slice(0, 3000).flatMap((change) => {
    if (IGNORED.test(change.path)) return [];
    const shown = shownLines(change);
    if (shown.gone.length + shown.fresh.length === 0) return [];
    return [...schemaNeeds(shown), ...keptFormats(shown), ...names(shown), ...searchNeeds(shown), ...apiNeeds(shown), ...deployNeeds(shown)].slice(0, 20);
  });
}

function shownLines(change: Change): ShownLines {
  const lines = change.hunks.flatMap((hunk) => hunk.lines).slice(0, LINES);
  const side = (sign: string): readonly string[] => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1, LENGTH));
  return { path: change.path, gone: side('-'), fresh: side('+'), text: (change.after ?? '').slice(0, 200_000), status: change.status };
}

/** Fields of messages that other programs, or the same program later, read back. */
function schemaNeeds(shown: ShownLines): readonly DiffNeed[] {
  if (shown.status === 'added') return [];
  if (/\.proto$/i.test(shown.path)) return fieldNeeds(shown, /^\s*(?:optional\s+|required\s+|repeated\s+)?(map<[^>]+>|[\w.]+)\s+(\w+)\s*=\s*(\d+)/, 'protobuf field');
  if (/\.thrift$/i.test(shown.path)) return fieldNeeds(shown, /^\s*()(?:(?=(\d+)))\d+\s*:\s*(?:required\s+|optional\s+)?(?:[\w.<>, ]+)\s+(\w+)/, 'Thrift field');
  if (/\.(?:avsc|avdl|avpr)$/i.test(shown.path)) return avroNeeds(shown);
  return [];
}

function fieldNeeds(shown: ShownLines, pattern: RegExp, word: string): readonly DiffNeed[] {
  const fresh = new Set(shown.fresh.map((line) => line.trim().replace(/\s*(?:\/\/.*|\[.*\])?\s*$/, '').replace(/\s+/g, ' ')));
  const named = new Set(shown.fresh.flatMap((line) => pattern.exec(line)?.[2] ?? []));
  return shown.gone.flatMap((line) => {
    const match = pattern.exec(line);
    if (match === null || /^\s*(?:option|reserved|syntax|import|package|rpc)\b/.test(line) || fresh.has(line.trim().replace(/\s*(?:\/\/.*|\[.*\])?\s*$/, '').replace(/\s+/g, ' '))) return [];
    const name = match[2] ?? '';
    return [fileNeed('format', shown, `${named.has(name) ? 'changes' : 'removes'} the ${word} \`${name}\``, name)];
  });
}

function avroNeeds(shown: ShownLines): readonly DiffNeed[] {
  const nameIn = (line: string): string | null => /"name"\s*:\s*"(\w+)"/.exec(line)?.[1] ?? null;
  const bare = (line: string): string => line.replace(/[\s,]/g, '');
  const fresh = new Set(shown.fresh.map(bare));
  const gone = new Set(shown.gone.map(bare));
  const removed = shown.gone.filter((line) => nameIn(line) !== null && !fresh.has(bare(line)));
  const added = shown.fresh.filter((line) => nameIn(line) !== null && !gone.has(bare(line)) && /"type"/.test(line) && !/"default"/.test(line) && !/"type"\s*:\s*"(?:record|enum|fixed)"/.test(line));
  const names = [...new Set([...removed, ...added].flatMap((line) => nameIn(line) ?? []))];
  return names.map((name) => fileNeed('format', shown, `changes the field \`${name}\` of an Avro schema`, name));
}

const STORES = /\b(?:cache|redis|memcache\w*|session|cookie|queue|kafka|topic|publish\w*|produc\w*|enqueue\w*|sqs|sns|rabbit\w*|amqp|nats|pub_?sub|stream|worker|job|event|message|broker|celery|sidekiq|codec|serializ\w*|blob)\b|(?:[Cc]ache|[Qq]ueue|[Ss]ession|[Pp]ublish|[Pp]roducer|[Kk]afka|[Rr]edis|[Cc]odec)/;
const SERIALIZERS: readonly (readonly [string, RegExp])[] = [
  ['JSON', /\bjson\.(?:Marshal|Unmarshal|dumps|loads|encode|decode)|\bJSON\.(?:stringify|parse|generate|dump|load)\b|\bto_json\b|\bjson_(?:en|de)code\b|\bObjectMapper\b|\.(?:readValue|writeValueAs(?:Bytes|String)|writeValue)\(|\bJsonConvert\.|\bserde_json\b|\bGson\b|\bJsonSerializer\b|:json\b/],
  ['protobuf', /\bproto\.(?:Marshal|Unmarshal)|\bSerializeToString\b|\bParseFromString\b|\bserializeBinary\b|\btoByteArray\(\)|\bparseFrom\(|\bFromString\(|\bprotobuf\b|\.encode\([\w.]+\)\.finish\(\)|\bKafkaProtobuf\w*/],
  ['MessagePack', /\bmsgpack\w*\b|\bMessagePack\b/i],
  ['pickle', /\bc?[Pp]ickle\b/],
  ['Marshal', /\bMarshal\.(?:dump|load)\b|:marshal\b/],
  ['Avro', /\bavro\w*\b|\bKafkaAvro\w*/i],
  ['gob', /\bgob\.(?:NewEncoder|NewDecoder)\b/],
  ['YAML', /\b(?:yaml|YAML)\.(?:dump|load|safe_load)\b/],
  ['compression', /\b(?:gzip|zlib|zstd|lz4|snappy|brotli)\b/i],
];

/** What is written to caches, sessions and queues in another form than before. */
function keptFormats(shown: ShownLines): readonly DiffNeed[] {
  const found: DiffNeed[] = [];
  if (STORES.test(shown.path) || shown.gone.some((line) => STORES.test(line)) || STORES.test(shown.text.slice(0, 20_000))) {
    const kinds = (lines: readonly string[]): readonly string[] => SERIALIZERS.filter(([, pattern]) => lines.some((line) => pattern.test(line))).map(([name]) => name);
    const before = kinds(shown.gone);
    const after = kinds(shown.fresh).filter((name) => !kinds(shown.gone).includes(name));
    if (before.length > 0 && after.length > 0) found.push(fileNeed('format', shown, `has ${after[0] ?? ''} where it had ${before[0] ?? ''}`));
  }
  const setting = /\b(?:cookies_serializer|cache_format_version|message_serializer|session_serializer|SESSION_SERIALIZER|CELERY_TASK_SERIALIZER|task_serializer|value\.serializer|key\.serializer)\b/;
  const changed = shown.fresh.find((line) => setting.test(line));
  if (changed !== undefined) found.push(fileNeed('format', shown, `sets \`${setting.exec(changed)?.[0] ?? ''}\``));
  return found;
}

const KEY = /\b(?:\w*_)?(?:cache|session|redis|store)_?(?:key|version|prefix|namespace|schema)\w*\b|\b(?:key|cache)_?prefix\b|\b(?:write|format|schema|payload|message|event|codec|blob)_?version\b/i;
const CHANNEL = /\b(?:[\w.-]*[_.-])?(topic|queue|exchange|routing[_-]?key|stream|channel|subject)(?:[_.-]?name)?s?\b["']?\s*[:=(,]+\s*(?:\w+\()?["'`]([\w./:{}$-]+)["'`]/i;

/** Names under which one version leaves something for another: cache keys, topics, queues, classes of jobs. */
function names(shown: ShownLines): readonly DiffNeed[] {
  const found: DiffNeed[] = [];
  for (const line of shown.gone) {
    const key = KEY.exec(line)?.[0];
    if (key === undefined || !/[=:]|=>/.test(line)) continue;
    const again = shown.fresh.find((other) => KEY.exec(other)?.[0].toLowerCase() === key.toLowerCase() && literalIn(other) !== literalIn(line));
    if (again !== undefined && literalIn(line) !== null && literalIn(again) !== null) found.push(fileNeed('format', shown, `changes \`${key}\` from ${literalIn(line) ?? ''} to ${literalIn(again) ?? ''}`, key));
  }
  for (const line of shown.gone) {
    const match = CHANNEL.exec(line);
    const again = match === null ? undefined : shown.fresh.map((other) => CHANNEL.exec(other)).find((other) => other?.[1]?.toLowerCase() === match[1]?.toLowerCase());
    if (match !== null && again && again[2] !== match[2]) found.push(fileNeed('format', shown, `moves from the ${match[1] ?? ''} \`${match[2] ?? ''}\` to \`${again[2] ?? ''}\``, match[2] ?? null));
  }
  return [...found, ...jobNeeds(shown)];
}

function literalIn(line: string): string | null {
  return /["'`]([^"'`]{1,80})["'`]|[=:]\s*(\d[\d.]*)/.exec(line)?.slice(1).find((group) => group !== undefined) ?? null;
}

/** Jobs that wait in a queue carry the name and the arguments of the program that put them there. */
function jobNeeds(shown: ShownLines): readonly DiffNeed[] {
  if (!/(?:^|\/)(?:jobs?|workers?|consumers?|tasks)\//i.test(shown.path)) return [];
  const head = /^\s*(?:def\s+(?:self\.)?(perform|handle|run|process)\s*\(([^)]*)\)|(?:public\s+)?(?:async\s+)?(?:function\s+)?(handle|perform)\s*\(([^)]*)\))/;
  const one = (lines: readonly string[]): string | null => {
    const match = lines.map((line) => head.exec(line)).find((found) => found !== null);
    return match ? (match[2] ?? match[4] ?? '').replace(/\s+/g, '') : null;
  };
  const before = one(shown.gone);
  const after = one(shown.fresh);
  return before !== null && after !== null && before !== after ? [fileNeed('format', shown, `changes the arguments of a job from (${before}) to (${after})`)] : [];
}

function searchNeeds(shown: ShownLines): readonly DiffNeed[] {
  const place = /(?:elastic(?:search)?|opensearch|solr|typesense|meilisearch|search)[^/]*\/|mappings?[^/]*\.(?:json|ya?ml)$|(?:^|[/_-])(?:elasticsearch|opensearch|solr|managed-schema)/i;
  if (shown.status === 'added' || !place.test(shown.path)) return [];
  const typed = /"?(\w[\w.]*)"?\s*:\s*\{?\s*"?(?:type"?\s*:\s*"?)?(keyword|text|integer|long|short|double|float|date|boolean|nested|object|dense_vector|geo_point|completion|search_as_you_type|flattened|ip)\b|"(?:analyzer|normalizer|tokenizer)"\s*:|<field\s+name="(\w+)"|\.(?:mapping|settings)\b/i;
  const line = shown.gone.find((each) => typed.test(each));
  const name = line === undefined ? null : (typed.exec(line)?.[1] ?? typed.exec(line)?.[3] ?? null);
  return line === undefined ? [] : [fileNeed('search-mapping', shown, `changes the search mapping${name === null || /^(?:type|properties)$/.test(name) ? '' : ` of \`${name}\``}`, name)];
}

const RUNS_MIGRATIONS =
  /\balembic\b[^\n]{0,60}\bupgrade\b|\bdb:(?:migrate|prepare)\b|\bmanage\.py["',\s]+migrate\b|\bartisan["',\s]+migrate\b|\bprisma["',\s]+migrate["',\s]+deploy\b|\bmigrate:(?:latest|up)\b|\bknex\b[^\n]{0,40}\bmigrate\b|\bflyway\b[^\n]{0,40}\bmigrate\b|\bliquibase\b[^\n]{0,40}\bupdate\b|\bgoose\b[^\n]{0,60}\bup\b|\bdbmate\b[^\n]{0,30}\b(?:up|migrate)\b|\bmigrate\b[^\n]{0,80}["',\s]up\b|\btypeorm\b[^\n]{0,40}\bmigration:run\b|\bsequelize\b[^\n]{0,40}\bdb:migrate\b|\becto\.migrate\b|\bef["',\s]+database["',\s]+update\b|\bsqlx\b[^\n]{0,30}\bmigrate\b[^\n]{0,20}\brun\b|\bnpm\b[^\n]{0,20}\bmigrate\b/i;
const BOOT_FILE = /(?:^|\/)(?:[\w.-]*Dockerfile[\w.-]*|[\w.-]*entrypoint[\w.-]*|Procfile|fly[\w.-]*\.toml|start[\w-]*\.sh|boot[\w-]*\.sh|run[\w-]*\.sh|app\.json|render\.ya?ml|railway\.\w+|nixpacks\.toml|[\w.-]*compose[\w.-]*\.ya?ml)$|(?:^|\/)(?:k8s|kubernetes|charts?|helm|deploy(?:ments?)?|manifests|base|overlays|templates)\/.*\.ya?ml$|(?:^|\/)values[\w.-]*\.ya?ml$/i;
const BOOT_CODE = /\bmigrationsRun\s*:\s*true\b|\bDatabase\.Migrate(?:Async)?\(|\bmigrate\.latest\(|\bAutoMigrate\(|\brunMigrations\(|\bflyway\.migrate\(\)|\bMigrator\.run\b|\bsqlx::migrate!|\bspring\.(?:flyway|liquibase)\.enabled\s*[=:]\s*true/i;
const READINESS = /\bcurrent\b[^\n]{0,40}(?:==|!=|=|-eq|-ne|is)[^\n]{0,40}\bheads?\b|\bheads?\b[^\n]{0,40}(?:==|!=|=|-eq)[^\n]{0,40}\bcurrent\b|\bmigrate\b[^\n]{0,20}--check\b|\bcheck_pending!?\b|\bneeds_migration\?|\bpending_?migrations?\b|\babort_if_pending_migrations\b|\balembic\s+check\b/i;

/** Deployments that run migrations, or that are not ready before the newest one has run. */
function deployNeeds(shown: ShownLines): readonly DiffNeed[] {
  const fresh = shown.fresh.filter((line) => !/^\s*(?:#|\/\/)/.test(line));
  const boot = BOOT_FILE.test(shown.path);
  const hook = /helm\.sh\/hook"?\s*:\s*"?[\w,\s-]*(?:pre|post)-(?:upgrade|install|rollback)|argocd\.argoproj\.io\/hook"?\s*:\s*"?(?:PreSync|Sync|PostSync)/;
  const known = new Set(shown.gone.map((line) => line.trim()));
  const added = fresh.filter((line) => !known.has(line.trim()));
  if (hook.test(shown.text) && /migrat|alembic|flyway|liquibase|db:|goose|prisma|knex/i.test(shown.text) && added.length > 0) return [fileNeed('at-deploy', shown, 'runs migrations in a hook of the deployment')];
  if (boot && added.some((line) => RUNS_MIGRATIONS.test(line)) && !shown.gone.some((line) => RUNS_MIGRATIONS.test(line))) return [fileNeed('at-deploy', shown, 'runs migrations when the program starts')];
  if (/\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|cs|php|exs?|rs|properties|ya?ml)$/i.test(shown.path) && added.some((line) => BOOT_CODE.test(line)) && !shown.gone.some((line) => BOOT_CODE.test(line))) return [fileNeed('at-deploy', shown, 'runs migrations when the program starts')];
  const ready = boot || /ready|readiness|health|live|probe/i.test(shown.path) || /readinessProbe|readiness|healthz|readyz/i.test(shown.text);
  return ready && added.some((line) => READINESS.test(line)) ? [fileNeed('at-deploy', shown, 'is ready only when the newest migration has run')] : [];
}
