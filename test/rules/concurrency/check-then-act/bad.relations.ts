// file: src/cart.ts
export async function payWithPurse(memberId: string, price: number) {
  const member = await prisma.member.findUnique({ where: { id: memberId }, include: { purse: true } });
  if (!member?.purse || member.purse.coins < price) throw new Error('too little');
  await prisma.purse.update({ where: { id: member.purse.id }, data: { coins: member.purse.coins - price } }); // want `.member.purse. || member.purse.coins < price. check on line 4`
}

export async function payByOwner(memberId: string, price: number) {
  const { purse } = await prisma.member.findUniqueOrThrow({ where: { id: memberId }, select: { purse: { select: { coins: true } } } });
  if (purse.coins < price) throw new Error('too little');
  await prisma.purse.update({ where: { memberId }, data: { coins: { decrement: price } } }); // want `both take from .coins.`
}

export async function reserve(basketId: string) {
  const basket = await prisma.basket.findUniqueOrThrow({ where: { id: basketId }, include: { lines: { include: { article: true } } } });
  for (const line of basket.lines) {
    if (line.article.inStock < line.pieces) throw new Error('out of stock');
    await prisma.article.update({ where: { id: line.articleId }, data: { inStock: { decrement: line.pieces } } }); // want `both take from .inStock.`
  }
}

export async function repay(loanId: string, amount: number) {
  const loan = await prisma.loan.findUniqueOrThrow({ where: { id: loanId }, include: { debtor: true } });
  if (loan.debtor.balance < amount) throw new Error('too little');
  await prisma.account.update({ where: { id: loan.debtor.id }, data: { balance: { decrement: amount } } }); // want `both take from .balance.`
}
// file: src/orders.ts
import { Repository } from 'typeorm';
export class Orders {
  constructor(private readonly orders: Repository<Order>, private readonly vouchers: Repository<Voucher>) {}
  async redeem(id: string) {
    const order = await this.orders.findOne({ where: { id }, relations: ['voucher'] });
    if (order.voucher.uses >= order.voucher.limit) throw new Error('used up');
    order.voucher.uses += 1;
    await this.vouchers.save(order.voucher); // want `only one of the two is counted`
  }
}
// file: src/clubs.js
const { Member } = require('./models');
async function spend(id, points) {
  const member = await Member.findByPk(id, { include: [{ model: Card, as: 'card' }] });
  if (member.card.points < points) throw new Error('too few');
  await member.card.decrement('points', { by: points }); // want `both take from .points.`
}
