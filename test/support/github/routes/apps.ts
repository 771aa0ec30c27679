import { mintToken, reaches } from '../auth.js';
import { isoSeconds } from '../git.js';
import { Problem, notFound } from '../problem.js';
import { redeliver } from '../deliveries.js';
import { created, ok, paginate, route, object, type Call, type Route } from '../route.js';
import { type Delivery, type Installation, type JsonObject, type Permissions, type Repository } from '../world.js';
import { appView, installationView, tokenView } from '../views/people.js';
import { repositoryView } from '../views/repository.js';

function installationOf(call: Call): Installation {
  const found = call.world.installations.find((installation) => installation.id === Number(call.params['installation_id']));
  if (found === undefined) throw notFound();
  return found;
}

function installationFor(call: Call, login: string): Installation {
  const found = call.world.installations.find((installation) => installation.account.login.toLowerCase() === login.toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}

function askedRepositories(call: Call, installation: Installation): readonly Repository[] | null {
  const { repositories, repository_ids: ids } = call.body;
  if (!Array.isArray(repositories) && !Array.isArray(ids)) return null;
  const own = [...call.world.repositories.values()].filter((repository) => repository.owner.id === installation.account.id && repository.installed);
  const wanted = [...((repositories as readonly string[] | undefined) ?? []), ...((ids as readonly number[] | undefined) ?? [])];
  return wanted.map((name) => {
    const found = own.find((repository) => repository.id === name || (typeof name === 'string' && repository.name.toLowerCase() === name.toLowerCase()));
    if (found !== undefined) return found;
    throw new Problem(422, 'There is at least one repository that does not exist or is not accessible to the parent installation.');
  });
}

function createToken(call: Call): ReturnType<Route['perform']> {
  const installation = installationOf(call);
  if (installation.suspended) throw new Problem(403, 'This installation has been suspended');
  const repositories = askedRepositories(call, installation);
  const permissions = object(call.body['permissions']) as Permissions | undefined;
  const token = mintToken(call.world, installation, { permissions: permissions ?? null, repositories });
  const views = repositories === null ? null : repositories.map((repository) => repositoryView(call.world, repository));
  return created(tokenView(token, token.permissions, views));
}

function deliveryItem(delivery: Delivery): JsonObject {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: isoSeconds(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function listDeliveries(call: Call): ReturnType<Route['perform']> {
  const size = Math.min(100, Number(call.query.get('per_page') ?? '30') || 30);
  const status = call.query.get('status');
  const cursor = call.query.get('cursor');
  const done = call.world.deliveries.filter((delivery) => delivery.status !== 'pending');
  const matching = [...done]
    .sort((one, other) => other.id - one.id)
    .filter((delivery) => status === null || (status === 'success') === (delivery.statusCode >= 200 && delivery.statusCode < 400))
    .filter((delivery) => cursor === null || delivery.id < Number(/^v1_(\d+)$/.exec(cursor)?.[1] ?? '0'));
  const page = matching.slice(0, size);
  const query = new URLSearchParams(call.query);
  query.set('cursor', `v1_${String(page.at(-1)?.id ?? 0)}`);
  const more = matching.length > size;
  return ok(page.map(deliveryItem), more ? { link: `<${call.world.api}/app/hook/deliveries?${query.toString()}>; rel="next"` } : {});
}

function deliveryOf(call: Call): Delivery {
  const found = call.world.deliveries.find((delivery) => delivery.id === Number(call.params['delivery_id']));
  if (found === undefined) throw notFound();
  return found;
}

function showDelivery(call: Call): ReturnType<Route['perform']> {
  const delivery = deliveryOf(call);
  return ok({
    ...deliveryItem(delivery),
    url: '',
    request: { headers: { 'X-GitHub-Delivery': delivery.guid, 'X-GitHub-Event': delivery.event, 'Content-Type': 'application/json' }, payload: JSON.parse(delivery.body) as JsonObject },
    response: { headers: {}, payload: delivery.response },
  });
}

function listRepositories(call: Call): ReturnType<Route['perform']> {
  const { caller } = call;
  if (caller.kind !== 'installation') throw notFound();
  const views = [...call.world.repositories.values()].filter((repository) => reaches(caller.token, repository)).map((repository) => repositoryView(call.world, repository));
  return paginate(call, '/installation/repositories', views, (page) => ({ total_count: views.length, repository_selection: 'selected', repositories: page }));
}

/** Endpoints of the App and its installations. */
export const appRoutes: readonly Route[] = [
  route('GET', '/app', 'app', (call) => ok({ ...appView(call.world), installations_count: call.world.installations.length })),
  route('GET', '/app/installations', 'app', (call) =>
    paginate(call, '/app/installations', call.world.installations.map((installation) => installationView(call.world, installation))),
  ),
  route('GET', '/app/installations/{installation_id}', 'app', (call) => ok(installationView(call.world, installationOf(call)))),
  route('POST', '/app/installations/{installation_id}/access_tokens', 'app', createToken),
  route('GET', '/repos/{owner}/{repo}/installation', 'app', (call) => {
    if (!call.repository.installed) throw notFound();
    return ok(installationView(call.world, installationFor(call, call.repository.owner.login)));
  }),
  route('GET', '/orgs/{org}/installation', 'app', (call) => ok(installationView(call.world, installationFor(call, call.params['org'] ?? '')))),
  route('GET', '/users/{username}/installation', 'app', (call) => ok(installationView(call.world, installationFor(call, call.params['username'] ?? '')))),
  route('GET', '/installation/repositories', 'installation', listRepositories),
  route('DELETE', '/installation/token', 'installation', (call) => {
    if (call.caller.kind === 'installation') call.world.tokens.delete(call.caller.token.token);
    return { status: 204 };
  }),
  route('GET', '/app/hook/config', 'app', (call) => ok({ content_type: 'json', insecure_ssl: '0', secret: '********', url: call.world.hookUrl ?? '' })),
  route('GET', '/app/hook/deliveries', 'app', listDeliveries),
  route('GET', '/app/hook/deliveries/{delivery_id}', 'app', showDelivery),
  route('POST', '/app/hook/deliveries/{delivery_id}/attempts', 'app', (call) => {
    redeliver(call.world, deliveryOf(call));
    return { status: 202, body: {} };
  }),
];

