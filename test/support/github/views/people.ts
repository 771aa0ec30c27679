import type { Account, Installation, JsonObject, Permissions, Repository, Token, World } from '../world.js';
import { isoSeconds } from '../git.js';

/** GitHub's global node ids: opaque, and one for each object. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(`${kind}:${String(id)}`).toString('base64url')}`;
}

/** The kind and number behind a node id; null when it is none of ours. */
export function readNodeId(text: string): { readonly kind: string; readonly id: number } | null {
  const [kind, coded] = [text.slice(0, text.indexOf('_')), text.slice(text.indexOf('_') + 1)];
  const id = Number(Buffer.from(coded, 'base64url').toString().split(':')[1]);
  return Number.isSafeInteger(id) && nodeId(kind, id) === text ? { kind, id } : null;
}

export function userView(world: World, account: Account): JsonObject {
  const url = `${world.api}/users/${encodeURIComponent(account.login)}`;
  const page = account.type === 'Bot' ? `${world.url}/apps/${account.login.replace('[bot]', '')}` : `${world.url}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'Bot' ? 'BOT' : account.type === 'Organization' ? 'O' : 'U', account.id),
    avatar_url: `${world.url}/avatars/u/${String(account.id)}?v=4`,
    gravatar_id: '',
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function organizationView(world: World, account: Account): JsonObject {
  const url = `${world.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('O', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${String(account.id)}?v=4`,
    description: '',
  };
}

export function appView(world: World): JsonObject {
  const { app } = world;
  return {
    id: app.id,
    client_id: `Iv1.${String(app.id).padStart(16, '0')}`,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: userView(world, app.owner),
    name: app.name,
    description: '',
    external_url: 'https://example.com',
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function installationView(world: World, installation: Installation): JsonObject {
  const url = `${world.api}/app/installations/${String(installation.id)}`;
  return {
    id: installation.id,
    client_id: `Iv1.${String(world.app.id).padStart(16, '0')}`,
    account: userView(world, installation.account),
    repository_selection: 'selected',
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${world.api}/installation/repositories`,
    html_url: `${world.url}/organizations/${installation.account.login}/settings/installations/${String(installation.id)}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspended ? installation.createdAt : null,
  };
}

export function tokenView(token: Token, permissions: Permissions, repositories: readonly JsonObject[] | null): JsonObject {
  return {
    token: token.token,
    expires_at: isoSeconds(token.expiresAt),
    permissions,
    repository_selection: 'selected',
    ...(repositories === null ? {} : { repositories }),
  };
}

/** The relation GitHub claims between a user and a repository. Private members of an organisation look like anybody. */
export function associationOf(account: Account, repository: Repository): string {
  if (account.id === repository.owner.id) return 'OWNER';
  const role = repository.collaborators.get(account.login.toLowerCase());
  if (role !== undefined) return 'COLLABORATOR';
  const contributed = [...repository.pulls.values()].some((pull) => pull.merged && pull.user.id === account.id);
  return contributed ? 'CONTRIBUTOR' : 'NONE';
}
