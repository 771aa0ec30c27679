import { syntax } from '../../languages/typescript.js';
import type { ts } from '../../languages/typescript.js';
import type { EntryKind } from '../event.js';
import { nameOf } from './file-facts.js';
import type { FunctionNode } from './walk.js';

const DECORATORS: readonly (readonly [RegExp, EntryKind])[] = [
  [/^(Cron|Interval|Timeout|Scheduled?|Every)$/, 'schedule'],
  [/^(Process|Processor|OnQueue\w*|EventPattern|MessagePattern|RabbitSubscribe|SqsMessageHandler|OnEvent|OnWorkerEvent)$/, 'job'],
  [/^(Get|Post|Put|Patch|Delete|All|Query|Mutation|Subscription|ResolveField|Route|GrpcMethod|SubscribeMessage)$/, 'request'],
];
const CALLS: readonly (readonly [RegExp, EntryKind])[] = [
  [/(^|\.)(cron|schedule|scheduler|nodeCron)\.(schedule|scheduleJob|every|add)$|(^|\.)scheduleJob$|^new CronJob$/i, 'schedule'],
  [/^new (Worker|Consumer)$|(^|\.)(process|consume|eachMessage|createFunction|defineJob|registerWorker|work|task|registerTask)$/, 'job'],
  [/(^|\.)(mutation|query|handler|createServerFn|action|authAction|route|handle|publicHandler|onRequest|onCall)$/, 'request'],
];
const VERBS = /^(get|post|put|patch|delete|all|use|options|head)$/;
const SERVER = /(^|\.)(app|router|server|fastify|api|routes?|express|hono|web|controller|\w*[rR]outer|\w*App|\w*Api)$/;

/** How a function is reached from outside, as far as its own file says. */
export function entryOf(node: FunctionNode, path: string): EntryKind | null {
  return refined(byDecorator(node) ?? byFile(node, path) ?? byCall(node), node, path);
}

/** Requests of machines are webhooks; those that a timer makes are schedules. */
function refined(kind: EntryKind | null, node: FunctionNode, path: string): EntryKind | null {
  if (kind !== 'request') return kind;
  const where = `${path} ${nameOf(node) ?? ''} ${routeOf(node)}`;
  if (/webhook/i.test(where)) return 'webhook';
  return /(^|[/\s])cron(s|[/\s.-]|$)/i.test(where) ? 'schedule' : kind;
}

function routeOf(node: FunctionNode): string {
  const call = node.parent;
  const first = syntax.isCallExpression(call) ? call.arguments[0] : undefined;
  return first !== undefined && syntax.isStringLiteralLike(first) ? first.text : '';
}

function byDecorator(node: FunctionNode): EntryKind | null {
  if (!syntax.isMethodDeclaration(node)) return null;
  for (const decorator of syntax.getDecorators(node) ?? []) {
    const called = syntax.isCallExpression(decorator.expression) ? decorator.expression.expression : decorator.expression;
    const name = called.getText();
    const found = DECORATORS.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return found[1];
  }
  return null;
}

function byFile(node: FunctionNode, path: string): EntryKind | null {
  const name = nameOf(node) ?? '';
  const top = syntax.findAncestor(node.parent, (one) => syntax.isFunctionLike(one)) === undefined;
  if (!top) return null;
  if (/(^|\/)route\.[cm]?[jt]sx?$/.test(path) && /^(GET|POST|PUT|PATCH|DELETE)$/.test(exportedNameOf(node) ?? name)) return 'request';
  if (/(^|\/)pages\/api\//.test(path) && (isDefaultExport(node) || name === 'handler')) return 'request';
  if (/(^|\/)routes?\//.test(path) && /^(action|loader)$/.test(name)) return 'request';
  if (/(^|\/)(jobs?|workers?|processors?|consumers?|queues?)\//.test(path) && /^(run|handler?|process|execute|perform|processJob|processor|handleJob)$/.test(name)) return 'job';
  const [first] = node.getSourceFile().statements;
  const directive = first !== undefined && syntax.isExpressionStatement(first) && syntax.isStringLiteral(first.expression) ? first.expression.text : '';
  return directive === 'use server' ? 'request' : null;
}

/** `export const POST = withAuth(async (request) => …)`: the wrapper's body is the handler. */
function exportedNameOf(node: FunctionNode): string | null {
  const declaration = syntax.findAncestor(node.parent, (one) => syntax.isVariableDeclaration(one) || syntax.isFunctionLike(one));
  return declaration !== undefined && syntax.isVariableDeclaration(declaration) && syntax.isIdentifier(declaration.name) ? declaration.name.text : null;
}

function isDefaultExport(node: FunctionNode): boolean {
  if (syntax.isFunctionDeclaration(node)) return syntax.getModifiers(node)?.some((one) => one.kind === syntax.SyntaxKind.DefaultKeyword) ?? false;
  return syntax.findAncestor(node.parent, (one) => syntax.isExportAssignment(one)) !== undefined;
}

function byCall(node: FunctionNode): EntryKind | null {
  const call: ts.Node = syntax.isPropertyAssignment(node.parent) && syntax.isObjectLiteralExpression(node.parent.parent) ? node.parent.parent.parent : node.parent;
  if (!syntax.isCallExpression(call) && !syntax.isNewExpression(call)) return null;
  const callee = `${syntax.isNewExpression(call) ? 'new ' : ''}${call.expression.getText().replace(/\s+/g, '').slice(-200)}`;
  const name = callee.slice(callee.lastIndexOf('.') + 1);
  if (VERBS.test(name)) return SERVER.test(callee.slice(0, callee.lastIndexOf('.'))) ? 'request' : null;
  return CALLS.find(([pattern]) => pattern.test(callee))?.[1] ?? null;
}
