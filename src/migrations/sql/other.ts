import type { Node } from '../../languages/sql.js';
import type { StepBody } from '../step.js';
import { roleText } from './alter-table.js';
import { definitions } from './options.js';
import { hasOption } from './session.js';

/** Why nothing can be said of a statement whose objects only the database knows; null for every other. */
function unknownObjects(node: Node): string | null {
  if ('AlterTableMoveAllStmt' in node) return `it moves everything in tablespace ${node.AlterTableMoveAllStmt.orig_tablespacename ?? ''}, whatever that is`;
  if ('DropOwnedStmt' in node) return `it drops whatever ${rolesText(node.DropOwnedStmt.roles)} owns`;
  if ('ReassignOwnedStmt' in node) return `it changes the owner of whatever ${rolesText(node.ReassignOwnedStmt.roles)} owns`;
  if ('ExecuteStmt' in node) return `it runs the prepared statement ${node.ExecuteStmt.name ?? ''}`;
  return null;
}

function rolesText(nodes: readonly Node[] | undefined): string {
  return (nodes ?? []).flatMap((each) => ('RoleSpec' in each ? [roleText(each.RoleSpec)] : [])).join(', ');
}

/** Whether a subscription's options ask for work at the publisher that no transaction can hold. */
function leavesTransaction(options: readonly Node[] | undefined, name: string): boolean {
  return !definitions(options).some((each) => each.defname === name) || hasOption(options, name);
}

/** Statements beside the usual ones that the server refuses inside a transaction block. */
function needsOutside(node: Node): boolean {
  if ('CreatedbStmt' in node || 'CreateTableSpaceStmt' in node || 'DropTableSpaceStmt' in node || 'AlterSystemStmt' in node) return true;
  if ('AlterDatabaseStmt' in node) return definitions(node.AlterDatabaseStmt.options).some((each) => each.defname === 'tablespace');
  if ('CreateSubscriptionStmt' in node) {
    const { options } = node.CreateSubscriptionStmt;
    return leavesTransaction(options, 'connect') && leavesTransaction(options, 'create_slot');
  }
  if ('AlterSubscriptionStmt' in node) return node.AlterSubscriptionStmt.kind === 'ALTER_SUBSCRIPTION_REFRESH';
  return 'DropSubscriptionStmt' in node || ('DiscardStmt' in node && node.DiscardStmt.target === 'DISCARD_ALL');
}

/**
 * Statements without a kind of their own: about roles, databases, languages, text search, operators, foreign servers, messages.
 * They lock no table, or one that nobody else waits for.
 */
export function readOther(node: Node, tag: string): StepBody {
  const unknown = unknownObjects(node);
  if (unknown !== null) return { kind: 'opaque', reason: unknown };
  return needsOutside(node) ? { kind: 'raw', tag, outsideTransaction: true } : { kind: 'raw', tag };
}
