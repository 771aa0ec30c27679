import { prisma } from './database';
import { sendEmail } from './mail';
import { stripe } from './stripe';
import { emailQueue } from './queues';

export async function signUp(email: string) {
  const user = await prisma.user.create({ data: { email } });
  sendEmail({ to: email, subject: 'Welcome' }); // want `.sendEmail. on line 8 returns a promise that nobody waits for`
  return user;
}

// A query of Prisma that nobody awaits is never sent.
export function touch(id: string) {
  prisma.user.update({ where: { id }, data: { seenAt: new Date() } }); // want `.prisma.user.update. on line 14 is never awaited, and its library sends a query only when it is: the write does not happen`
}

export async function picture(id: string, upload: () => Promise<{ url: string }>) {
  await upload().then(({ url }) => {
    prisma.user.update({ where: { id }, data: { image: url } }); // want `the write does not happen`
  });
}

export async function dismiss(id: string) {
  void prisma.notice.update({ where: { id }, data: { dismissedAt: new Date() } }); // want `the write does not happen`
}

export async function refund(chargeId: string) {
  stripe.refunds.create({ charge: chargeId }); // want `.stripe.refunds.create. on line 28`
}

export async function remind(userId: string) {
  emailQueue.add('reminder', { userId }); // want `.emailQueue.add. on line 32`
}

async function recordSale(orderId: string) {
  await prisma.sale.create({ data: { orderId } });
}

export async function checkout(orderId: string) {
  await prisma.order.update({ where: { id: orderId }, data: { status: 'PAID' } });
  recordSale(orderId); // want `.recordSale. on line 41 returns a promise that nobody waits for. It is async, and what it does \(.prisma.sale.create.\) is still under way`
}
// file: src/roles.ts
export class Roles {
  constructor(private readonly roleStore: RoleStore) {}

  async create(role: Role) {
    const created = await this.roleStore.insert(role);
    this.roleStore.addPermissions(created.id, role.permissions); // want `.this.roleStore.addPermissions. on line 6`
    return created;
  }
}

interface Role {
  permissions: string[];
}

interface RoleStore {
  insert(role: Role): Promise<{ id: string }>;
  addPermissions(id: string, permissions: string[]): Promise<void>;
  update(role: Role): Promise<void>;
}

export async function rename(roles: { roleStore: RoleStore }, role: Role) {
  await roles.roleStore.update(role);
}

export class Admin {
  constructor(private readonly roleStore: RoleStore) {}

  async change(role: Role) {
    await this.roleStore.update(role);
  }
}
