import { sleep } from './sleep';

export async function charge(id: string) {
  while (true) { // want `When .fetch. on line 6 fails, the handler on line 9 lets the loop on line 4 go round again, without a count, a deadline or a signal`
    try {
      const response = await fetch(`https://pay.example.com/${id}`, { method: 'POST' });
      if (!response.ok) throw new Error('refused');
      return await response.json();
    } catch (error) {
      console.warn('charge failed, trying again', error);
      await sleep(1000);
    }
  }
}

export async function lookup(client: { query(text: string): Promise<unknown> }) {
  let result;
  for (;;) { // want `the handler on line 22 lets the loop on line 18 go round again`
    try {
      result = await client.query('SELECT 1 FROM rates');
      break;
    } catch {
      continue;
    }
  }
  return result;
}

export async function upload(path: string): Promise<void> {
  try {
    await fetch(`https://store.example.com/${path}`, { method: 'PUT' });
  } catch (error) {
    await sleep(500);
    return upload(path); // want `When .fetch. on line 31 fails, the handler calls .upload. again on line 34, with nothing that counts`
  }
}

export async function flagged(file: { readonly name: string }) {
  let done = false;
  while (!done) { // want `When .fetch. on line 42 fails, the handler on line 44 lets the loop on line 40 go round again, without a count, a deadline or a signal: as long as it fails, this never returns`
    try {
      await fetch(`https://store.example.com/${file.name}`, { method: 'PUT' });
      done = true;
    } catch (error) {
      console.error(error);
    }
  }
}

export async function flaggedBelow(file: { readonly name: string }) {
  let ok;
  do { // want `the handler on line 56 lets the loop on line 52 go round again`
    try {
      await fetch(`https://store.example.com/${file.name}`, { method: 'PUT' });
      ok = true;
    } catch {
      ok = false;
      await sleep(250);
    }
  } while (!ok);
}

// A signal that the handler swallows ends nothing.
export async function deaf(id: string, signal: AbortSignal) {
  for (;;) { // want `lets the loop on line 65 go round again`
    try {
      signal.throwIfAborted();
      return await fetch(`https://pay.example.com/${id}`);
    } catch {
      await sleep(250);
    }
  }
}

export async function someErrors(client: { query(text: string): Promise<unknown> }) {
  for (;;) { // want `without a count, a deadline or a signal: as long as it fails this way, this never returns`
    try {
      return await client.query('UPDATE rates SET seen = true');
    } catch (error) {
      if ((error as { code?: string }).code !== '40001') throw error;
    }
  }
}
