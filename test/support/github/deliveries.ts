import { createHmac, randomUUID } from 'node:crypto';
import { covers } from './auth.js';
import type { Delivery, JsonObject, Repository, World } from './world.js';

/** What happens to a delivery on its way. */
export interface DeliveryControl {
  /** Sends it this many times more, with the same GUID. */
  readonly duplicate?: number;
  readonly delayMs?: number;
  /** It never arrives, and stands in the App's list of deliveries as failed. */
  readonly drop?: boolean;
  /** It is sent after the next one. */
  readonly reorder?: boolean;
}

/** What waits, and what decides about new deliveries. */
export interface Mailbox {
  chaos: (event: string, action: string | null) => DeliveryControl;
  /** While true nothing is sent; `release` sends what has gathered. */
  holding: boolean;
  readonly held: Delivery[];
  readonly reordered: Delivery[];
}

const SECONDS_TO_ANSWER = 10;

/** Which permission an App needs to hold to be sent an event. Events not listed need none. */
const NEEDED: Readonly<Record<string, string>> = {
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  pull_request_review_comment: 'pull_requests',
  pull_request_review_thread: 'pull_requests',
  issue_comment: 'issues',
  check_run: 'checks',
  check_suite: 'checks',
  push: 'contents',
  merge_group: 'merge_queues',
  deployment: 'deployments',
  deployment_status: 'deployments',
};

/** Events every App is sent without asking. */
const ALWAYS = new Set(['installation', 'installation_repositories', 'github_app_authorization', 'ping', 'meta']);

/**
 * Whether the App is sent an event about a repository: it is installed there, subscribed, and may read the subject. Re-run requests
 * and the check suite of a push go to every App that may write checks, subscribed or not.
 */
function isSubscribed(world: World, event: string, action: string | null, repository: Repository | null): boolean {
  if (repository !== null && !repository.installed) return false;
  if (ALWAYS.has(event)) return true;
  const { permissions, events } = world.app;
  if (event === 'check_run' && (action === 'rerequested' || action === 'requested_action')) return covers(permissions, 'checks', 'write');
  if (event === 'check_suite' && (action === 'rerequested' || action === 'requested')) return covers(permissions, 'checks', 'write');
  if (event === 'issue_comment' && covers(permissions, 'pull_requests', 'read')) return events.includes(event);
  const needed = NEEDED[event];
  return events.includes(event) && (needed === undefined || covers(permissions, needed, 'read'));
}

/** Sends an event to the App, if it is one for it. Resolves when every copy was answered or is known to have failed. */
export async function emit(world: World, mailbox: Mailbox, event: string, action: string | null, payload: JsonObject, repository: Repository | null): Promise<void> {
  if (!isSubscribed(world, event, action, repository)) return;
  await deliver(world, mailbox, event, payload, mailbox.chaos(event, action));
}

/** Sends any payload as an event, whatever the App is subscribed to. */
export async function deliver(world: World, mailbox: Mailbox, event: string, payload: JsonObject, control: DeliveryControl = {}): Promise<void> {
  const delivery = newDelivery(world, event, payload, randomUUID(), false);
  if (control.drop === true) return settle(delivery, 'failed to connect', 502, '');
  if (mailbox.holding) return void mailbox.held.push(delivery);
  if (control.reorder === true) return void mailbox.reordered.push(delivery);
  if (control.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, control.delayMs));
  await post(world, delivery);
  for (let copy = 0; copy < (control.duplicate ?? 0); copy += 1) await post(world, again(world, delivery));
  for (const late of mailbox.reordered.splice(0)) await post(world, late);
}

/** Sends what was held back, in the order given. */
export async function release(world: World, mailbox: Mailbox, order: 'as-sent' | 'reversed'): Promise<void> {
  mailbox.holding = false;
  const waiting = [...mailbox.held.splice(0), ...mailbox.reordered.splice(0)];
  if (order === 'reversed') waiting.reverse();
  for (const delivery of waiting) await post(world, delivery);
}

/** Lets what was held back fail. */
export function discard(mailbox: Mailbox): void {
  mailbox.holding = false;
  for (const delivery of [...mailbox.held.splice(0), ...mailbox.reordered.splice(0)]) settle(delivery, 'failed to connect', 502, '');
}

/** Starts a new attempt of an old delivery, as the App asked. It goes out after the answer to that request. */
export function redeliver(world: World, old: Delivery): void {
  const delivery = again(world, old);
  setTimeout(() => void post(world, delivery), 5);
}

function again(world: World, old: Delivery): Delivery {
  const copy: Delivery = { ...old, id: world.nextId(), redelivery: true, deliveredAt: world.now(), status: 'pending', statusCode: 0, response: '' };
  world.deliveries.push(copy);
  return copy;
}

function newDelivery(world: World, event: string, payload: JsonObject, guid: string, redelivery: boolean): Delivery {
  const id = (value: unknown): number | null => (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'number' ? value.id : null);
  const delivery: Delivery = {
    id: world.nextId(),
    guid,
    event,
    action: typeof payload['action'] === 'string' ? payload['action'] : null,
    body: JSON.stringify(payload),
    redelivery,
    installationId: id(payload['installation']),
    repositoryId: id(payload['repository']),
    deliveredAt: world.now(),
    duration: 0,
    status: 'pending',
    statusCode: 0,
    response: '',
  };
  world.deliveries.push(delivery);
  return delivery;
}

/** The signature GitHub puts into `X-Hub-Signature-256`. */
export function signBody(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

async function post(world: World, delivery: Delivery): Promise<void> {
  if (world.hookUrl === null) return settle(delivery, 'failed to connect', 502, '');
  const started = world.now();
  try {
    const answer = await fetch(world.hookUrl, {
      method: 'POST',
      body: delivery.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(SECONDS_TO_ANSWER * 1000),
      headers: {
        accept: '*/*',
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/0000000',
        'x-github-delivery': delivery.guid,
        'x-github-event': delivery.event,
        'x-github-hook-id': '1',
        'x-github-hook-installation-target-id': String(world.app.id),
        'x-github-hook-installation-target-type': 'integration',
        'x-hub-signature-256': signBody(delivery.body, world.app.webhookSecret),
      },
    });
    const text = await answer.text();
    delivery.duration = (world.now() - started) / 1000;
    settle(delivery, answer.ok ? 'OK' : `Invalid HTTP Response: ${String(answer.status)}`, answer.status, text);
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    settle(delivery, timedOut ? 'timed out' : 'failed to connect', timedOut ? 504 : 502, '');
  }
}

function settle(delivery: Delivery, status: string, statusCode: number, response: string): void {
  delivery.status = status;
  delivery.statusCode = statusCode;
  delivery.response = response;
}
