import { DEFAULT_READ_LIMITS } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import { decodeText, withoutByteOrderMark } from './blob-sha.js';
import type { Client } from './client.js';
import { bytesUpTo } from './download.js';

/** A file's text at a branch or commit; null when there is none, or it is no text of at most a megabyte. */
export async function readHostFile(client: Client, repo: RepositoryName, path: string, ref: string | null): Promise<string | null> {
  const parameters = { owner: repo.owner, repo: repo.name, path, ...(ref === null ? {} : { ref }) };
  const reply = await client.find('GET /repos/{owner}/{repo}/contents/{path}', parameters);
  if (reply === null || Array.isArray(reply.data) || reply.data.type !== 'file' || !('content' in reply.data)) return null;
  const bytes = reply.data.encoding === 'base64' ? Buffer.from(reply.data.content, 'base64') : await bytesUpTo(await client.stream('GET /repos/{owner}/{repo}/contents/{path}', parameters, 'application/vnd.github.raw+json'), DEFAULT_READ_LIMITS.fileBytes);
  const text = bytes === 'too-large' ? null : decodeText(bytes);
  return text === null ? null : withoutByteOrderMark(text);
}
