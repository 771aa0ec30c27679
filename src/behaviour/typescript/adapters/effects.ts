import type { SideEffectKind } from '../../event.js';
import type { Adapter, CallNames, Recognition } from '../recognise.js';

/** What is done with money, and to whom; nouns that begin alike (`refundPolicy`, `chargeable`) are none of it. */
const CHARGES = /^(charge|refund|capture|payout|pay)(Card|Customer|Payment|Order|User|Account|Invoice|Subscription|Amount|Booking|Deposit|Async|Now|OffSession)?$/;

/** Receiver and method that tell an effect; the first match wins. Receivers are matched on their last name. */
const EFFECTS: readonly { readonly effect: SideEffectKind; readonly receiver: RegExp; readonly name: RegExp }[] = [
  { effect: 'payment', receiver: /stripe|paypal|braintree|adyen|mollie|razorpay|paddle|square/i, name: /^(create|capture|refund|charge|cancel|confirm|update|del|pay|transfer|finalizeInvoice|void)\w*$/ },
  { effect: 'payment', receiver: /paymentGateway|paymentProvider|paymentService|paymentClient|payments?Api|chargeService/i, name: /^(charge|capture|refund|pay|transfer|createPayment|createRefund|authorize)\w*$/ },
  { effect: 'payment', receiver: /^(payments|billing|gateway|paymentProcessor|acquirer|psp)$/, name: CHARGES },
  { effect: 'mail', receiver: /mailer|mail|emails?|sendgrid|sgMail|resend|postmark|nodemailer|transporter|smtp|ses$/i, name: /^(send|deliver|queue)\w*$/ },
  { effect: 'queue', receiver: /queue(Strategy|Service|Client|Provider|Manager)?s?$|jobs?$|sqs|producer|kafka|boss$|agenda|bull|broker|amqp|inngest|qstash/i, name: /^(add|addBulk|enqueue|publish|publishJSON|send|sendMessage|sendToQueue|sendBatch|produce|schedule|dispatch|trigger|triggerTask|triggerJob)$/ },
  { effect: 'event', receiver: /eventBus|eventEmitter|events?$|emitter|webhooks?$|pusher|pub_?sub|redis/i, name: /^(publish|dispatch|trigger|emitAsync|publishAsync)$/ },
  { effect: 'notification', receiver: /notif(ication|ier)\w*$|slack|twilio|sms|fcm|expo|onesignal|discord/i, name: /^(send|notify|dispatch)\w*$/ },
  { effect: 'storage', receiver: /s3|storage|bucket|blob|gcs|minio|r2$/i, name: /^(put|putObject|upload|delete|deleteObject|remove|copy|copyObject|save|write|send|uploadFile|deleteFile)$/ },
  { effect: 'http', receiver: /^axios$|^got$|^ky$|^superagent$|httpService$|httpClient$|^http$/, name: /^(get|post|put|patch|delete|request)$/ },
];
const FUNCTIONS: readonly { readonly effect: SideEffectKind; readonly name: RegExp }[] = [
  { effect: 'http', name: /^(fetch|axios|got|ky|nodeFetch|fetchWithTimeout)$/ },
  { effect: 'mail', name: /^(send|queue|deliver)\w*(E?[mM]ails?)$/ },
  { effect: 'notification', name: /^(send|notify|push)\w*(Notifications?|Slack\w*|Sms|SMS|Alert|Alerts)$/ },
  { effect: 'queue', name: /^(enqueue\w*|addJob|publishMessage|sendToQueue|triggerJob)$/ },
  { effect: 'payment', name: /^(charge|refund|capture)(Card|Customer|Payment|Order|User)\w*$/ },
];

/** Mail, HTTP, queues, payments, notifications and object stores, by the names people give to them. */
export const effects: Adapter = {
  library: 'effects',
  matches(call: CallNames): boolean {
    return effectOf(call) !== null;
  },
  read(call): Recognition | null {
    const effect = effectOf(call);
    return effect === null ? null : { is: 'effect', effect, values: call.values };
  },
};

function effectOf(call: CallNames): SideEffectKind | null {
  const { links, root } = call.chain;
  if (links.at(-1)?.call == null) return null;
  if (root === '' && links.length === 1) return FUNCTIONS.find((one) => one.name.test(call.name))?.effect ?? null;
  const owners = [root, ...links.slice(0, -1).map((link) => link.name)].filter((name) => name !== '' && name !== 'this');
  const found = EFFECTS.find((one) => one.name.test(call.name) && owners.some((owner, place) => one.receiver.test(owner) && (one.effect === 'payment' || place === owners.length - 1)));
  if (found !== undefined) return found.effect;
  if (CHARGES.test(call.name) && /^payment$/.test(owners.at(-1) ?? '') && isService(call)) return 'payment';
  return FUNCTIONS.find((one) => one.effect === 'mail' && one.name.test(call.name))?.effect ?? null;
}

/** `payment` may also be a row: it is a service where it is imported, or where its answer is awaited. */
function isService(call: CallNames): boolean {
  const { root } = call.chain;
  return call.file.imports.has(root) || (call.file.awaited.get(call.receiver)?.has(call.name) ?? false);
}
