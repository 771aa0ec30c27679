import { notFound } from '../problem.js';
import { ok, paginate, route, type Answer, type Call, type Route } from '../route.js';
import type { Role, Team } from '../world.js';
import { isoSeconds } from '../git.js';
import { userView } from '../views/people.js';

/** GitHub's coarse permission for each role. */
const PERMISSION: Readonly<Record<Role, string>> = { admin: 'admin', maintain: 'write', write: 'write', triage: 'read', read: 'read' };

/**
 * What the collaborator-permission endpoint says: the coarse permission and the finer role. Anybody may read a public repository;
 * a stranger to a private one has none.
 */
function showPermission(call: Call): Answer {
  const login = (call.params['username'] ?? '').toLowerCase();
  const account = call.world.accounts.get(login);
  if (account === undefined) throw notFound();
  const role = call.repository.owner.id === account.id ? 'admin' : call.repository.collaborators.get(login);
  const otherwise = call.repository.private ? 'none' : 'read';
  const permission = role === undefined ? otherwise : PERMISSION[role];
  const roleName = role ?? (otherwise === 'read' ? 'read' : '');
  const level = ['read', 'triage', 'write', 'maintain', 'admin'].indexOf(roleName);
  const permissions = { pull: level >= 0, triage: level >= 1, push: level >= 2, maintain: level >= 3, admin: level >= 4 };
  return ok({ permission, role_name: roleName, user: { ...userView(call.world, account), permissions, role_name: roleName } });
}

function teamOf(call: Call): Team {
  const organisation = (call.params['org'] ?? '').toLowerCase();
  const team = call.world.teams.find((candidate) => candidate.organisation.toLowerCase() === organisation && candidate.slug === call.params['team_slug']);
  if (team === undefined) throw notFound();
  return team;
}

function showMembership(call: Call): Answer {
  const team = teamOf(call);
  const login = call.params['username'] ?? '';
  const role = team.members.get(login.toLowerCase());
  if (role === undefined) throw notFound();
  return ok({ role, state: 'active', url: `${call.world.api}/orgs/${team.organisation}/teams/${team.slug}/memberships/${login}` });
}

function listMembers(call: Call): Answer {
  const team = teamOf(call);
  const members = [...team.members.keys()].flatMap((login) => {
    const account = call.world.accounts.get(login);
    return account === undefined ? [] : [userView(call.world, account)];
  });
  return paginate(call, `/orgs/${team.organisation}/teams/${team.slug}/members`, members);
}

function showUser(call: Call): Answer {
  const account = call.world.accounts.get((call.params['username'] ?? '').toLowerCase());
  if (account === undefined) throw notFound();
  const none = { name: account.name, company: null, blog: null, location: null, email: null, hireable: null, bio: null };
  const since = isoSeconds(0);
  return ok({ ...userView(call.world, account), ...none, public_repos: 0, public_gists: 0, followers: 0, following: 0, created_at: since, updated_at: since });
}

function limits(call: Call): Answer {
  const installation = call.caller.kind === 'installation' ? call.caller.installation : null;
  const limit = call.world.rateLimit;
  const used = installation?.used ?? 0;
  const core = { limit, used, remaining: Math.max(0, limit - used), reset: Math.floor((installation?.resetAt ?? call.world.now()) / 1000) };
  return ok({ resources: { core, search: { ...core, limit: 30, remaining: 30, used: 0 }, graphql: { ...core } }, rate: core });
}

/** Endpoints of people, teams and the API itself. */
export const peopleRoutes: readonly Route[] = [
  route('GET', '/repos/{owner}/{repo}/collaborators/{username}/permission', [['metadata', 'read']], showPermission),
  route('GET', '/orgs/{org}/teams/{team_slug}/memberships/{username}', [['members', 'read']], showMembership),
  route('GET', '/orgs/{org}/teams/{team_slug}/members', [['members', 'read']], listMembers),
  route('GET', '/users/{username}', 'installation', showUser),
  route('GET', '/rate_limit', 'nothing', limits),
  route('GET', '/meta', 'nothing', () => ok({ verifiable_password_authentication: true })),
];
