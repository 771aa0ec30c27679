import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { BelayError } from '../core/errors.js';
import type { RepositoryName } from '../core/job.js';
import type { Client, Reply } from './client.js';

const MAX_REDIRECTS = 3;

/** Fetches without credentials what the host redirects to; its address carries a short-lived key of its own. */
export type Fetch = typeof globalThis.fetch;

/** The gzipped tar of a commit's tree, as a stream. A head of a fork is reachable through the base repository. */
export async function downloadTree(client: Client, repo: RepositoryName, sha: string, fetch: Fetch, signal: AbortSignal): Promise<Readable> {
  const reply = await client.stream('GET /repos/{owner}/{repo}/tarball/{ref}', { owner: repo.owner, repo: repo.name, ref: sha }, 'application/vnd.github+json', signal);
  if (reply.status < 300) return readable(reply.data);
  return followed(reply, fetch, signal);
}

async function followed(reply: Reply<unknown>, fetch: Fetch, signal: AbortSignal): Promise<Readable> {
  let address = reply.headers['location'];
  for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
    if (typeof address !== 'string' || !/^https?:\/\//.test(address)) break;
    let response: Response;
    try {
      response = await fetch(address, { redirect: 'manual', signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new BelayError('request', 'GitHub did not send the archive of the tree.', { retryAfter: 15_000, cause: error });
    }
    if (response.ok && response.body !== null) return readable(response.body);
    await response.body?.cancel();
    if (response.status < 300 || response.status >= 400) throw new BelayError('request', `GitHub did not send the archive of the tree (status ${response.status}).`, { retryAfter: 15_000 });
    address = new URL(response.headers.get('location') ?? '', address).href;
  }
  throw new BelayError('request', 'GitHub did not say where the archive of the tree is.', { retryAfter: 15_000 });
}

function readable(body: unknown): Readable {
  if (body instanceof ReadableStream) return Readable.fromWeb(body as WebStream<Uint8Array>);
  throw new BelayError('request', 'GitHub sent no archive of the tree.', { retryAfter: 15_000 });
}

/** At most so many bytes of a stream; `too-large` when there are more. */
export async function bytesUpTo(reply: Reply<unknown>, limit: number): Promise<Uint8Array | 'too-large'> {
  const stream = readable(reply.data);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) {
      stream.destroy();
      return 'too-large';
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
