import { prisma } from './database';
import { stripe } from './stripe';
import { sendEmail } from './mail';

export async function capture(orderId: string) {
  const order = await prisma.order.findUniqueOrThrow({ where: { id: orderId } });
  if (order.status !== 'PENDING') throw new Error('already paid');
  await stripe.paymentIntents.capture(order.paymentIntentId);
  await prisma.order.update({ where: { id: orderId }, data: { status: 'PAID' } }); // want `both leave the same .status.: .stripe.paymentIntents.capture. on line 8 is reached twice`
}

// Looked up by its state, then marked.
export async function claimReward(code: string, userId: string) {
  const reward = await prisma.reward.findFirst({ where: { code, claimed: false } });
  if (!reward) throw new Error('unknown or claimed');
  await prisma.reward.update({ where: { id: reward.id }, data: { claimed: true } }); // want `both leave the same .claimed.: .prisma.payout.create. on line 17`
  await prisma.payout.create({ data: { userId, amount: reward.amount } });
}

// The customer is made twice, the second id overwrites the first.
export async function ensureCustomer(userId: string) {
  const user = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
  if (user.stripeCustomerId) return user.stripeCustomerId;
  const customer = await stripe.customers.create({ email: user.email });
  await prisma.user.update({ where: { id: userId }, data: { stripeCustomerId: customer.id } }); // want `.stripe.customers.create. on line 24 is reached twice`
  return customer.id;
}

// A switch decides, and a mail goes out.
export async function advance(ticketId: string) {
  const ticket = await prisma.ticket.findUniqueOrThrow({ where: { id: ticketId } });
  switch (ticket.state) {
    case 'open':
      await prisma.ticket.update({ where: { id: ticketId }, data: { state: 'assigned' } }); // want `.case 'open'. check on line 33`
      await sendEmail(ticket.ownerEmail, 'assigned');
      break;
    default:
      throw new Error('cannot advance');
  }
}

// The row comes from a function of another file; outside a transaction no lock of it can still be held.
export async function cancel(bookingId: string, bookings: { getBooking(id: string): Promise<{ id: string; status: string; email: string }> }) {
  const booking = await bookings.getBooking(bookingId);
  if (booking.status === 'cancelled') return;
  await prisma.booking.update({ where: { id: booking.id }, data: { status: 'cancelled' } }); // want `both leave the same .status.`
  await sendEmail(booking.email, 'cancelled');
}
