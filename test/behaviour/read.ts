import { behavioursOf, loadLanguage } from '../../src/behaviour/behaviours-of.js';
import type { Event, EventKind, FunctionBehaviour } from '../../src/behaviour/event.js';

/** Reads a text as the file of that name. */
export async function read(text: string, path = 'src/wallet.ts', lockWrappers: readonly string[] = []): Promise<readonly FunctionBehaviour[]> {
  await loadLanguage(path, text);
  const result = behavioursOf(path, text, { lockWrappers });
  if (result.status !== 'read') throw new Error(`not read: ${result.reason}`);
  return result.functions;
}

/** The only function of a text, or the one of that name. */
export async function readOne(text: string, symbol?: string, path?: string): Promise<FunctionBehaviour> {
  const functions = await read(text, path);
  const found = symbol === undefined ? functions[0] : functions.find((one) => one.symbol === symbol);
  if (found === undefined) throw new Error(`no function ${symbol ?? ''} among ${functions.map((one) => one.symbol).join(', ')}`);
  return found;
}

/** The events of a kind, in order. */
export function eventsOf<K extends EventKind>(behaviour: FunctionBehaviour, kind: K): readonly Extract<Event, { kind: K }>[] {
  return behaviour.events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);
}
