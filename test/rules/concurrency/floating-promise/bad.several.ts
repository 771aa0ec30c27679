// path: src/orders/close.ts
export async function close(id: string) {
  prisma.order.update({ where: { id }, data: { closed: true } }); // want `never awaited`
  prisma.basket.delete({ where: { id } }); // want `never awaited`
  await prisma.visit.create({ data: { orderId: id } });
}

export async function tidy() {
  dbWrite.verificationToken.deleteMany({ where: { expires: { lt: new Date() } } }); // want `never awaited`
}
