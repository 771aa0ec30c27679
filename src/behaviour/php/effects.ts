import type { SideEffectKind } from '../event.js';
import { lastName } from './file-facts.js';
import type { CallSite } from './call-site.js';
import type { Walk } from './walk.js';

interface Told {
  readonly effect: SideEffectKind;
  readonly receiver: RegExp;
  readonly name: RegExp;
}

/** Receiver and method that tell an effect; the first match wins. Receivers are matched as a whole, with dots. */
const EFFECTS: readonly Told[] = [
  { effect: 'payment', receiver: /stripe|paypal|braintree|adyen|mollie|razorpay|paddle|paymentGateway|paymentProvider|paymentService/i, name: /^(create|capture|refund|charge|confirm|pay|transfer|purchase|authorize)\w*$/ },
  { effect: 'payment', receiver: /(^|\.)(PaymentIntent|Charge|Refund|Payout|Transfer)$/, name: /^create$/ },
  { effect: 'payment', receiver: /(^|\.)(gateway|payments|billing|paymentProcessor)$/i, name: /^(charge|refund|capture|payout|pay|purchase)(Card|Customer|Payment|Order|User|Invoice|Amount)?$/ },
  { effect: 'mail', receiver: /(^|\.)(Mail|\w*[mM]ailer|mail)(\.(to|cc|bcc|mailer|locale|driver|from))*$/, name: /^(send|sendNow|queue|later|raw|html|plain)$/ },
  { effect: 'notification', receiver: /(^|\.)(Notification|notifier|\w*Notifier|notificationService)(\.(route|locale))*$/, name: /^(send|sendNow|notify)$/ },
  { effect: 'queue', receiver: /(^|\.)(Queue|Bus|messageBus|bus|commandBus|producer|queue)(\.(connection|chain|batch))*$/, name: /^(push|pushOn|later|laterOn|bulk|dispatch|dispatchToQueue|send|publish)$/ },
  { effect: 'event', receiver: /(^|\.)(Event|dispatcher|eventDispatcher|\w*EventDispatcher|Broadcast|events)$/, name: /^(dispatch|fire|broadcast|event)$/ },
  { effect: 'http', receiver: /(^|\.)(Http|httpClient|guzzle|\w*HttpClient|client)(\.(with\w+|acceptJson|asForm|asJson|timeout|retry|baseUrl|attach|accept|contentType|connectTimeout))*$/, name: /^(get|post|put|patch|delete|request|send|requestAsync|postAsync)$/ },
  { effect: 'storage', receiver: /(^|\.)(Storage|s3|s3Client|filesystem)(\.disk)?$/, name: /^(put|putFile|putFileAs|putObject|delete|deleteObject|move|copy|write|writeStream)$/ },
];

/** Mail, HTTP, queues, payments, notifications and object stores, by the names people give to them. */
export function effectOf(walk: Walk, site: CallSite): SideEffectKind | null {
  const { name, callee, receiver, isStatic } = site;
  if (receiver === undefined) return functionEffect(name);
  if (/^(notify|notifyNow)$/.test(name)) return 'notification';
  const owner = callee.slice(0, Math.max(0, callee.length - name.length - 1));
  if (isStatic && /^(dispatch|dispatchSync|dispatchNow|dispatchAfterResponse|dispatchIf|dispatchUnless|broadcast)$/.test(name) && /^[A-Z]\w*$/.test(owner) && owner !== 'Bus' && owner !== 'Event') return ofDispatchable(walk, owner);
  return EFFECTS.find((one) => one.name.test(name) && one.receiver.test(owner))?.effect ?? null;
}

function functionEffect(name: string): SideEffectKind | null {
  if (/^(dispatch|dispatch_sync|dispatch_now)$/.test(name)) return 'queue';
  if (/^(event|broadcast)$/.test(name)) return 'event';
  if (name === 'curl_exec') return 'http';
  return /^(mail|wp_mail)$/.test(name) ? 'mail' : null;
}

/** `SendReceipt::dispatch()` is a job or an event, by where it lies. */
function ofDispatchable(walk: Walk, name: string): SideEffectKind {
  const imported = walk.file.imports.get(lastName(name)) ?? `${walk.file.namespace}\\${name}`;
  return /\\Events?\\/.test(imported) || /(Event|ed)$/.test(name) ? 'event' : 'queue';
}
