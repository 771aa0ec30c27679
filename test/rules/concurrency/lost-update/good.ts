import { prisma } from './database';

export async function visit(pageId: string) {
  const page = await prisma.page.findUniqueOrThrow({ where: { id: pageId } });
  await prisma.page.update({ where: { id: page.id }, data: { views: { increment: 1 } } });
}

export async function label(promptId: string, label: string) {
  const prompt = await prisma.prompt.findUniqueOrThrow({ where: { id: promptId } });
  await prisma.prompt.update({ where: { id: prompt.id }, data: { labels: { push: label } } });
}

// Passed on, chosen, derived: nothing is added to the old value.
export async function edit(id: string, input: { title?: string; email: string }) {
  const post = await prisma.post.findUniqueOrThrow({ where: { id } });
  await prisma.post.update({ where: { id }, data: { title: input.title ?? post.title, slug: post.slug.toLowerCase() } });
}

// Another row's value.
export async function copy(fromId: string, toId: string) {
  const from = await prisma.plan.findUniqueOrThrow({ where: { id: fromId } });
  await prisma.plan.update({ where: { id: toId }, data: { limit: from.limit * 2 } });
}

// One fixed key: what is lost depends on other writers.
export async function theme(userId: string, theme: string) {
  const user = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
  await prisma.user.update({ where: { id: userId }, data: { settings: { ...user.settings, theme } } });
}

// The version decides who wins.
export async function versioned(id: string, input: Record<string, unknown>) {
  const team = await prisma.team.findUniqueOrThrow({ where: { id } });
  const { count } = await prisma.team.updateMany({
    where: { id, version: team.version },
    data: { settings: { ...team.settings, ...input }, version: team.version + 1 },
  });
  if (count === 0) throw new Error('changed meanwhile');
}

// A renamed row keeps its old name as a part of the new one.
export async function remove(id: string) {
  const branch = await prisma.branch.findUniqueOrThrow({ where: { id } });
  await prisma.branch.update({ where: { id }, data: { slug: `${branch.slug}-${Date.now()}` } });
}

export async function locked(id: string, text: string) {
  await prisma.$transaction(async (tx) => {
    const [lead] = await tx.$queryRaw<{ notes: string }[]>`SELECT notes FROM "Lead" WHERE id = ${id} FOR UPDATE`;
    await tx.lead.update({ where: { id }, data: { notes: `${lead?.notes ?? ''}\n${text}` } });
  });
}

// The lock comes with the helper that reads the row.
export async function lockedElsewhere(id: string, points: number, players: { getPlayerForUpdate(tx: unknown, id: string): Promise<{ id: string; score: number }> }) {
  await prisma.$transaction(async (tx) => {
    const player = await players.getPlayerForUpdate(tx, id);
    await tx.player.update({ where: { id: player.id }, data: { score: player.score + points } });
  });
}

// The one helper of the other finding's family: a check on the same column tells that story.
export async function inserts(userId: string) {
  const last = await prisma.draft.findFirstOrThrow({ where: { userId } });
  return prisma.draft.create({ data: { userId, revision: last.revision } });
}
// file: src/mongo.ts
import mongoose from 'mongoose';
import { Player } from './models/player';

export async function score(id: string, points: number) {
  await Player.updateOne({ _id: id }, { $inc: { score: points }, $push: { history: points } });
}
// file: src/sql.ts
import { pool } from './pool';

export async function earn(userId: string, points: number) {
  await pool.query('UPDATE users SET points = points + $1 WHERE id = $2', [points, userId]);
}
