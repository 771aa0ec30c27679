import { assistantByAddress } from '../core/assistants.js';
import type { Permission } from '../core/config.js';
import type { Participants } from '../core/host.js';
import type { RepositoryName } from '../core/job.js';
import type { Client } from './client.js';
import type { ReadCommit } from './read-comparison.js';

/** A trailer, and its address where it has a proper one. */
const CO_AUTHOR = /^[ \t]*co-authored-by[ \t]*:([^\n]{0,1000})/gim;
const ADDRESS = /<\s*([^<>\s]{1,200})\s*>\s*$/;
const NO_REPLY = /^(?:\d{1,12}\+)?([a-z\d](?:[a-z\d-]{0,38})(?:\[bot\])?)@users\.noreply\./i;
/** The account behind commits made in the browser: not a person. */
const HOST_ITSELF = 'web-flow';

/** Everybody who made these commits, and the pull request's author. `unknownAuthors` where an address has no account. */
export function participantsOf(author: string, commits: readonly ReadCommit[], complete: boolean): Participants {
  const authors = new Set<string>([author.toLowerCase()]);
  let unknownAuthors = !complete;
  for (const commit of commits) {
    for (const login of [commit.author, commit.committer]) {
      if (login === null) unknownAuthors = true;
      else if (login !== HOST_ITSELF) authors.add(login.toLowerCase());
    }
    for (const [, named = ''] of commit.message.matchAll(CO_AUTHOR)) {
      const address = ADDRESS.exec(named)?.[1] ?? '';
      const login = NO_REPLY.exec(address)?.[1];
      if (login !== undefined) authors.add(login.toLowerCase());
      // An assistant is nobody who could approve, so there is no account to be found out.
      else if (assistantByAddress(address) === null) unknownAuthors = true;
    }
  }
  return { authors, unknownAuthors };
}

const ROLES: ReadonlySet<string> = new Set<Permission>(['admin', 'maintain', 'write', 'triage', 'read', 'none']);

/** What somebody may do here, as the host decides it now; `none` for strangers. */
export async function readPermission(client: Client, repo: RepositoryName, login: string): Promise<Permission> {
  const reply = await client.find('GET /repos/{owner}/{repo}/collaborators/{username}/permission', { owner: repo.owner, repo: repo.name, username: login });
  if (reply === null) return 'none';
  // A custom role counts as the standard one that it is built on, which `permission` names (without maintain and triage).
  const role = [reply.data.role_name, reply.data.permission].find((word) => ROLES.has(word));
  return (role as Permission | undefined) ?? 'none';
}

/** Whether somebody is an active member of a team of the owner, named `team` or `owner/team`. No right to look means no. */
export async function readTeamMember(client: Client, owner: string, team: string, login: string): Promise<boolean> {
  const slug = team.split('/').at(-1) ?? team;
  const reply = await client.find('GET /orgs/{org}/teams/{team_slug}/memberships/{username}', { org: owner, team_slug: slug, username: login });
  return reply?.data.state === 'active';
}

/** Who pushed this head to a branch of the repository, by its activity log; null when it does not say. */
export async function readPusher(client: Client, repo: RepositoryName, branch: string, headSha: string): Promise<string | null> {
  const reply = await client.find('GET /repos/{owner}/{repo}/activity', { owner: repo.owner, repo: repo.name, ref: `refs/heads/${branch}`, per_page: 30 });
  const activity = reply?.data.find((one) => one.after === headSha);
  return activity?.actor?.login.toLowerCase() ?? null;
}
