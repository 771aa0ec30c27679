/** From PHP text to events. */
import { describe, expect, it } from '@jest/globals';
import { behavioursOf, loadLanguage } from '../../src/behaviour/behaviours-of.js';
import { eventsOf, read, readOne } from './read.js';

const PATH = 'app/Services/Wallets.php';
const HEAD = '<?php\nnamespace App\\Services;\nuse App\\Models\\Account;\nuse App\\Entity\\Ticket;\nclass Wallets {\n';

async function method(body: string, symbol = 'Wallets.run'): ReturnType<typeof readOne> {
  return readOne(`${HEAD}public function run($id, $n) {\n${body}\n}\n}`, symbol, PATH);
}

describe('reads and writes', () => {
  it('follow a value from the row to the data written', async () => {
    const one = await method(`$account = Account::where('id', $id)->first();\n$left = $account->balance - $n;\nAccount::where('id', $id)->update(['balance' => $left]);`);
    const [found] = eventsOf(one, 'read');
    const [write] = eventsOf(one, 'write');
    expect(found).toMatchObject({ entity: 'account', library: 'eloquent', key: [{ column: 'id', value: { kind: 'parameter', name: 'id' } }], lock: 'none', vars: ['account'] });
    expect(write).toMatchObject({ operation: 'update', entity: 'account', whereColumns: ['id'] });
    expect(write?.data[0]).toMatchObject({ column: 'balance', value: { kind: 'binary', operator: 'subtract', left: { kind: 'field', name: 'balance', of: { kind: 'result', event: found?.id } }, right: { kind: 'parameter', name: 'n' } } });
  });

  it.each([
    ['Account::where("id", $id)->decrement("balance", $n);'],
    ["DB::table('accounts')->where('id', $id)->decrement('balance', $n);"],
    ["Account::whereKey($id)->update(['balance' => DB::raw('balance - 5')]);"],
    ["DB::update('UPDATE accounts SET balance = balance - ? WHERE id = ?', [$n, $id]);"],
    ["$s = $this->pdo->prepare('UPDATE accounts SET balance = balance - :n WHERE id = :id'); $s->execute(['n' => $n, 'id' => $id]);"],
  ])('%s computes on the column itself', async (statement) => {
    const [write] = eventsOf(await method(statement), 'write');
    expect(write).toMatchObject({ operation: 'update', entity: 'account', whereColumns: ['id'] });
    expect(write?.data[0]).toMatchObject({ column: 'balance', value: { kind: 'binary', operator: 'subtract', left: { kind: 'column', name: 'balance' } } });
  });

  it.each([
    ['$row = Account::lockForUpdate()->find($id);'],
    ["$query = Account::query()->where('id', $id); $query->lockForUpdate(); $row = $query->first();"],
    ["$row = DB::table('accounts')->where('id', $id)->lockForUpdate()->first();"],
    ["$row = DB::selectOne('SELECT * FROM accounts WHERE id = ? FOR UPDATE', [$id]);"],
    ['$row = $this->em->find(Account::class, $id, LockMode::PESSIMISTIC_WRITE);'],
  ])('%s locks the row', async (statement) => {
    expect(eventsOf(await method(statement), 'read')[0]).toMatchObject({ entity: 'account', lock: 'update' });
  });

  it('a changed row that is saved writes what was assigned', async () => {
    const one = await method(`$account = Account::find($id);\n$account->balance -= $n;\n$account->fill(['spent_at' => now()])->save();`);
    const [write] = eventsOf(one, 'write');
    expect(write).toMatchObject({ operation: 'save', target: 0, entity: 'account' });
    expect(write?.data.map((each) => each.column)).toEqual(['balance', 'spent_at']);
  });

  it('a flush writes what setters changed', async () => {
    const one = await method('$ticket = $this->em->find(Ticket::class, $id);\n$ticket->setLeft($ticket->getLeft() - $n);\n$this->em->flush();');
    expect(eventsOf(one, 'write')[0]).toMatchObject({ library: 'doctrine', target: 0, data: [{ column: 'left', value: { operator: 'subtract', left: { kind: 'field', name: 'left' } } }] });
  });

  it('a condition that may not be there is not known', async () => {
    const one = await method("$query = Account::where('id', $id);\nif ($n) { $query->where('balance', '>', $n); }\n$query->update(['open' => false]);");
    expect(eventsOf(one, 'write')[0]).toMatchObject({ whereKnown: false });
  });

  it('classes that are no models are no rows', async () => {
    const one = await method("Http::get($id); Carbon::create(2020); $this->finder->find($id); Str::of('x')->where('a');");
    expect(eventsOf(one, 'read')).toEqual([]);
    expect(eventsOf(one, 'write')).toEqual([]);
  });
});

describe('what is around them', () => {
  it('a transaction is a body, or begins and ends', async () => {
    const body = await method('DB::transaction(function () use ($id) { Account::whereKey($id)->delete(); });');
    expect(eventsOf(body, 'write')[0]?.handle.transaction).toBe(eventsOf(body, 'tx-begin')[0]?.transaction);
    const statements = await method('DB::beginTransaction();\nAccount::whereKey($id)->delete();\nDB::commit();\nAccount::whereKey($n)->delete();');
    expect(eventsOf(statements, 'write').map((one) => one.handle.transaction)).toEqual([1, null]);
  });

  it('a lock holds what runs in it', async () => {
    const one = await method("Cache::lock('pay', 10)->block(5, fn () => Account::whereKey($id)->delete());");
    expect(eventsOf(one, 'lock-acquire')[0]).toMatchObject({ scope: 'cluster', key: { value: 'pay' }, ttl: { value: 10 } });
    expect(eventsOf(one, 'write')[0]?.frames).toMatchObject([{ kind: 'lock' }]);
  });

  it('guards say how they leave', async () => {
    const one = await method('if ($n < 1) { return; } elseif ($n > 9) { throw new \\Exception(); }\nabort_unless($id, 404);\n$x = match (true) { $n > 3 => throw new \\Exception(), default => 1 };');
    expect(eventsOf(one, 'guard').map((each) => [each.whenTrue, each.whenFalse])).toEqual([['return', null], ['throw', null], [null, 'throw'], ['throw', null]]);
  });

  it('a method of the class is shown where it is called', async () => {
    const functions = await read(`${HEAD}public function run($id) { $this->drop($id); }\nprivate function drop($key) { Account::where('id', $key)->delete(); } }`, PATH);
    const [first] = functions;
    expect(first === undefined ? [] : eventsOf(first, 'write')).toMatchObject([{ key: [{ value: { kind: 'parameter', name: 'id' } }], frames: [{ kind: 'inlined', name: 'drop' }] }]);
  });

  it.each([
    ['app/Http/Controllers/PayController.php', 'class PayController { public function run() { foo(); } }', 'request'],
    ['app/Http/Controllers/WebhookController.php', 'class WebhookController extends Controller { public function run() { foo(); } }', 'webhook'],
    ['app/Jobs/Pay.php', 'class Pay implements ShouldQueue { public function handle() { foo(); } }', 'job'],
    ['app/Console/Commands/Pay.php', 'class Pay extends Command { public function handle() { foo(); } }', 'schedule'],
    ['src/Pay.php', 'class Pay { public function handle() { foo(); } }', null],
  ])('%s is reached as a %s', async (path, text, entry) => {
    expect((await read(`<?php\n${text}`, path))[0]?.entry).toBe(entry);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['syntax', '<?php\nclass A {\n  function b( {\n}'],
    ['too-large', `<?php ${'x();\n'.repeat(250_000)}`],
    ['too-large', `<?php $x = ${'['.repeat(3_000)}1${']'.repeat(3_000)};`],
    ['minified', `<?php $x = '${'a'.repeat(30_000)}';`],
  ])('is said to be %s', async (status, text) => {
    await loadLanguage(PATH, text);
    expect(behavioursOf(PATH, text, { lockWrappers: [] }).status).toBe(status);
  });

  it('templates are not read', async () => {
    expect(await read('<?php Account::find(1);', 'resources/views/x.blade.php')).toEqual([]);
  });
});
