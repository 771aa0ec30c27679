import { childOf, childOfKind, walkSyntax, type SyntaxNode, type SyntaxTree } from '../../languages/tree-sitter.js';

/** A function or method of the file. */
export interface LocalFunction {
  readonly name: string;
  readonly symbol: string;
  readonly node: SyntaxNode;
  readonly owner: ClassFacts | null;
  readonly visibility: 'public' | 'protected' | 'private';
}

export interface ClassFacts {
  readonly name: string;
  readonly node: SyntaxNode;
  /** As written: `Model`, `ShouldQueue`. */
  readonly parent: string | null;
  readonly interfaces: readonly string[];
  readonly methods: ReadonlyMap<string, LocalFunction>;
  /** Property → the class it is declared with. */
  readonly properties: ReadonlyMap<string, string>;
}

/** What is known of a file before its functions are walked. */
export interface FileFacts {
  readonly path: string;
  readonly tree: SyntaxTree;
  readonly namespace: string;
  /** Local name → the class or function it is imported from, without a leading `\`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly classes: readonly ClassFacts[];
  readonly functions: ReadonlyMap<string, LocalFunction>;
  readonly lockWrappers: readonly string[];
}

export const FUNCTION_KINDS = new Set(['function_definition', 'method_declaration', 'anonymous_function', 'arrow_function']);
const CLASS_KINDS = new Set(['class_declaration', 'trait_declaration', 'enum_declaration', 'anonymous_class']);

export function textOf(tree: SyntaxTree, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : tree.text.slice(node.start, node.end);
}

export function factsOf(path: string, tree: SyntaxTree, lockWrappers: readonly string[]): FileFacts {
  const imports = new Map<string, string>();
  const classes: ClassFacts[] = [];
  const functions = new Map<string, LocalFunction>();
  let namespace = '';
  for (const node of walkSyntax(tree.root, (one) => !FUNCTION_KINDS.has(one.kind))) {
    if (node.kind === 'namespace_definition') namespace = textOf(tree, childOf(node, 'name'));
    else if (node.kind === 'namespace_use_declaration') readImports(tree, node, imports);
    else if (CLASS_KINDS.has(node.kind)) classes.push(classOf(tree, node));
    else if (node.kind === 'function_definition') {
      const name = textOf(tree, childOf(node, 'name'));
      functions.set(name, { name, symbol: name, node, owner: null, visibility: 'public' });
    }
  }
  return { path, tree, namespace, imports, classes, functions, lockWrappers };
}

function readImports(tree: SyntaxTree, node: SyntaxNode, into: Map<string, string>): void {
  const prefix = textOf(tree, childOfKind(node, 'namespace_name'));
  for (const clause of walkSyntax(node)) {
    if (clause.kind !== 'namespace_use_clause') continue;
    const named = clause.children.find((one) => one.field !== 'alias');
    const written = textOf(tree, named).replace(/^\\/, '');
    const full = prefix === '' ? written : `${prefix}\\${written}`;
    const alias = childOf(clause, 'alias');
    into.set(alias === undefined ? lastName(full) : textOf(tree, alias), full);
  }
}

export function lastName(name: string): string {
  return name.slice(name.lastIndexOf('\\') + 1);
}

function classOf(tree: SyntaxTree, node: SyntaxNode): ClassFacts {
  const name = textOf(tree, childOf(node, 'name'));
  const parent = childOfKind(node, 'base_clause')?.children[0];
  const interfaces = (childOfKind(node, 'class_interface_clause')?.children ?? []).map((one) => lastName(textOf(tree, one)));
  const methods = new Map<string, LocalFunction>();
  const properties = new Map<string, string>();
  const facts: ClassFacts = { name, node, parent: parent === undefined ? null : lastName(textOf(tree, parent)), interfaces, methods, properties };
  for (const member of childOf(node, 'body')?.children ?? []) {
    if (member.kind === 'method_declaration') {
      const method = textOf(tree, childOf(member, 'name'));
      const visibility = textOf(tree, childOfKind(member, 'visibility_modifier')).toLowerCase();
      methods.set(method, { name: method, symbol: `${name}.${method}`, node: member, owner: facts, visibility: visibility === 'private' || visibility === 'protected' ? visibility : 'public' });
      for (const parameter of childOf(member, 'parameters')?.children ?? []) if (parameter.kind === 'property_promotion_parameter') addProperty(tree, parameter, properties);
      if (method === '__construct') readAssigned(tree, member, properties);
    } else if (member.kind === 'property_declaration') {
      const type = typeName(tree, childOf(member, 'type'));
      for (const element of member.children) if (element.kind === 'property_element' && type !== null) properties.set(variableName(tree, childOf(element, 'name')), type);
    }
  }
  return facts;
}

function addProperty(tree: SyntaxTree, parameter: SyntaxNode, into: Map<string, string>): void {
  const type = typeName(tree, childOf(parameter, 'type'));
  if (type !== null) into.set(variableName(tree, childOf(parameter, 'name')), type);
}

/** `public function __construct(Order $order) { $this->order = $order; }` */
function readAssigned(tree: SyntaxTree, constructor: SyntaxNode, into: Map<string, string>): void {
  const types = new Map((childOf(constructor, 'parameters')?.children ?? []).map((one) => [variableName(tree, childOf(one, 'name')), typeName(tree, childOf(one, 'type'))]));
  for (const match of textOf(tree, childOf(constructor, 'body')).matchAll(/\$this->(\w{1,100})\s?=\s?\$(\w{1,100})\s?;/g)) {
    const type = types.get(match[2] ?? '');
    if (type != null && !into.has(match[1] ?? '')) into.set(match[1] ?? '', type);
  }
}

/** The class a type names; null for scalars, unions and the like. */
export function typeName(tree: SyntaxTree, type: SyntaxNode | undefined): string | null {
  if (type === undefined) return null;
  if (type.kind === 'optional_type') return typeName(tree, type.children[0]);
  return type.kind === 'named_type' ? lastName(textOf(tree, type)) : null;
}

/** `$order` is `order`. */
export function variableName(tree: SyntaxTree, node: SyntaxNode | undefined): string {
  return textOf(tree, node).replace(/^[&.$]+/, '');
}

/** Namespaces whose classes are rows: `App\Models\Order`, `Domain\Order\Entities\Order`. */
const MODEL_NAMESPACE = /(^|\\)(Models?|Entit(y|ies)|Eloquent)(\\|$)/;
const NO_MODEL = /(Service|Factory|Helper|Repository|Request|Resource|Job|Event|Mail|Mailable|Notification|Exception|Client|Controller|Action|Command|Builder|Manager|Provider|Response|Policy|Rule|Dto|DTO|Collection|Facade|Validator|Handler|Listener|Observer|Interface|Contract|Trait|Query|Registry|Util|Utils|Utility|Config|Logger|Transformer|Widget|Form|Field|Column|Enum)$/;
const FACADES = /^(App|Arr|Artisan|Auth|Blade|Broadcast|Bus|Cache|Carbon|CarbonImmutable|CarbonInterval|Config|Cookie|Crypt|Date|DB|Event|File|Gate|Hash|Http|Lang|Log|Mail|Notification|Number|Password|Process|Queue|RateLimiter|Redirect|Redis|Request|Response|Route|Schedule|Schema|Session|Storage|Str|URL|Validator|View|Vite|Closure|Exception|DateTime|DateTimeImmutable|Collection|Uuid|Ulid|Factory|Finder|Process|Excel|PDF|Socialite|Sanctum|Inertia|Livewire|Stripe\w*|Mockery|Rule|Action|Section|Grid|Tab|Tabs|Toggle|Select|TextInput|Form|Table|Filter|Fieldset|Repeater|Placeholder|Money|Currency|Helper|Option|Setting|Settings)$/;
const PARENTS = /^(Model|BaseModel|AbstractModel|Authenticatable|User|Pivot|MorphPivot|Eloquent|EloquentModel|ActiveRecord|MongoModel)$|Model$/;

export type IsModel = 'yes' | 'maybe' | 'no';

/** Whether a class stands for a table, as far as its name, where it is imported from and what it extends say. */
export function isModel(file: FileFacts, name: string): IsModel {
  const local = lastName(name);
  const own = file.classes.find((one) => one.name === local);
  if (own !== undefined) return own.parent !== null && PARENTS.test(own.parent) ? 'yes' : MODEL_NAMESPACE.test(file.namespace) && !NO_MODEL.test(local) && own.parent === null ? 'yes' : MODEL_NAMESPACE.test(file.namespace) && !NO_MODEL.test(local) ? 'maybe' : 'no';
  const imported = name.includes('\\') ? name.replace(/^\\/, '') : file.imports.get(local);
  const namespace = imported === undefined ? file.namespace : imported.slice(0, Math.max(0, imported.lastIndexOf('\\')));
  if (/^(Illuminate|Symfony|Carbon|Laravel|Filament|Livewire|Psr|GuzzleHttp|Stripe|Doctrine|Monolog|Twig|PHPUnit)(\\|$)/.test(imported ?? '') || FACADES.test(local) || NO_MODEL.test(local)) return 'no';
  if (MODEL_NAMESPACE.test(namespace)) return 'yes';
  return imported === undefined || /^App\\\w+$/.test(imported) ? 'maybe' : /(Facades?|Support|Helpers?|Services?|Jobs|Events|Http|Mail|Notifications|Exceptions|Enums?|Actions)(\\|$)/.test(imported) ? 'no' : 'maybe';
}

/** Whether a class of this file is a table's model: then `$this` is one of its rows. */
export function isModelClass(file: FileFacts, owner: ClassFacts): boolean {
  return isModel(file, owner.name) === 'yes' && owner.parent !== null && owner.node.kind === 'class_declaration';
}
