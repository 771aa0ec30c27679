// path: app/Http/Controllers/WalletController.php
<?php

namespace App\Http\Controllers;

use App\Jobs\ShipOrder;
use App\Mail\Receipt;
use App\Models\Coupon;
use App\Models\Order;
use App\Models\Product;
use App\Models\Wallet;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Mail;

class WalletController extends Controller
{
    public function withdraw(Request $request, int $id)
    {
        $wallet = Wallet::findOrFail($id);
        if ($wallet->balance < $request->amount) {
            return back()->withErrors('Not enough');
        }
        $wallet->decrement('balance', $request->amount); // want `both take from .balance. and it ends below`
    }

    public function withdrawInTransaction(Request $request, int $id)
    {
        DB::transaction(function () use ($request, $id) {
            $wallet = Wallet::where('id', $id)->first();
            abort_if($wallet->balance < $request->amount, 422);
            $wallet->balance -= $request->amount;
            $wallet->save(); // want `The transaction on line 29 does not prevent it`
        });
    }

    public function buy(Request $request, Product $product)
    {
        if ($product->stock < $request->integer('quantity')) {
            throw new \RuntimeException('Out of stock');
        }
        Product::where('id', $product->id)->decrement('stock', $request->integer('quantity')); // want `stock`
    }

    public function pay(Order $order)
    {
        if ($order->status === 'paid') {
            return redirect()->route('orders.show', $order);
        }
        $order->update(['status' => 'paid']); // want `both leave the same .status.: .Mail::to\(…\)->send. on line 51 is reached twice`
        Mail::to($order->email)->send(new Receipt($order));
    }

    public function ship(int $id)
    {
        $order = Order::query()->whereKey($id)->sole();
        if ($order->status !== Order::PAID) {
            abort(409);
        }
        $order->status = Order::SHIPPED;
        $order->save(); // want `ShipOrder::dispatch`
        ShipOrder::dispatch($order);
    }

    public function redeem(string $code)
    {
        $user = auth()->user();
        $coupon = Coupon::where('code', $code)->where('used', false)->first();
        if (! $coupon) {
            abort(404);
        }
        $this->grant($coupon, $user);
    }

    private function grant(Coupon $coupon, $user): void
    {
        $coupon->update(['used' => true]); // want `used`
        $user->credits()->create(['amount' => $coupon->amount]);
    }

    public function checkout(Request $request)
    {
        $cart = $request->user()->cart;
        foreach ($cart->items as $item) {
            if ($item->product->stock < $item->quantity) {
                return back();
            }
            $item->product->decrement('stock', $item->quantity); // want `stock`
        }
    }

    public function table(int $id, int $seats)
    {
        $event = DB::table('events')->where('id', $id)->first();
        if ($event->seats_left >= $seats) {
            DB::table('events')->where('id', $id)->decrement('seats_left', $seats); // want `seats_left`
        }
    }
}
// file: src/Service/Tickets.php
<?php

namespace App\Service;

use App\Entity\Ticket;
use Doctrine\ORM\EntityManagerInterface;

class Tickets
{
    public function __construct(private EntityManagerInterface $em, private \PDO $pdo) {}

    public function take(int $id, int $n): void
    {
        $ticket = $this->em->find(Ticket::class, $id);
        if ($ticket->getRemaining() < $n) {
            throw new \DomainException('Sold out');
        }
        $ticket->setRemaining($ticket->getRemaining() - $n);
        $this->em->flush(); // want `remaining`
    }

    public function withdraw(int $id, int $amount): void
    {
        $statement = $this->pdo->prepare('SELECT * FROM accounts WHERE id = :id');
        $statement->execute(['id' => $id]);
        $account = $statement->fetch();
        if ($account['balance'] < $amount) {
            throw new \DomainException('Not enough');
        }
        $update = $this->pdo->prepare('UPDATE accounts SET balance = balance - :amount WHERE id = :id');
        $update->execute(['amount' => $amount, 'id' => $id]); // want `balance`
    }
}
