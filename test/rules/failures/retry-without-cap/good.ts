import { sleep } from './sleep';
import { queue, process } from './queue';
import { logger } from './logger';

export async function counted(id: string) {
  let attempt = 0;
  while (true) {
    try {
      return await fetch(`https://pay.example.com/${id}`);
    } catch (error) {
      attempt += 1;
      if (attempt >= 5) throw error;
      await sleep(2 ** attempt * 100 * Math.random());
    }
  }
}

export async function until(id: string) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await fetch(`https://pay.example.com/${id}`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}

export async function stopped(id: string, signal: AbortSignal) {
  while (true) {
    if (signal.aborted) throw signal.reason;
    try {
      return await fetch(`https://pay.example.com/${id}`, { signal });
    } catch {
      await sleep(250);
    }
  }
}

export async function bounded(id: string) {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await fetch(`https://pay.example.com/${id}`);
    } catch (error) {
      logger.warn(error);
    }
  }
  throw new Error('gave up');
}

// A consumer: success does not end it.
export async function consumer() {
  while (true) {
    try {
      const message = await queue.receive();
      await process(message);
    } catch (error) {
      logger.error(error);
      await sleep(1000);
    }
  }
}

// The handler takes the cause away instead of trying the same again.
export async function batches(table: { next(): Promise<number>; skip(): Promise<void> }) {
  while (true) {
    try {
      const done = await table.next();
      if (done === 0) break;
    } catch (error) {
      logger.error(error);
      await table.skip();
    }
  }
}

export async function countedDown(id: string, retries = 3): Promise<Response> {
  try {
    return await fetch(`https://pay.example.com/${id}`);
  } catch (error) {
    if (retries === 0) throw error;
    return countedDown(id, retries - 1);
  }
}

// Keeps a connection up for as long as the process lives.
export async function connect(client: { connect(): Promise<void> }): Promise<void> {
  try {
    await client.connect();
  } catch {
    await sleep(1000);
    return connect(client);
  }
}

// Another function of the same name, once, on one kind of error.
export class Model extends Base {
  async generate(messages: string[]): Promise<string> {
    try {
      return await super.generate(messages);
    } catch (error) {
      this.plain = true;
      return await super.generate(messages);
    }
  }
}

declare class Base {
  plain: boolean;
  generate(messages: string[]): Promise<string>;
}

export async function asked(id: string, signal: AbortSignal) {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await fetch(`https://pay.example.com/${id}`, { signal });
    } catch {
      await sleep(250);
    }
  }
}

export async function pausedUntilAborted(id: string, signal: AbortSignal) {
  for (;;) {
    try {
      return await fetch(`https://pay.example.com/${id}`, { signal });
    } catch {
      await sleep(250, undefined, { signal });
    }
  }
}

export async function askedAgain(id: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  try {
    return await fetch(`https://pay.example.com/${id}`, { signal });
  } catch {
    await sleep(250);
    return askedAgain(id, signal);
  }
}

export async function flagAndCount(id: string) {
  let done = false;
  let tries = 0;
  while (!done) {
    try {
      await fetch(`https://pay.example.com/${id}`);
      done = true;
    } catch (error) {
      if (++tries > 4) throw error;
    }
  }
}

// The handler sets the flag as well: the first failure ends it.
export async function flagInHandler(id: string) {
  let done = false;
  while (!done) {
    try {
      await fetch(`https://pay.example.com/${id}`);
      done = true;
    } catch (error) {
      logger.error(error);
      done = true;
    }
  }
}

// Somebody else ends it.
export async function flagFromOutside(id: string) {
  let done = false;
  queue.once('drain', () => {
    done = true;
  });
  while (!done) {
    try {
      await fetch(`https://pay.example.com/${id}`);
      done = true;
    } catch (error) {
      logger.error(error);
    }
  }
}

// Not waiting for success: the flag says whether there is more.
export async function pages(next: (cursor: string | null) => Promise<string | null>) {
  let more = true;
  let cursor: string | null = null;
  while (more) {
    try {
      cursor = await next(cursor);
      more = cursor !== null;
    } catch (error) {
      logger.error(error);
      more = false;
    }
  }
}
