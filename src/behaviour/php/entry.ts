import { walkSyntax, type SyntaxNode } from '../../languages/tree-sitter.js';
import type { EntryKind } from '../event.js';
import { textOf, type ClassFacts, type FileFacts, type LocalFunction } from './file-facts.js';

const SCHEDULED = /^(Command|ContainerAwareCommand|AbstractCommand)$/;

/** How a function is reached from outside, as far as its own file says. */
export function entryOf(file: FileFacts, local: LocalFunction | null): EntryKind | null {
  if (local?.owner == null || local.visibility !== 'public' || local.name === '__construct') return null;
  const { owner, name } = local;
  const kind = ofClass(file, owner, name);
  return kind === 'request' && /webhook/i.test(`${file.path} ${owner.name} ${name}`) ? 'webhook' : kind;
}

function ofClass(file: FileFacts, owner: ClassFacts, name: string): EntryKind | null {
  const { path } = file;
  const attributes = attributesOf(file, owner);
  if (owner.interfaces.some((one) => /^ShouldQueue/.test(one)) || /(^|\/)Jobs\//.test(path)) return name === 'handle' || name === '__invoke' ? 'job' : null;
  if (/AsMessageHandler/.test(attributes) || owner.interfaces.includes('MessageHandlerInterface')) return name.startsWith('__invoke') || name.startsWith('handle') ? 'job' : null;
  if (/(^|\/)(Console|Commands?)\//.test(path) || (owner.parent !== null && SCHEDULED.test(owner.parent))) return name === 'handle' || name === 'execute' ? 'schedule' : null;
  if (/Controller$/.test(owner.name) || (owner.parent !== null && /Controller$/.test(owner.parent)) || /(^|\/)Controllers?\//.test(path)) return 'request';
  return /(^|\/)Livewire\//.test(path) && owner.parent !== null && !/^(mount|render|boot|hydrate|dehydrate|updated|updating|rules)/.test(name) ? 'request' : null;
}

function attributesOf(file: FileFacts, owner: ClassFacts): string {
  return owner.node.children.filter((one) => one.kind === 'attribute_list').map((one) => textOf(file.tree, one)).join(' ');
}

/** `ShouldBeUnique`, `WithoutOverlapping`, `Isolatable`: the class itself says that it never runs twice at once. */
export function runsAlone(file: FileFacts, owner: ClassFacts): string | null {
  const named = owner.interfaces.find((one) => /^(ShouldBeUnique|Isolatable)$/.test(one));
  if (named !== undefined) return named;
  for (const node of walkSyntax(owner.node, (one) => one.kind !== 'compound_statement' || textOf(file.tree, one).includes('WithoutOverlapping'))) {
    if (node.kind === 'name' && /^(WithoutOverlapping|LockableTrait)$/.test(textOf(file.tree, node))) return textOf(file.tree, node);
  }
  return null;
}

/** What a function is called where it has no name of its own: by the call it is handed to. */
export function handedTo(file: FileFacts, node: SyntaxNode, parents: ReadonlyMap<SyntaxNode, SyntaxNode>): string {
  const list = parents.get(parents.get(node) ?? node);
  const call = list === undefined ? undefined : parents.get(list);
  const name = call?.children.find((one) => one.field === 'name' || one.field === 'function');
  const scope = call?.children.find((one) => one.field === 'scope');
  if (name === undefined) return '<anonymous>';
  return scope === undefined ? textOf(file.tree, name).slice(0, 60) : `${textOf(file.tree, scope)}.${textOf(file.tree, name)}`.slice(0, 80);
}
