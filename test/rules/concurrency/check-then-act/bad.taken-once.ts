// file: prisma/schema.prisma
model Membership {
  id     String @id
  teamId String
  userId String

  @@unique([teamId, userId])
}
// file: src/invitations.ts
/** The key tells two people apart: both join with one invitation. */
export async function accept(token: string, userId: string) {
  const invitation = await prisma.invitation.findUniqueOrThrow({ where: { token } });
  if (invitation.usedAt) throw new Error('used');
  await prisma.membership.create({ data: { teamId: invitation.teamId, userId } });
  await prisma.invitation.update({ where: { token }, data: { usedAt: new Date() } }); // want `.prisma.membership.create. on line 5 is reached twice`
}

/** What stands before the insert has happened by then. */
export async function buy(id: string) {
  const offer = await prisma.offer.findUniqueOrThrow({ where: { id } });
  if (offer.sold) throw new Error('sold');
  await stripe.charges.create({ amount: offer.price, currency: 'eur' });
  await prisma.membership.create({ data: { teamId: offer.teamId, userId: offer.buyerId } });
  await prisma.offer.update({ where: { id }, data: { sold: true } }); // want `.stripe.charges.create. on line 13 is reached twice`
}
