import { randomBytes, verify } from 'node:crypto';
import { Problem, notFound, notPermitted } from './problem.js';
import type { Caller, Need } from './route.js';
import type { Access, Installation, JsonObject, Permissions, Repository, Token, World } from './world.js';

/** GitHub's longest life of an App's JSON web token, with the clock drift it forgives. */
const LONGEST_JWT_SECONDS = 600;
const DRIFT_SECONDS = 60;

/** Who sent an Authorization header. Throws 401 for credentials that are wrong or expired. */
export function identify(world: World, header: string | undefined): Caller {
  if (header === undefined || header === '') return { kind: 'none' };
  const match = /^(bearer|token) +(\S+)$/i.exec(header);
  if (match === null) throw new Problem(401, 'Bad credentials');
  const secret = match[2] ?? '';
  if (secret.split('.').length === 3) {
    checkAppToken(world, secret);
    return { kind: 'app' };
  }
  const token = world.tokens.get(secret);
  if (token === undefined || token.expiresAt <= world.now()) throw new Problem(401, 'Bad credentials');
  if (token.installation.suspended) throw new Problem(403, 'This installation has been suspended');
  return { kind: 'installation', token, installation: token.installation };
}

function checkAppToken(world: World, jwt: string): void {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const undecodable = new Problem(401, 'A JSON web token could not be decoded');
  let head: JsonObject;
  let claims: JsonObject;
  try {
    head = JSON.parse(Buffer.from(header, 'base64url').toString()) as JsonObject;
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject;
  } catch {
    throw undecodable;
  }
  if (head['alg'] !== 'RS256') throw undecodable;
  if (!verify('RSA-SHA256', Buffer.from(`${header}.${payload}`), world.app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable;
  if (claims['iss'] !== world.app.id && claims['iss'] !== String(world.app.id)) throw new Problem(401, "'Issuer' claim ('iss') must be an Integer");
  const now = world.now() / 1000;
  const [issued, expires] = [Number(claims['iat']), Number(claims['exp'])];
  if (!(expires > now)) throw new Problem(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
  if (expires > now + LONGEST_JWT_SECONDS || expires - issued > LONGEST_JWT_SECONDS + DRIFT_SECONDS) {
    throw new Problem(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (!(issued <= now + 5)) throw new Problem(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
}

const STRENGTH: Readonly<Record<Access, number>> = { read: 1, write: 2, admin: 3 };

export function covers(permissions: Permissions, name: string, access: Access): boolean {
  const held = permissions[name];
  return held !== undefined && STRENGTH[held] >= STRENGTH[access];
}

/** Whether a token's repositories include this one. */
export function reaches(token: Token, repository: Repository): boolean {
  if (repository.owner.id !== token.installation.account.id || !repository.installed) return false;
  return token.repositories === null || token.repositories.includes(repository.id);
}

/**
 * Lets a call pass or throws what GitHub answers: 401 without the right kind of credentials, 404 for a private repository out of
 * sight, 403 for a permission that is missing.
 */
export function authorize(caller: Caller, need: Need, repository: Repository | null): void {
  if (need === 'nothing') return;
  if (need === 'app') {
    if (caller.kind === 'app') return;
    throw new Problem(401, 'A JSON web token could not be decoded');
  }
  if (caller.kind === 'app') throw new Problem(401, 'Bad credentials');
  if (caller.kind === 'none') throw need === 'installation' ? new Problem(401, 'Requires authentication') : repository?.private === true ? notFound() : new Problem(401, 'Requires authentication');
  if (need === 'installation') return;
  const inScope = repository === null || reaches(caller.token, repository);
  const onlyReads = need.every(([, access]) => access === 'read');
  if (!inScope) {
    if (repository.private) throw notFound();
    if (!onlyReads) throw notPermitted();
    return;
  }
  const held = need.length === 0 || need.some(([name, access]) => covers(caller.token.permissions, name, access));
  if (held || (onlyReads && repository?.private === false)) return;
  throw notPermitted();
}

/** Mints a token for an installation, as narrow as asked. Throws 422 when it asks for more than was granted. */
export function mintToken(
  world: World,
  installation: Installation,
  asked: { readonly permissions: Permissions | null; readonly repositories: readonly Repository[] | null },
): Token {
  const granted: Permissions = { ...installation.permissions, metadata: installation.permissions['metadata'] ?? 'read' };
  for (const [name, access] of Object.entries(asked.permissions ?? {})) {
    if (!covers(granted, name, access)) {
      throw new Problem(422, 'The permissions requested are not granted to this installation.', {}, `access_tokens: ${name}:${access} is not granted`);
    }
  }
  const token: Token = {
    token: `ghs_${randomBytes(30).toString('base64url').replaceAll(/[-_]/g, 'x')}${randomBytes(40).toString('hex')}`,
    installation,
    permissions: asked.permissions === null ? granted : { ...asked.permissions, metadata: 'read' },
    repositories: asked.repositories === null ? null : asked.repositories.map((repository) => repository.id),
    expiresAt: world.now() + world.tokenLifetime,
  };
  world.tokens.set(token.token, token);
  return token;
}
