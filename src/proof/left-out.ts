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

// A statement that does not parse is the server's to refuse; a long one is sent all the same.
const SENT_ANYWAY = /^line \d+: |^longer than \d+ characters$|^nested too deeply/;

// What is no SQL, or not for this server, or not there to be sent.
const NEVER_SENT = /template|psql|^written for|^behind the first|modifySql/i;

const PLACEHOLDER = /[$#]\{|\{\{|\{%|<%|%\(\w+\)s|(?<![:\w]):["']?[a-z_]\w*|^\s*\\/im;

// Inside of a body, which the grammar does not look into.
const IN_BODY = /^\s*(?:do|create\s+(?:or\s+replace\s+)?(?:function|procedure))\b[^]*(?:\{\{-?\s*[.\w]|\{%|<%)/i;

function placeholderIn(text: string): string | null {
  return PLACEHOLDER.test(text) && (IN_BODY.test(text) || parseOne(text) === null) ? 'a template placeholder' : null;
}

/** Why a statement that the reader could not tell the effect of cannot be sent either. A DO block that puts its SQL together can. */
function unreadable({ opaque, text }: SentStatement): string | null {
  if (opaque === null) return null;
  if (SENT_ANYWAY.test(opaque) && text.length > 0) return placeholderIn(text);
  return NEVER_SENT.test(opaque) || parseOne(text) === null ? opaque : null;
}

/** `stubbed`: extensions that are left out. */
export function leftOutBy(stubbed: ReadonlySet<string>, kind: ProofServer['kind']): (statement: SentStatement) => LeftOut | null {
  return (statement) => {
    const [step] = statement.steps;
    const extensions = step.kind === 'create-extension' ? [step.extension] : step.kind === 'drop-extension' ? step.extensions : [];
    if (extensions.length > 0 && extensions.every((name) => stubbed.has(name.toLowerCase()))) return { reason: `the extension ${extensions.join(', ')} is not there`, harmless: true };
    const reason = unreadable(statement) ?? placeholderIn(statement.text) ?? refusedBeforeRun(statement.text, kind);
    return reason === null ? null : { reason, harmless: false };
  };
}
