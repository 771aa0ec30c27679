// file: db/migrations/0001_schema.sql
CREATE TABLE accounts (id bigint PRIMARY KEY, balance numeric NOT NULL, CHECK (balance >= 0));
CREATE TABLE invitations (id bigint PRIMARY KEY, team_id bigint NOT NULL, email text NOT NULL, status text NOT NULL);
CREATE TABLE memberships (id bigint PRIMARY KEY, team_id bigint NOT NULL, email text NOT NULL, UNIQUE (team_id, email));
// file: prisma/schema.prisma
model Seat {
  id       String @id
  ticketId String @unique
}
// file: src/bounds.ts
export async function bounded(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  if (account.balance < amount) throw new Error('too little');
  await prisma.account.update({ where: { id }, data: { balance: { decrement: amount } } });
}
// file: src/invitations.ts
/** A second run cannot add the row, and stops there. */
export async function accept(id: string) {
  const invitation = await prisma.invitation.findUniqueOrThrow({ where: { id } });
  if (invitation.status !== 'pending') throw new Error('not pending');
  await prisma.membership.create({ data: { teamId: invitation.teamId, email: invitation.email } });
  await sendWelcomeEmail(invitation.email);
  await prisma.invitation.update({ where: { id }, data: { status: 'accepted' } });
}

export async function takeSeat(id: string) {
  const ticket = await prisma.ticket.findUniqueOrThrow({ where: { id } });
  if (ticket.used) throw new Error('used');
  await prisma.$transaction([
    prisma.seat.create({ data: { ticket: { connect: { id } } } }),
    prisma.ticket.update({ where: { id }, data: { used: true } }),
  ]);
}
// file: src/claims.ts
/** Whoever comes second finds no row in that state. */
export async function fail(id: string) {
  const job = await prisma.job.findUniqueOrThrow({ where: { id } });
  if (job.tries >= 3) await prisma.job.updateMany({ where: { id, status: 'running' }, data: { status: 'failed', tries: job.tries + 1 } });
}

export async function cancel(id: string) {
  const trip = await prisma.trip.findUniqueOrThrow({ where: { id } });
  if (trip.status === 'started') throw new Error('too late');
  const claimed = await prisma.trip.updateMany({ where: { id, status: 'planned' }, data: { status: 'cancelled' } });
  if (claimed.count !== 1) throw new Error('too late');
  await stripe.refunds.create({ payment_intent: trip.intent });
  await prisma.trip.delete({ where: { id } });
}
