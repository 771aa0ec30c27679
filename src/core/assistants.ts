/** Accounts that assistants and agents work under, lower case, without `[bot]`. */
const LOGINS: ReadonlyMap<string, string> = new Map([
  ['copilot', 'Copilot'],
  ['copilot-swe-agent', 'Copilot'],
  ['github-copilot', 'Copilot'],
  ['claude', 'Claude'],
  ['claude-code', 'Claude'],
  ['anthropic-claude', 'Claude'],
  ['cursoragent', 'Cursor'],
  ['cursor', 'Cursor'],
  ['devin-ai-integration', 'Devin'],
  ['google-labs-jules', 'Jules'],
  ['gemini-code-assist', 'Gemini'],
  ['chatgpt-codex-connector', 'Codex'],
  ['openai-codex', 'Codex'],
  ['codegen-sh', 'Codegen'],
  ['sweep-ai', 'Sweep'],
  ['openhands-agent', 'OpenHands'],
  ['amp-code', 'Amp'],
  ['factory-droid', 'Factory'],
]);

/** Addresses that assistants put into `Co-authored-by`, lower case. */
const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['noreply@anthropic.com', 'Claude'],
  ['claude@anthropic.com', 'Claude'],
  ['cursoragent@cursor.com', 'Cursor'],
  ['copilot@github.com', 'Copilot'],
  ['codex@openai.com', 'Codex'],
  ['noreply@openai.com', 'Codex'],
  ['noreply@aider.chat', 'Aider'],
  ['aider@aider.chat', 'Aider'],
  ['amp@ampcode.com', 'Amp'],
  ['openhands@all-hands.dev', 'OpenHands'],
  ['gemini-code-assist@google.com', 'Gemini'],
  ['noreply@google.com', 'Gemini'],
  ['jules@google.com', 'Jules'],
  ['cascade@windsurf.com', 'Windsurf'],
  ['cline@cline.bot', 'Cline'],
]);

const NO_REPLY = /^(?:\d{1,12}\+)?([a-z\d](?:[a-z\d-]{0,38}))(?:\[bot\])?@users\.noreply\./;

/** The assistant behind an account; null where it is none that is known. */
export function assistantByLogin(login: string): string | null {
  return LOGINS.get(login.toLowerCase().replace(/\[bot\]$/, '')) ?? null;
}

/** The assistant behind an address in a `Co-authored-by` line; null where it is none that is known. */
export function assistantByAddress(address: string): string | null {
  const known = address.toLowerCase();
  const login = NO_REPLY.exec(known)?.[1];
  return ADDRESSES.get(known) ?? (login === undefined ? null : assistantByLogin(login));
}
