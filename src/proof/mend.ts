import { quoteName } from '../migrations/quote.js';
import type { Engine, Refusal } from './engine.js';

/**
 * Roles belong to the server and not to the database: no migration makes them, and an embedded server has none. They are made
 * when a statement asks for them; on a server that was given they are left alone.
 */
export function rolesMadeFor(engine: Engine, note: (text: string) => void): (refusal: Refusal) => Promise<boolean> {
  return async ({ code, message }) => {
    const role = code === '42704' && engine.server.kind === 'pglite' ? /role "([^"]+)" does not exist/.exec(message)?.[1] : undefined;
    if (role === undefined || (await engine.attempt(`create role ${quoteName(role)}`)) !== null) return false;
    note(`the role ${role} is not there and was made`);
    return true;
  };
}
