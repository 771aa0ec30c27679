// path: src/orders/several.ts
export async function settle(id: string) {
  try {
    await prisma.order.create({ data: { id } });
  } catch {} // want `.prisma.order.create. on line 4 fails`
  try {
    await prisma.payment.create({ data: { orderId: id } });
  } catch {} // want `.prisma.payment.create. on line 7 fails`
}
