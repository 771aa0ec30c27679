import type { Event, FunctionBehaviour } from './event.js';

/** What a call is called, without its arguments: `prisma.account.update`, `knex(…).where(…).update`; SQL by its statement. */
export function calledAs(event: Event): string {
  const text = event.text.replace(/^(await|void)\s+/, '');
  if (event.kind === 'write' && /\b(query|execute|none|one|oneOrNone|any|result|\$\w+|sql)\s*(<[^(]*>)?[(`]/.test(text.split('(')[0] + '(') && SQL_LIBRARIES.has(event.library)) {
    const verb = { insert: 'INSERT INTO', update: 'UPDATE', delete: 'DELETE FROM', upsert: 'INSERT INTO', save: 'UPDATE' }[event.operation];
    return `${verb} ${event.entityName}`;
  }
  const name = withoutArguments(text);
  return name.length > 70 ? `…${name.slice(-70)}` : name;
}

const SQL_LIBRARIES = new Set(['pg', 'mysql', 'mysql2', 'sql', 'postgres', 'typeorm', 'knex', 'prisma']);

function withoutArguments(text: string): string {
  let depth = 0;
  let name = '';
  for (const letter of text) {
    if (letter === '(' || letter === '`') {
      if (depth === 0) name += '(…)';
      depth += letter === '(' || depth === 0 ? 1 : 0;
    } else if (letter === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0 && letter !== ' ' && letter !== ';') name += letter;
  }
  return name.replace(/<[^.]*>(?=\()/g, '').replace(/\(…\)$/, '');
}

/** A condition as written, short enough for a sentence. */
export function quoted(event: Event): string {
  const text = event.text.length > 80 ? `${event.text.slice(0, 79)}…` : event.text;
  return text.includes('`') ? `"${text.replaceAll('`', "'")}"` : `\`${text}\``;
}

/** A line of the function's source, as it stands in the file; null for its first line, of which only a part is known. */
export function lineOf(behaviour: FunctionBehaviour, line: number): string | null {
  const offset = line - behaviour.span.startLine;
  if (offset < 0 || (offset === 0 && behaviour.span.startColumn !== 1)) return null;
  return behaviour.bodyText.split('\n')[offset]?.replace(/\r$/, '') ?? null;
}

/** A comment beside a call says that nobody is to wait for it, or what becomes of its failure. */
export function isSentOff(behaviour: FunctionBehaviour, event: Event): boolean {
  const lines = [event.span.startLine - 2, event.span.startLine - 1, event.span.startLine].map((line) => lineOf(behaviour, line) ?? '');
  const beside = /^\s*(\/\/|\/?\*)/.test(lines[1] ?? '') ? lines : lines.slice(1);
  return beside.some((line) => /(\/\/|\/\*|^\s*\*).*\b(await|background|fire.?and.?forget|non-?blocking|not block\w*|in parallel|asynchronous\w*|best.?effort)\b/i.test(line));
}
