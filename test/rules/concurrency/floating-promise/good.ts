import { waitUntil } from '@vercel/functions';
import { prisma } from './database';
import { logger } from './logger';
import { sendEmail } from './mail';
import { Metrics } from './metrics';

export async function awaited(email: string) {
  await sendEmail({ to: email, subject: 'Welcome' });
  return prisma.user.create({ data: { email } });
}

export async function handled(email: string) {
  sendEmail({ to: email, subject: 'Welcome' }).catch((error) => logger.error(error, 'welcome mail'));
  void sendEmail({ to: email, subject: 'Hint' }).catch((error) => logger.error(error, 'hint mail'));
}

export async function onPurpose(email: string) {
  void sendEmail({ to: email, subject: 'Welcome' });
}

export async function together(emails: string[]) {
  const sent = [sendEmail({ to: 'a@example.com' }), sendEmail({ to: 'b@example.com' })];
  await Promise.all(sent);
  await Promise.all(emails.map((to) => sendEmail({ to })));
  await Promise.allSettled([prisma.user.count(), sendEmail({ to: 'c@example.com' })]);
}

export async function later(email: string) {
  const mail = sendEmail({ to: email });
  await prisma.user.create({ data: { email } });
  await mail;
}

export async function keptAlive(email: string) {
  waitUntil(sendEmail({ to: email }));
}

export async function batch(ids: string[]) {
  const updates = ids.map((id) => prisma.user.update({ where: { id }, data: { active: false } }));
  updates.push(prisma.audit.create({ data: { ids } }));
  await prisma.$transaction(updates);
}

// Things in memory that are named alike.
export async function inMemory(jobs: string[], element: { classList: { remove(name: string): void } }) {
  const jobQueue: string[] = [];
  jobQueue.push('first');
  element.classList.remove('hidden');
  Metrics.increment('jobs.seen');
  const seen = new Map<string, number>();
  seen.delete(jobs[0] ?? '');
  await prisma.job.createMany({ data: jobs.map((name) => ({ name })) });
}

// A callback takes the result.
export async function callbacks(transporter: { sendMail(mail: object, done: (error: Error | null) => void): void }) {
  transporter.sendMail({ to: 'a@example.com' }, (error) => {
    if (error) logger.error(error);
  });
}

// It looks after its own errors.
async function warm(id: string) {
  try {
    await prisma.summary.create({ data: { id } });
  } catch (error) {
    logger.warn(error, 'summary not made');
  }
}

export async function read(id: string) {
  warm(id);
  return prisma.document.findUnique({ where: { id } });
}

// Sets a worker going.
export async function startWorker() {
  runForever();
}

async function runForever() {
  for (;;) await prisma.heartbeat.create({ data: {} });
}
// file: src/button.tsx
'use client';
export function Save({ id }: { id: string }) {
  const save = async () => {
    await fetch(`/api/${id}`, { method: 'POST' });
  };
  return <button onClick={() => { save(); }}>Save</button>;
}
// file: src/keys.ts
import { resend } from './mail';

export async function createKey(email: string) {
  // Sent in the background: the key is shown on the page as well.
  resend.emails.send({ to: email, subject: 'New key' });
}
