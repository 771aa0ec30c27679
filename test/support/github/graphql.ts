import { covers } from './auth.js';
import { readNodeId } from './views/people.js';
import type { Caller } from './route.js';
import type { IssueComment, JsonObject, Repository, ReviewComment, World } from './world.js';

/** GitHub's classifiers for a minimised comment. */
const CLASSIFIERS = new Set(['SPAM', 'ABUSE', 'OFF_TOPIC', 'OUTDATED', 'DUPLICATE', 'RESOLVED']);

interface Subject {
  readonly repository: Repository;
  readonly comment: IssueComment | ReviewComment;
}

function findComment(world: World, id: string): Subject | null {
  const node = readNodeId(id);
  if (node === null) return null;
  for (const repository of world.repositories.values()) {
    const comment = node.kind === 'IC' ? repository.comments.get(node.id) : node.kind === 'PRRC' ? repository.reviewComments.get(node.id) : undefined;
    if (comment !== undefined) return { repository, comment };
  }
  return null;
}

function failure(type: string, message: string): JsonObject {
  return { data: null, errors: [{ type, path: [], locations: [{ line: 1, column: 1 }], message }] };
}

/**
 * The mutations an App of this kind needs: `minimizeComment` and `unminimizeComment`. Like GitHub, it answers 200 with `errors`
 * when it refuses, and keeps to the names of the schema.
 */
export function answerGraphql(world: World, caller: Caller, body: JsonObject): { readonly answer: JsonObject; readonly violation: string | null } {
  const query = typeof body['query'] === 'string' ? body['query'] : '';
  const variables = (body['variables'] ?? {}) as JsonObject;
  const call = /\b(minimizeComment|unminimizeComment)\s*\(\s*input\s*:\s*(\{[^}]*\}|\$\w+)\s*\)/.exec(query);
  if (caller.kind !== 'installation') return { answer: failure('FORBIDDEN', 'Resource not accessible by integration'), violation: null };
  if (!/^\s*mutation\b/.test(query) || call === null) return { answer: failure('undefinedField', 'The stand-in does not know this query'), violation: 'graphql: an operation the stand-in does not know' };
  const input = readInput(call[2] ?? '', variables);
  const { subjectId, classifier } = input;
  const unknown = Object.keys(input).filter((field) => !['subjectId', 'classifier', 'clientMutationId'].includes(field));
  if (unknown.length > 0) return { answer: failure('argumentNotAccepted', `InputObject doesn't accept argument '${unknown.join(', ')}'`), violation: `graphql: unknown input ${unknown.join(', ')}` };
  const minimise = call[1] === 'minimizeComment';
  if (typeof subjectId !== 'string') return { answer: failure('missingRequiredInputObjectAttribute', "Argument 'subjectId' is required"), violation: 'graphql: subjectId is missing' };
  if (minimise && (typeof classifier !== 'string' || !CLASSIFIERS.has(classifier))) {
    return { answer: failure('argumentLiteralsIncompatible', "Argument 'classifier' has an invalid value"), violation: 'graphql: classifier is invalid' };
  }
  const reason = minimise && typeof classifier === 'string' ? classifier : null;
  const subject = findComment(world, subjectId);
  if (subject === null) return { answer: failure('NOT_FOUND', `Could not resolve to a node with the global id of '${subjectId}'.`), violation: null };
  if (!permitted(caller, subject)) return { answer: failure('FORBIDDEN', 'Resource not accessible by integration'), violation: null };
  subject.comment.minimized = reason;
  const minimized = { isMinimized: minimise, minimizedReason: reason?.toLowerCase() ?? null };
  return { answer: { data: { [call[1] ?? '']: { minimizedComment: minimized, clientMutationId: null } } }, violation: null };
}

function permitted(caller: Caller & { kind: 'installation' }, subject: Subject): boolean {
  const { token } = caller;
  const inScope = token.installation.account.id === subject.repository.owner.id && (token.repositories === null || token.repositories.includes(subject.repository.id));
  return inScope && (covers(token.permissions, 'pull_requests', 'write') || covers(token.permissions, 'issues', 'write'));
}

/** The input object, written out in the query or given as a variable. */
function readInput(source: string, variables: JsonObject): JsonObject {
  if (source.startsWith('$')) return (variables[source.slice(1)] ?? {}) as JsonObject;
  const fields = [...source.matchAll(/(\w+)\s*:\s*("(?:[^"\\]|\\.)*"|\$\w+|\w+)/g)];
  return Object.fromEntries(
    fields.map(([, name = '', value = '']) => [name, value.startsWith('$') ? variables[value.slice(1)] : value.startsWith('"') ? (JSON.parse(value) as string) : value]),
  );
}
