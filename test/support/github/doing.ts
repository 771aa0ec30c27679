import { isoSeconds } from './git.js';
import { created, ok, text, type Answer, type Call } from './route.js';
import type { Account, Reaction, World } from './world.js';
import { reactionView } from './views/pulls.js';

/** The time now in GitHub's form. */
export function stamp(world: World): string {
  return isoSeconds(world.now());
}

/** The bot account in whose name the App writes. */
export function appUser(world: World): Account {
  return world.app.bot;
}

/** Runs something after the current request was answered; `close` and `settled` wait for it. */
export function inBackground(world: World, work: () => Promise<void>): void {
  const running: Promise<void> = new Promise<void>((resolve) => setTimeout(resolve, 2))
    .then(work)
    .catch((error: unknown) => void world.accidents.push(error))
    .finally(() => world.background.delete(running));
  world.background.add(running);
}

/** Adds the App's reaction. A second one of the same kind is answered with the first. */
export function addReaction(call: Call, reactions: Reaction[]): Answer {
  const user = appUser(call.world);
  const content = text(call.body, 'content') ?? '';
  const existing = reactions.find((reaction) => reaction.user.id === user.id && reaction.content === content);
  if (existing !== undefined) return ok(reactionView(call.world, existing));
  const reaction: Reaction = { id: call.world.nextId(), user, content, createdAt: stamp(call.world) };
  reactions.push(reaction);
  return created(reactionView(call.world, reaction));
}
