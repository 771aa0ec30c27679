import type { ProofServer } from '../core/proof-report.js';
import { parseOne } from '../languages/sql.js';
import { refusedBeforeRun } from './engine/refused.js';
import type { SentStatement } from './sent-statements.js';

/** Why a statement is not sent to the server. */
export interface LeftOut {
  readonly reason: string;
  /** Whether the rest of the migration means the same without it. */
  readonly harmless: boolean;
}

// A statement that does not parse is the server's to refuse; one that is long is sent all the same.
const SENT_ANYWAY = /^line \d+: |^longer than \d+ characters$|^nested too deeply/;

const PLACEHOLDER = /[$#]\{|\{\{|\{%|<%|%\(\w+\)s|(?<![:\w]):["']?[a-z_]\w*|^\s*\\/im;

function placeholderIn(text: string): string | null {
  return PLACEHOLDER.test(text) && parseOne(text) === null ? 'a template placeholder' : null;
}

/** `stubbed`: extensions that are left out. */
export function leftOutBy(stubbed: ReadonlySet<string>, kind: ProofServer['kind']): (statement: SentStatement) => LeftOut | null {
  return (statement) => {
    const [step] = statement.steps;
    const extensions = step.kind === 'create-extension' ? [step.extension] : step.kind === 'drop-extension' ? step.extensions : [];
    if (extensions.length > 0 && extensions.every((name) => stubbed.has(name.toLowerCase()))) return { reason: `the extension ${extensions.join(', ')} is not there`, harmless: true };
    const unread = statement.opaque !== null && !SENT_ANYWAY.test(statement.opaque) ? statement.opaque : placeholderIn(statement.text);
    const reason = unread ?? refusedBeforeRun(statement.text, kind);
    return reason === null ? null : { reason, harmless: false };
  };
}
