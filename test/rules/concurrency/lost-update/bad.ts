import { prisma } from './database';

export async function visit(pageId: string) {
  const page = await prisma.page.findUniqueOrThrow({ where: { id: pageId } });
  await prisma.page.update({
    where: { id: pageId },
    data: { views: page.views + 1 }, // want `.views. is read on line 4 and written back on line 5 with .prisma.page.update.: two requests that read it before either writes lose one of the two changes`
  });
}

export async function label(promptId: string, labels: string[]) {
  const prompt = await prisma.prompt.findUniqueOrThrow({ where: { id: promptId } });
  const all = new Set([...prompt.labels, ...labels]);
  await prisma.prompt.update({ where: { id: prompt.id }, data: { labels: Array.from(all) } }); // want `lose one of the two entries`
}

export async function configure(teamId: string, input: Record<string, unknown>) {
  await prisma.$transaction(async (tx) => {
    const team = await tx.team.findUniqueOrThrow({ where: { id: teamId } });
    await tx.team.update({ where: { id: teamId }, data: { settings: { ...team.settings, ...input } } }); // want `lose the keys the other one wrote. The transaction on line 18 does not prevent it`
  });
}

export async function note(leadId: string, text: string) {
  const lead = await prisma.lead.findUniqueOrThrow({ where: { id: leadId } });
  await prisma.lead.update({ where: { id: leadId }, data: { notes: `${lead.notes}\n${text}` } }); // want `lose one of the two additions`
}

export async function attempt(jobId: string, jobs: { getJob(id: string): Promise<{ id: string; attempts: number }> }) {
  const job = await jobs.getJob(jobId);
  await prisma.job.update({ where: { id: job.id }, data: { attempts: job.attempts + 1 } }); // want `.attempts. is read on line 30`
}
// file: src/typeorm.ts
import { Repository } from 'typeorm';

export class Cart {
  constructor(private readonly cartRepository: Repository<{ id: string; total: number; version: number }>) {}

  async add(id: string, price: number) {
    const cart = await this.cartRepository.findOneByOrFail({ id });
    cart.total = cart.total + price;
    await this.cartRepository.save(cart); // want `.total. is read on line 7 and written back on line 9`
  }
}
// file: src/sql.ts
import { pool } from './pool';

export async function earn(userId: string, points: number) {
  const { rows } = await pool.query('SELECT points FROM users WHERE id = $1', [userId]);
  const total = rows[0].points + points;
  await pool.query('UPDATE users SET points = $1 WHERE id = $2', [total, userId]); // want `.points. is read on line 4 and written back on line 6 with .UPDATE users.`
}
// file: src/mongo.ts
import mongoose from 'mongoose';
import { Player } from './models/player';

export async function score(id: string, points: number) {
  const player = await Player.findById(id);
  player.score += points;
  await player.save(); // want `.score. is read on line 5`
}
