// path: app/Http/Controllers/WalletController.php
<?php

namespace App\Http\Controllers;

use App\Mail\Receipt;
use App\Models\Order;
use App\Models\Product;
use App\Models\Wallet;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Cache;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Mail;

class WalletController extends Controller
{
    public function locked(Request $request, int $id)
    {
        DB::transaction(function () use ($request, $id) {
            $wallet = Wallet::lockForUpdate()->findOrFail($id);
            abort_if($wallet->balance < $request->amount, 422);
            $wallet->balance -= $request->amount;
            $wallet->save();
        });
    }

    public function lockedByStatements(Request $request, Wallet $wallet)
    {
        DB::beginTransaction();
        try {
            $wallet = Wallet::whereKey($wallet->id)->lockForUpdate()->first();
            if ($wallet->balance < $request->amount) {
                DB::rollBack();

                return back();
            }
            $wallet->decrement('balance', $request->amount);
            DB::commit();
        } catch (\Throwable $e) {
            DB::rollBack();
            throw $e;
        }
    }

    public function conditional(Request $request, Product $product)
    {
        if ($product->stock < $request->integer('quantity')) {
            abort(422);
        }
        $taken = Product::where('id', $product->id)->where('stock', '>=', $request->integer('quantity'))->decrement('stock', $request->integer('quantity'));
        abort_if($taken === 0, 409);
    }

    public function state(Order $order)
    {
        if ($order->status === 'paid') {
            return;
        }
        $changed = Order::where('id', $order->id)->where('status', 'pending')->update(['status' => 'paid']);
        if ($changed === 0) {
            return;
        }
        Mail::to($order->email)->send(new Receipt($order));
    }

    public function cacheLock(Request $request, int $id)
    {
        return Cache::lock("wallet:{$id}", 10)->block(5, function () use ($request, $id) {
            $wallet = Wallet::findOrFail($id);
            if ($wallet->balance < $request->amount) {
                return false;
            }
            $wallet->decrement('balance', $request->amount);

            return true;
        });
    }

    public function heldLock(Request $request, int $id)
    {
        $lock = Cache::lock('wallet:'.$id, 10);
        if (! $lock->get()) {
            abort(423);
        }
        try {
            $wallet = Wallet::findOrFail($id);
            if ($wallet->balance >= $request->amount) {
                $wallet->decrement('balance', $request->amount);
            }
        } finally {
            $lock->release();
        }
    }

    public function fluent(int $id)
    {
        DB::connection('main')->transaction(function () use ($id) {
            $this->wallet = Wallet::whereKey($id)->lockForUpdate()->first();
            $this->prepare()->spend();
        });
    }

    private function prepare(): self
    {
        return $this;
    }

    private function spend(): self
    {
        if ($this->wallet->balance < 5) {
            return $this;
        }
        $this->wallet->decrement('balance', 5);

        return $this;
    }

    public function once(string $id)
    {
        if (! Cache::add('wallet:'.$id, 1, 10)) {
            return;
        }
        $wallet = Wallet::find($id);
        if ($wallet->balance > 1) {
            $wallet->decrement('balance', 1);
        }
    }

    public function publish(Order $order)
    {
        if ($order->published) {
            return;
        }
        $order->update(['published' => true]);
    }
}
// file: app/Jobs/ChargeOrder.php
<?php

namespace App\Jobs;

use App\Mail\Receipt;
use App\Models\Order;
use Illuminate\Contracts\Queue\ShouldBeUnique;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Support\Facades\Mail;

class ChargeOrder implements ShouldQueue, ShouldBeUnique
{
    public function __construct(public int $id) {}

    public function handle(): void
    {
        $order = Order::find($this->id);
        if ($order->status === 'paid') {
            return;
        }
        $order->update(['status' => 'paid']);
        Mail::to($order->email)->send(new Receipt($order));
    }
}
// file: src/Service/Tickets.php
<?php

namespace App\Service;

use App\Entity\Ticket;
use Doctrine\DBAL\LockMode;
use Doctrine\ORM\EntityManagerInterface;

class Tickets
{
    public function __construct(private EntityManagerInterface $em, private \PDO $pdo) {}

    public function take(int $id, int $n): void
    {
        $this->em->wrapInTransaction(function () use ($id, $n) {
            $ticket = $this->em->find(Ticket::class, $id, LockMode::PESSIMISTIC_WRITE);
            if ($ticket->getRemaining() < $n) {
                throw new \DomainException('Sold out');
            }
            $ticket->setRemaining($ticket->getRemaining() - $n);
            $this->em->flush();
        });
    }

    public function withdraw(int $id, int $amount): void
    {
        $this->pdo->beginTransaction();
        $statement = $this->pdo->prepare('SELECT * FROM accounts WHERE id = :id FOR UPDATE');
        $statement->execute(['id' => $id]);
        $account = $statement->fetch();
        if ($account['balance'] < $amount) {
            throw new \DomainException('Not enough');
        }
        $update = $this->pdo->prepare('UPDATE accounts SET balance = balance - :amount WHERE id = :id');
        $update->execute(['amount' => $amount, 'id' => $id]);
        $this->pdo->commit();
    }

    public function conditional(int $id, int $amount): void
    {
        $row = $this->pdo->query("SELECT balance FROM accounts WHERE id = {$id}")->fetch();
        if ($row['balance'] < $amount) {
            throw new \DomainException('Not enough');
        }
        $update = $this->pdo->prepare('UPDATE accounts SET balance = balance - ? WHERE id = ? AND balance >= ?');
        $update->execute([$amount, $id, $amount]);
        if ($update->rowCount() === 0) {
            throw new \DomainException('Not enough');
        }
    }
}
