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
