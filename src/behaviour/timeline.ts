import type { Evidence, ScheduleStep } from '../core/finding.js';
import type { Event, FunctionBehaviour } from './event.js';

/** Two runs of the same function that reach each step before either reaches the next: the order that breaks it. */
export function lockstep(events: readonly Event[], text: string): Evidence {
  const steps = events.flatMap((event): readonly ScheduleStep[] => [
    { actor: 'A', line: event.span.startLine, text: event.text },
    { actor: 'B', line: event.span.startLine, text: event.text },
  ]);
  return { kind: 'schedule', text, steps };
}

/** What a call is called, as written, without its arguments: `prisma.account.update`. */
export function calledAs(event: Event): string {
  const text = event.text.replace(/^await\s+/, '');
  const open = text.search(/[(`]/);
  const name = (open === -1 ? text : text.slice(0, open)).replace(/\s+/g, '').replace(/<.*$/, '');
  return name.length > 60 ? `…${name.slice(-60)}` : name;
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
