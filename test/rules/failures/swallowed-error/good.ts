import { Prisma } from '@prisma/client';
import { prisma } from './database';
import { logger } from './logger';

export async function rethrown(id: string) {
  try {
    await prisma.order.update({ where: { id }, data: { status: 'PAID' } });
  } catch (error) {
    logger.error(error);
    throw error;
  }
}

export async function answered(id: string) {
  try {
    await prisma.order.update({ where: { id }, data: { status: 'PAID' } });
    return { success: true };
  } catch (error) {
    logger.error(error);
    return { success: false, error: 'not saved' };
  }
}

export async function told(id: string) {
  try {
    await prisma.order.update({ where: { id }, data: { status: 'PAID' } });
    return true;
  } catch (error) {
    logger.error(error);
    return false;
  }
}

// The reason is given.
export async function explained(id: string) {
  try {
    await prisma.invoice.update({ where: { id }, data: { remindedAt: new Date() } });
  } catch {
    // The reminder went out already; the next run sets the date again.
  }
}

// Kinds of errors are told apart.
export async function duplicate(email: string) {
  try {
    await prisma.payment.create({ data: { email } });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') logger.info('paid before');
    else logger.error(error);
  }
}

// One of many failed; the others go on.
export async function each(orderIds: string[]) {
  for (const id of orderIds) {
    try {
      await prisma.order.update({ where: { id }, data: { exported: true } });
    } catch (error) {
      logger.error(error, `order ${id}`);
    }
  }
}

// The result is looked at afterwards.
export async function checked(userId: string) {
  let order;
  try {
    order = await prisma.order.create({ data: { userId } });
  } catch (error) {
    logger.error(error);
  }
  if (!order) return Response.json({ error: 'no order' }, { status: 500 });
  return Response.json(order);
}

// Beside the work: a lost line of the audit log is the author's choice.
export async function beside(userId: string) {
  try {
    await prisma.auditLog.create({ data: { userId } });
  } catch (error) {
    logger.warn(error);
  }
}

// In the handler of another error.
export async function failed(jobId: string, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    await prisma.order.update({ where: { id: jobId }, data: { failed: true } }).catch(() => {});
    throw error;
  }
}

// Done about: tried again by the queue.
export async function compensated(id: string, retryQueue: { add(name: string, data: object): Promise<void> }) {
  try {
    await prisma.payment.update({ where: { id }, data: { state: 'SETTLED' } });
  } catch (error) {
    logger.error(error);
    await retryQueue.add('settle', { id });
  }
}

// A question that failed has a default.
export async function plan(id: string) {
  try {
    return await prisma.plan.findUnique({ where: { id } });
  } catch (error) {
    logger.error(error);
    return null;
  }
}

// By their names beside the work, or without a promise.
export async function tryCharge(amount: number) {
  try {
    await stripe.charges.create({ amount });
  } catch (error) {
    logger.error(error);
  }
}

export async function trackVisit(id: string) {
  try {
    await prisma.guest.update({ where: { id }, data: { here: true } });
  } catch {}
}

export async function seenPage(id: string) {
  try {
    await prisma.page_views.update({ where: { id }, data: { here: true } });
    await prisma.auditlogs.create({ data: { id } });
  } catch {}
}

// A row of the program, not a service: nothing is sent.
export function settleRow(payment: { capture(amount: number): void; refundPolicy(): string }, amount: number) {
  try {
    payment.capture(amount);
  } catch (error) {
    logger.error(error);
  }
}

export async function policyOf(billing: { refundPolicy(): Promise<string>; chargeable(): Promise<boolean> }) {
  try {
    await billing.refundPolicy();
    await billing.chargeable();
  } catch (error) {
    logger.error(error);
  }
}
