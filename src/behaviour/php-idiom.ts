import type { FunctionBehaviour, Write } from './event.js';
import type { CheckedWrite, StaleWrite } from './races.js';
import { lineOf } from './timeline.js';
import type { Suggestion } from '../core/finding.js';

/** How Laravel and Doctrine write the same thing without the race: in their own words, with the author's names. */

/** The author's variable for the row that is written; null where a query writes it. */
function rowOf(write: Write): string | null {
  return write.target === null ? null : (/^(\$[\w>-]+?)->\w+\(/.exec(write.text)?.[1] ?? null);
}

/** What the query begins with: `Product::`, `DB::table('products')->`. */
function queryOf(write: Write): string {
  const table = /DB::table\((['"][\w.]+['"])\)/.exec(write.text)?.[1];
  if (table !== undefined) return `DB::table(${table})->`;
  const name = write.entityName;
  return /^[A-Z]/.test(name) ? `${name}::` : `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/ies$/, 'y').replace(/([^su])s$/, '$1')}::`;
}

function idOf(write: Write): string {
  const row = rowOf(write);
  return row === null ? '…' : `${row}->id`;
}

export function eloquentAtomic(write: Write, column: string, direction: 'up' | 'down' | null): string {
  const method = direction === 'down' ? 'decrement' : 'increment';
  const row = rowOf(write);
  return row === null ? `\`->${method}('${column}', …)\`` : `\`${row}->${method}('${column}', …)\``;
}

export function eloquentConditional({ write, column, kind, direction }: CheckedWrite): string {
  const query = `${queryOf(write)}where('id', ${idOf(write)})`;
  const lock = `or read the row with \`${queryOf(write)}lockForUpdate()->find(${idOf(write)})\` inside \`DB::transaction\` before the check`;
  if (kind === 'amount') {
    const method = direction === 'down' ? 'decrement' : 'increment';
    return `Put the check into the write: \`${query}->where('${column}', '${direction === 'down' ? '>=' : '<'}', …)->${method}('${column}', …)\`, and fail when it returns 0; ${lock}`;
  }
  const verb = write.operation === 'delete' ? 'delete()' : 'update([…])';
  return `Put the expected state into the write: \`${query}->where('${column}', <the state checked>)->${verb}\`, and stop when it returns 0, before anything else happens; ${lock}`;
}

export function eloquentLock(write: Write): string {
  return `read the row with \`${queryOf(write)}lockForUpdate()->find(${idOf(write)})\` inside \`DB::transaction\`, and change that one`;
}

export const DOCTRINE_LOCK = 'read with `$em->find(…, LockMode::PESSIMISTIC_WRITE)` inside `$em->wrapInTransaction`, or give the entity a `#[ORM\\Version]` field';

/** `$user->credits -= $cost; $user->save();` → `$user->decrement('credits', $cost);`, where the statements stand alone on their lines. */
export function incrementInPlace(behaviour: FunctionBehaviour, { write, assignment, computation }: StaleWrite): Suggestion | null {
  if (write.library !== 'eloquent' || write.target === null || computation !== 'number' || write.data.length !== 1 || !write.dataKnown || write.span.startLine !== write.span.endLine) return null;
  const column = assignment.column.replace(/\W/g, '');
  const last = lineOf(behaviour, write.span.startLine);
  if (last === null) return null;
  const whole = new RegExp(`^(\\s*)(\\$[\\w>-]+)->update\\(\\[\\s*['"]${column}['"]\\s*=>\\s*\\2->${column}\\s*([-+])\\s*(${AMOUNT}),?\\s*\\]\\);\\s*$`).exec(last);
  if (whole !== null) return replacing(write.span.startLine, write.span.startLine, whole[1], whole[2], whole[3], column, whole[4]);
  const saved = /^\s*(\$[\w>-]+)->save\(\);\s*$/.exec(last)?.[1];
  const first = assignment.span.startLine === write.span.startLine - 1 ? lineOf(behaviour, assignment.span.startLine) : null;
  if (saved === undefined || first === null) return null;
  const assigned = new RegExp(`^(\\s*)(\\$[\\w>-]+)->${column}\\s*(?:([-+])=\\s*(${AMOUNT})|=\\s*\\2->${column}\\s*([-+])\\s*(${AMOUNT})|(\\+\\+|--));\\s*$`).exec(first);
  if (assigned === null || assigned[2] !== saved) return null;
  const operator = assigned[3] ?? assigned[5] ?? (assigned[7] === '--' ? '-' : '+');
  return replacing(assignment.span.startLine, write.span.startLine, assigned[1], saved, operator, column, assigned[4] ?? assigned[6] ?? '1');
}

const AMOUNT = '(?:\\d+(?:\\.\\d+)?|\\$[\\w>-]+)';

function replacing(startLine: number, endLine: number, indent = '', row = '', operator = '+', column = '', amount = ''): Suggestion {
  const method = operator === '-' ? 'decrement' : 'increment';
  return { startLine, endLine, text: `${indent}${row}->${method}('${column}'${amount === '1' ? '' : `, ${amount}`});` };
}
