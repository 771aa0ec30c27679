import type { DataLoss, SchemaDifference } from '../../core/proof-report.js';
import type { QualifiedName } from '../../migrations/definition.js';
import type { Step, StepOf } from '../../migrations/step.js';

/** A migration's directions, in steps. */
export interface Pair {
  readonly up: readonly Step[];
  readonly down: readonly Step[];
}

/**
 * The differences that this down is to blame for. Left out is what nobody could bring back, or what the history cannot know:
 * values of an enum that up adds (Postgres has no way to drop one), and what up drops IF EXISTS, which was made by other hands,
 * so that down makes it again.
 */
export function toldDifferences(differences: readonly SchemaDifference[], { up }: Pair): readonly SchemaDifference[] {
  const perhaps = droppedIfThere(up);
  const values = new Set(up.flatMap((step) => (step.kind === 'add-enum-value' ? [`'${step.value.replaceAll("'", "''")}'`] : [])));
  return differences.filter((one) => !(one.before === null && perhaps.has(bare(one.object))) && !onlyGained(one, values));
}

/** `constraint public.users.users_email` and `function public.f(text)` as `constraint users.users_email` and `function f`. */
function bare(object: string): string {
  const [, kind = '', name = ''] = /^(.*?) ([^ ]+?)(?:\(.*)?$/s.exec(object) ?? [];
  return `${kind} ${name.slice(name.indexOf('.') + 1)}`;
}

function droppedIfThere(up: readonly Step[]): ReadonlySet<string> {
  return new Set(up.flatMap((step): string[] => {
    const all = (kind: string, names: readonly QualifiedName[]): string[] => names.map(({ name }) => `${kind} ${name}`);
    switch (step.kind) {
      case 'drop-table': return step.ifExists ? all('table', step.tables) : [];
      case 'drop-view': return step.ifExists ? all(step.materialized ? 'materialized view' : 'view', step.views) : [];
      case 'drop-index': return step.ifExists ? all('index', step.indexes) : [];
      case 'drop-sequence': return step.ifExists ? all('sequence', step.sequences) : [];
      case 'drop-function': return step.ifExists ? ['function', 'procedure', 'aggregate'].flatMap((kind) => all(kind, step.functions)) : [];
      case 'drop-type': return step.ifExists ? ['enum', 'domain', 'type', 'range'].flatMap((kind) => all(kind, step.types)) : [];
      case 'drop-column': return step.columnIfExists ? [`column ${step.table.name}.${step.column}`] : [];
      case 'drop-constraint': return step.constraintIfExists ? [`constraint ${step.table.name}.${step.constraint}`] : [];
      case 'drop-trigger': return step.ifExists ? [`trigger ${step.table.name}.${step.trigger}`] : [];
      case 'drop-policy': return step.ifExists ? [`policy ${step.table.name}.${step.policy}`] : [];
      default: return [];
    }
  }));
}

const LABEL = /'(?:[^']|'')*'/g;

/** Whether an enum is as before but for values that up added. */
function onlyGained({ object, before, after }: SchemaDifference, added: ReadonlySet<string>): boolean {
  if (!object.startsWith('enum ') || before === null || after === null || added.size === 0) return false;
  const [old, now] = [before.match(LABEL) ?? [], (after.match(LABEL) ?? []).filter((label) => !added.has(label))];
  return old.filter((label) => !added.has(label)).join() === now.join() && old.every((label) => after.includes(label)) && before.replace(LABEL, '').replace(/^[, ]*/, '') === after.replace(LABEL, '').replace(/^[, ]*/, '');
}

/**
 * The losses that any rows would have. Left out is what hangs on how made-up rows of several tables go together: what down fills
 * again from tables that up does not write to (in real ones that is the same data), and rows that up deletes by a look at others.
 */
export function toldLosses(losses: readonly DataLoss[], { up, down }: Pair): readonly DataLoss[] {
  const refilled = down.flatMap((step) => ((step.kind === 'insert' || step.kind === 'update') && fromElsewhere(step, up) ? [step] : []));
  const byOthers = up.some((step) => step.kind === 'delete' && step.reads.length > 0);
  return losses.filter(({ table, column, rows, of }) => {
    const owner = table ?? column?.slice(0, column.lastIndexOf('.')) ?? '';
    if (refilled.some((step) => isNamed(owner, step.table) && (step.kind === 'insert' || (column !== undefined && step.columns.some((name) => column === `${owner}.${name}`))))) return false;
    return !(byOthers && column === undefined && rows < of && !up.some((step) => deletesOutright(step, owner)));
  });
}

/** Whether a statement of down reads tables, none of which up wrote to: no value passed through up. */
function fromElsewhere(step: StepOf<'insert'> | StepOf<'update'>, up: readonly Step[]): boolean {
  const reads = step.reads.filter(({ name }) => name !== step.table.name);
  return reads.length > 0 && !reads.some((read) => up.some((each) => writes(each, read.name)));
}

function writes(step: Step, name: string): boolean {
  switch (step.kind) {
    case 'insert': case 'update': case 'merge': case 'create-table': case 'create-table-as': return step.table.name === name;
    case 'copy': return step.from && step.table?.name === name;
    case 'rename-relation': return step.to === name;
    default: return false;
  }
}

function deletesOutright(step: Step, table: string): boolean {
  if (step.kind === 'truncate' || step.kind === 'drop-table') return step.tables.some((name) => isNamed(table, name));
  return step.kind === 'delete' && step.reads.length === 0 && isNamed(table, step.table);
}

function isNamed(key: string, { schema, name }: QualifiedName): boolean {
  return schema === null ? key.endsWith(`.${name}`) : key === `${schema}.${name}`;
}
