import type { Node, TransactionStmt, VacuumStmt, VariableSetStmt } from '../../languages/sql.js';
import type { LockMode, StepBody } from '../step.js';
import { relationName } from './names.js';
import type { QualifiedName } from '../definition.js';

function constantText(node: Node): string {
  if ('A_Const' in node) {
    const { ival, fval, sval, boolval } = node.A_Const;
    if (sval !== undefined) return sval.sval ?? '';
    if (fval !== undefined) return fval.fval ?? '';
    if (boolval !== undefined) return String(boolval.boolval ?? false);
    return String(ival?.ival ?? 0);
  }
  return 'TypeCast' in node && node.TypeCast.arg !== undefined ? constantText(node.TypeCast.arg) : '';
}

/** SET, RESET; the setting's name lower-cased, its values joined by commas. */
export function readSet(node: VariableSetStmt): StepBody {
  // SET TRANSACTION and SET SESSION CHARACTERISTICS set no single setting.
  if (node.kind === 'VAR_SET_MULTI') return { kind: 'raw', tag: 'VariableSetStmt' };
  const setting = node.kind === 'VAR_RESET_ALL' ? 'all' : (node.name ?? '').toLowerCase();
  const value = node.kind === 'VAR_SET_VALUE' ? (node.args ?? []).map(constantText).join(', ') : null;
  return { kind: 'set-setting', setting, value, local: node.is_local ?? false };
}

const ACTIONS = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_PREPARE: 'commit',
  TRANS_STMT_COMMIT_PREPARED: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollback-to',
} as const;

export function readTransaction(node: TransactionStmt): StepBody {
  return { kind: 'transaction', action: ACTIONS[node.kind ?? 'TRANS_STMT_BEGIN'], ...(node.savepoint_name === undefined ? {} : { savepoint: node.savepoint_name }) };
}

// The server's lock numbers 1 to 8, weakest first.
const MODES: readonly LockMode[] = ['AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

/** The mode behind the number in LOCK TABLE. */
export function lockMode(number: number | undefined): LockMode {
  return MODES[(number ?? MODES.length) - 1] ?? 'AccessExclusiveLock';
}

/** Whether an option list holds `name`, not switched off. */
export function hasOption(nodes: readonly Node[] | undefined, name: string): boolean {
  return (nodes ?? []).some((node) => {
    if (!('DefElem' in node) || node.DefElem.defname !== name) return false;
    const { arg } = node.DefElem;
    if (arg === undefined) return true;
    const text = 'String' in arg ? (arg.String.sval ?? '') : 'Boolean' in arg ? String(arg.Boolean.boolval ?? false) : 'Integer' in arg ? String(arg.Integer.ival ?? 0) : 'true';
    return !['false', 'off', '0', 'no'].includes(text.toLowerCase());
  });
}

export function readVacuum(node: VacuumStmt): StepBody {
  const tables: QualifiedName[] = (node.rels ?? []).flatMap((each) => ('VacuumRelation' in each && each.VacuumRelation.relation !== undefined ? [relationName(each.VacuumRelation.relation)] : []));
  if (node.is_vacuumcmd !== true) return { kind: 'analyze', tables };
  return { kind: 'vacuum', tables, full: hasOption(node.options, 'full'), analyze: hasOption(node.options, 'analyze') };
}
