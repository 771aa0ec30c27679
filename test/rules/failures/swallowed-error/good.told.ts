// path: src/orders/told.ts
export async function sentOff(id: string) {
  prisma.invoice.update({ where: { id }, data: { printed: true } }).catch((error) => logger.error(error));
}

export async function inTheBackground(id: string) {
  // Fire and forget: the page does not wait for it.
  prisma.invoice.update({ where: { id }, data: { opened: true } }).catch(() => {});
}

export async function restoredLater(invoiceId: string) {
  try {
    await prisma.invoice.update({ where: { id: invoiceId }, data: { restored: true } });
  } catch (error) {
    logger.error('Could not restore the invoice; it will be retried by the sweep', error);
  }
}

export async function seen(tokenId: string) {
  await prisma.token.update({ where: { id: tokenId }, data: { lastUsedAt: new Date() } }).catch(() => {});
}

export async function sent(campaignId: string) {
  try {
    await prisma.campaign.update({ where: { id: campaignId, status: 'sending' }, data: { status: 'sent' } });
  } catch {}
}
