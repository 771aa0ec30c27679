import { identifier } from './names.js';
import type { OldStatement } from './old-code.js';

/** Longer lines are nobody's schema. */
const LONGEST_LINE = 4000;
const SCALARS = new Set(['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Json', 'Bytes']);

interface Field {
  readonly column: string;
  readonly type: string;
  /** Whether the client always writes it: it is required, and its value is not the server's. */
  readonly written: boolean;
}

interface Model {
  readonly name: string;
  readonly line: number;
  table: string;
  schema: string | null;
  ignored: boolean;
  readonly fields: Field[];
}

function mapped(line: string, attribute: string): string | null {
  return new RegExp(`(?<![@\\w])${attribute}\\(\\s*(?:name\\s*:\\s*)?"([^"]+)"`).exec(line)?.[1] ?? null;
}

/** What Prisma's client asks for each model whose table is among `touched` (`schema.name`): all scalar fields by name. */
export function prismaStatements(path: string, source: string, touched: ReadonlySet<string>): readonly OldStatement[] {
  const enums = new Set([...source.matchAll(/^\s*enum\s+(\w+)/gm)].map((match) => match[1] ?? ''));
  return modelsIn(source).flatMap((model) => {
    const key = model.schema === null ? ([...touched].find((each) => each === `public.${model.table}`) ?? [...touched].find((each) => each.slice(each.indexOf('.') + 1) === model.table)) : `${model.schema}.${model.table}`;
    if (model.ignored || key === undefined || !touched.has(key)) return [];
    const fields = model.fields.filter(({ type }) => SCALARS.has(type) || enums.has(type));
    return statementsOf(path, model, identifier(key.slice(0, key.indexOf('.')), model.table), fields);
  });
}

function statementsOf(path: string, { line }: Model, table: string, fields: readonly Field[]): OldStatement[] {
  if (fields.length === 0) return [];
  const written = fields.filter((field) => field.written);
  const names = (some: readonly Field[]): string => some.map(({ column }) => identifier(column)).join(', ');
  const said = (statement: string): OldStatement => ({ statement, path, line });
  return [
    said(`SELECT ${names(fields)} FROM ${table}`),
    ...(written.length === 0 ? [] : [said(`INSERT INTO ${table} (${names(written)}) VALUES (${written.map((_, index) => `$${String(index + 1)}`).join(', ')})`)]),
  ];
}

function modelsIn(source: string): Model[] {
  const models: Model[] = [];
  let open: Model | null = null;
  source.split('\n').forEach((whole, index) => {
    const line = whole.slice(0, LONGEST_LINE).replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/g, (_, quoted?: string) => quoted ?? '').trim();
    const head = open === null ? /^model\s+(\w+)\s*\{/.exec(line) : null;
    if (head !== null) {
      open = { name: head[1] ?? '', line: index + 1, table: head[1] ?? '', schema: null, ignored: false, fields: [] };
      models.push(open);
    } else if (line === '}') open = null;
    else if (open !== null) readLine(open, line);
  });
  return models;
}

function readLine(model: Model, line: string): void {
  if (line.startsWith('@@')) {
    model.table = line.startsWith('@@map') ? (mapped(line, '@@map') ?? model.table) : model.table;
    model.schema = line.startsWith('@@schema') ? mapped(line, '@@schema') : model.schema;
    model.ignored ||= line.startsWith('@@ignore');
    return;
  }
  const field = /^(\w+)\s+(\w+)(\[\])?(\?)?/.exec(line);
  if (field === null || /(?<![@\w])@(?:ignore|relation)\b/.test(line)) return;
  const server = /@default\(\s*(?:autoincrement|dbgenerated|sequence)\(/.test(line);
  model.fields.push({ column: mapped(line, '@map') ?? field[1] ?? '', type: field[2] ?? '', written: field[3] === undefined && field[4] === undefined && !server });
}
