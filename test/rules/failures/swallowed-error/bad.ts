import { prisma } from './database';
import { logger } from './logger';
import { jobQueue, SubscribableJob } from './queue';
import { stripe } from './stripe';

export async function save(id: string, name: string) {
  try {
    await prisma.profile.update({ where: { id }, data: { name } });
  } catch {} // want `When .prisma.profile.update. on line 8 fails, the handler on line 9 does nothing with the error: the code goes on as if it had worked`
  return { saved: true };
}

export async function shortForm(id: string) {
  await prisma.profile.update({ where: { id }, data: { complete: true } }).catch(() => {}); // want `does nothing with the error`
}

export async function cancelSubscription(id: string) {
  try {
    return await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  } catch (error) { // want `When .stripe.subscriptions.update. on line 19 fails, the handler on line 20 only logs the error: the caller is told that all went well`
    console.log('could not cancel', error);
    return;
  }
}

export async function enqueue(data: object) {
  const job = { data };
  try {
    const added = await jobQueue.add(job);
    return new SubscribableJob(added);
  } catch (error) { // want `returns what success returns`
    logger.error(error, 'could not add the job');
    return new SubscribableJob(job);
  }
}

export async function recordPayment(orderId: string, amount: number) {
  try {
    await prisma.payment.create({ data: { orderId, amount } });
  } catch (error) { // want `When .prisma.payment.create. on line 39 fails, the handler on line 40 only logs the error`
    logger.error(error);
  }
}
// file: src/app/api/webhooks/orders/route.ts
import { prisma } from './database';

export async function POST(request: Request) {
  const event = await request.json();
  try {
    await prisma.shipment.update({ where: { id: event.id }, data: { state: event.state } });
  } catch (error) { // want `When .prisma.shipment.update. on line 6 fails, the handler on line 7 only logs the error`
    console.error(error);
  }
  return Response.json({ received: true });
}
// file: src/charges.ts
import { prisma } from './database';
import { stripe } from './stripe';

export async function chargeEntry(amount: number) {
  try {
    await stripe.charges.create({ amount });
  } catch (error) { // want `When .stripe.charges.create. on line 6 fails, the handler on line 7 only logs the error`
    console.error(error);
  }
}

export async function saveCatalogPayment(id: string) {
  try {
    await prisma.payment.update({ where: { id }, data: { status: 'done' } });
  } catch {} // want `does nothing with the error`
}

export async function payStatement(id: string) {
  try {
    await prisma.statement.update({ where: { id }, data: { paid: true } });
  } catch {} // want `does nothing with the error`
}

// Money wins over a word that stands for records.
export async function captureLog(amount: number) {
  try {
    await stripe.paymentIntents.create({ amount });
  } catch (error) { // want `only logs the error`
    console.error(error);
  }
}
// file: src/checkout.ts
import { payment } from './payment';

export class Checkout {
  constructor(private readonly payments: { charge(order: string): Promise<void> }, private readonly gateway: { refund(order: string): Promise<void> }) {}

  async pay(order: string) {
    try {
      await this.payments.charge(order);
    } catch (error) { // want `When .this.payments.charge. on line 8 fails, the handler on line 9 only logs the error`
      console.error(error);
    }
  }

  async back(order: string) {
    try {
      await this.gateway.refund(order);
    } catch (error) { // want `When .this.gateway.refund. on line 16 fails`
      console.error(error);
    }
  }
}

export async function takeAgain(order: string) {
  try {
    await payment.charge(order);
  } catch (error) { // want `When .payment.charge. on line 25 fails`
    console.error(error);
  }
}
