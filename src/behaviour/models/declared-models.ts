import { columnOf, entityOf } from '../entity.js';
import { boundIn, type Bound, type Models } from './models.js';
import { segments } from './segments.js';

interface Found {
  readonly versioned: Set<string>;
  readonly counted: Set<string>;
  readonly unique: Map<string, (readonly string[])[]>;
  readonly bounds: Map<string, Bound[]>;
}

/** Of one declaration, this much is looked at. */
const LONGEST = 20_000;
const LONGEST_HEAD = 2_000;

/**
 * What a file with models of TypeORM, Sequelize, Mongoose, MikroORM or Drizzle declares: versions, unique keys and bounds. Read
 * from the text: declarations stand in few forms, and what is in another form is merely not known.
 */
export function readDeclaredModels(text: string): Models {
  const found: Found = { versioned: new Set(), counted: new Set(), unique: new Map(), bounds: new Map() };
  readClasses(text, found);
  readSequelize(text, found);
  readMongoose(text, found);
  readTables(text, found);
  return found;
}

/** Classes, with the decorators before each. */
function readClasses(text: string, found: Found): void {
  for (const { name, start, body } of segments(text, /^[ \t]*(?:export[ \t]+)?(?:default[ \t]+)?(?:abstract[ \t]+)?class[ \t]+(\w+)/gm)) {
    const entity = entityOf(name);
    const head = text.slice(Math.max(text.lastIndexOf('\n}', start), start - LONGEST_HEAD, 0), start);
    if (entity !== null) readClass(entity, head, body.slice(0, LONGEST), found);
  }
}

function readClass(entity: string, head: string, body: string, found: Found): void {
  if (/@VersionColumn\b/.test(body)) found.counted.add(entity);
  if (/@(?:Property|VersionProperty)\([^)]{0,300}\bversion\s*:\s*true/.test(body)) found.versioned.add(entity);
  if (/@(?:Schema|Table|modelOptions)\(/.test(head) && /\b(?:optimisticConcurrency|version)\s*:\s*true/.test(head)) found.versioned.add(entity);
  for (const match of `${head}\n${body}`.matchAll(/@Check\((?:\s*['"`]\w{1,100}['"`]\s*,)?\s*(?:'([^']{0,300})'|"([^"]{0,300})"|`([^`]{0,300})`)/g)) addBound(entity, match[1] ?? match[2] ?? match[3] ?? '', found);
  for (const match of head.matchAll(/@(?:Unique|Index)\(([^)]{0,300})\)/g)) {
    const list = /\[([^\]]*)\]/.exec(match[1] ?? '')?.[1];
    if (list !== undefined && (match[0].startsWith('@Unique') || /unique\s*:\s*true/.test(match[0]))) addKey(entity, namesIn(list), found);
  }
  for (const match of body.matchAll(/@(?:Column|Property|Prop)\(([^)]{0,300})\)[^;]{0,200}?\b(\w{1,100})[!?]?\s{0,3}:/g)) {
    if (/\bunique\s*:\s*true/.test(match[1] ?? '')) addKey(entity, [match[2] ?? ''], found);
  }
}

/** `sequelize.define('Purse', {…}, { version: true })`, `Purse.init(…)`. */
function readSequelize(text: string, found: Found): void {
  for (const { name, body } of segments(text, /\.define\(\s{0,20}['"`](\w+)['"`]|\b([A-Z]\w*)\.init\(/g)) {
    const entity = entityOf(name);
    if (entity !== null && /\bversion\s*:\s*(?:true\b|['"`])/.test(body.slice(0, LONGEST))) found.versioned.add(entity);
  }
}

/** `new Schema({…}, { optimisticConcurrency: true })`, and the model that is made of it. */
function readMongoose(text: string, found: Found): void {
  const schemas = new Map(segments(text, /\b(\w+)\s{0,3}(?::[^=\n]{0,100})?=\s{0,3}new\s{1,3}(?:mongoose\.)?Schema\b/g).map((one) => [one.name, one.body.slice(0, LONGEST)]));
  for (const match of text.matchAll(/\bmodel(?:<[^(]{0,200}>)?\(\s{0,20}['"`](\w{1,100})['"`]\s{0,20},\s{0,20}(\w{1,100})/g)) {
    const entity = entityOf(match[1] ?? '');
    const schema = schemas.get(match[2] ?? '');
    if (entity === null || schema === undefined) continue;
    if (/\boptimisticConcurrency\s*:\s*true|['"`]optimisticConcurrency['"`]\s*,\s*true/.test(schema)) found.versioned.add(entity);
    for (const field of schema.matchAll(/\b(\w{1,100})\s{0,3}:\s{0,3}\{[^{}]{0,300}\bunique\s*:\s*true/g)) addKey(entity, [field[1] ?? ''], found);
    for (const index of schema.matchAll(/\.index\(\s{0,20}\{([^}]{0,300})\}\s{0,20},\s{0,20}\{[^}]{0,300}\bunique\s*:\s*true/g)) addKey(entity, keysIn(index[1] ?? ''), found);
  }
}

/** Drizzle: `pgTable('accounts', {…}, (table) => [unique().on(table.a, table.b)])`. */
function readTables(text: string, found: Found): void {
  for (const segment of segments(text, /\b(\w+)\s{0,3}=\s{0,3}(?:pg|mysql|sqlite|singlestore)Table\(/g)) {
    const body = segment.body.slice(0, LONGEST);
    const table = /Table\(\s{0,20}['"`](\w{1,100})/.exec(body)?.[1];
    for (const entity of new Set([entityOf(segment.name), table === undefined ? null : entityOf(table)])) {
      if (entity === null) continue;
      for (const key of body.matchAll(/\b(?:unique|uniqueIndex)\([^()]{0,100}\)\s{0,20}\.on\(([^)]{0,300})\)|\bprimaryKey\(\{\s{0,20}columns:\s{0,20}\[([^\]]{0,300})\]/g)) addKey(entity, columnsIn(key[1] ?? key[2] ?? ''), found);
      for (const column of body.matchAll(/^[ \t]*(\w{1,100})\s{0,3}:[^\n]{0,300}\.(?:unique|primaryKey)\(/gm)) addKey(entity, [column[1] ?? ''], found);
      for (const check of body.matchAll(/\bcheck\([^,]{0,100},\s{0,20}sql`\$\{\w{1,100}\.(\w{1,100})\}\s{0,3}(>=?|<=?)/g)) addBound(entity, `${check[1] ?? ''} ${check[2] ?? ''}`, found);
    }
  }
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/['"`](\w+)['"`]/g)].map((one) => one[1] ?? '');
}

function keysIn(object: string): readonly string[] {
  return object.split(',').map((one) => /^\s*['"`]?([\w.]+)/.exec(one)?.[1] ?? '');
}

function columnsIn(list: string): readonly string[] {
  return list.split(',').map((one) => one.trim().replace(/^\w+\./, ''));
}

function addKey(entity: string, columns: readonly string[], found: Found): void {
  const named = columns.map((one) => columnOf(one)).filter((one) => one !== '');
  if (named.length > 0) found.unique.set(entity, [...(found.unique.get(entity) ?? []), named]);
}

function addBound(entity: string, condition: string, found: Found): void {
  const bound = boundIn(condition);
  if (bound !== null) found.bounds.set(entity, [...(found.bounds.get(entity) ?? []), bound]);
}
