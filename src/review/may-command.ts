import type { Config, Permission } from '../core/config.js';
import type { Host, HostPull } from '../core/host.js';
import type { Records } from '../core/records.js';
import type { Command } from './parse-command.js';

/** Whether somebody may give a command; `ignored` for people who have nothing to do with the pull request. */
export type Right = { readonly allowed: true } | { readonly allowed: false; readonly ignored: boolean; readonly why: string };

const RANKS: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

function atLeast(permission: Permission, needed: Permission): boolean {
  return RANKS.indexOf(permission) >= RANKS.indexOf(needed);
}

/** What the rights are decided on. */
export interface Asker {
  readonly login: string;
  readonly isBot: boolean;
  readonly permission: Permission;
  readonly isAuthor: boolean;
}

/** Asks the host who somebody is here. */
export async function readAsker(host: Host, pull: HostPull, login: string, isBot: boolean): Promise<Asker> {
  const permission = await host.permission(login);
  return { login, isBot, permission, isAuthor: login.toLowerCase() === pull.author.toLowerCase() };
}

/** What an author from outside may say of their own pull request; their other words are not answered at all. */
const FOR_AUTHORS: ReadonlySet<Command['word']> = new Set<Command['word']>(['review', 'help', 'explain', 'tests', 'revert', 'dismiss']);

/**
 * Decides from the collaborator permission, never from what a payload says. The author may ask and hide; only others with
 * write access who neither authored nor pushed any of it may accept; an override needs what the configuration names, and
 * the author may give it, because it is always recorded and shown.
 */
export async function mayCommand(command: Command, asker: Asker, place: { readonly host: Host; readonly records: Records; readonly config: Config; readonly pull: HostPull }): Promise<Right> {
  const writes = atLeast(asker.permission, 'write');
  const belongs = atLeast(asker.permission, 'triage');
  if (asker.isBot || (!belongs && !(asker.isAuthor && FOR_AUTHORS.has(command.word)))) return { allowed: false, ignored: true, why: '' };
  switch (command.word) {
    case 'review':
    case 'help':
    case 'explain':
    case 'tests':
    case 'revert':
    case 'dismiss':
      return asker.isAuthor || writes ? { allowed: true } : { allowed: false, ignored: true, why: '' };
    case 'pause':
    case 'resume':
      return writes ? { allowed: true } : refused('`pause` and `resume` need write access to this repository.');
    case 'accept':
      return mayAccept(asker, writes, place);
    case 'override':
      return mayOverride(asker, place);
  }
}

function refused(why: string): Right {
  return { allowed: false, ignored: false, why };
}

async function mayAccept(asker: Asker, writes: boolean, place: { readonly host: Host; readonly records: Records; readonly config: Config; readonly pull: HostPull }): Promise<Right> {
  if (!writes) return refused('`accept` needs write access to this repository.');
  if (!place.config.waivers.secondPerson) return { allowed: true };
  const login = asker.login.toLowerCase();
  const { authors, unknownAuthors } = await place.host.participants(place.pull.number);
  if (asker.isAuthor || authors.has(login)) return refused('`accept` needs a second person: you wrote part of this pull request. Somebody else with write access can accept it.');
  const pushers = await knownPushers(place);
  if (pushers.has(login)) return refused('`accept` needs a second person: you pushed to this pull request. Somebody else with write access can accept it.');
  if (pushers.size === 0) return refused('Belay did not see who pushed this pull request, so it cannot be shown that you are a second person. Push again, or use `/ai-review override <reason>`, which is recorded.');
  if (unknownAuthors) return refused('A commit of this pull request belongs to no known account, so it cannot be shown that you are a second person. Link the commit’s address to an account, or use `/ai-review override <reason>`, which is recorded.');
  return { allowed: true };
}

/** Who pushed: as the deliveries said, and as the host's own activity log says of the newest head. */
async function knownPushers(place: { readonly host: Host; readonly records: Records; readonly pull: HostPull }): Promise<ReadonlySet<string>> {
  const seen = await place.records.pushers(place.host.repo, place.pull.number);
  const latest = await place.host.pusher(place.pull);
  return latest === null ? seen : new Set([...seen, latest]);
}

async function mayOverride(asker: Asker, place: { readonly host: Host; readonly config: Config }): Promise<Right> {
  const { permission, teams } = place.config.override;
  if (atLeast(asker.permission, permission)) return { allowed: true };
  for (const team of teams) if (await place.host.teamMember(team, asker.login)) return { allowed: true };
  const orTeam = teams.length > 0 ? `, or membership in ${teams.map((team) => `\`${team}\``).join(' or ')}` : '';
  return refused(`\`override\` needs ${permission} permission on this repository${orTeam}.`);
}
