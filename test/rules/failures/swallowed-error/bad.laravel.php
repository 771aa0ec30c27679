// path: app/Http/Controllers/PaymentController.php
<?php

namespace App\Http\Controllers;

use App\Models\Payment;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Log;

class PaymentController extends Controller
{
    public function store(Request $request)
    {
        try {
            Payment::create(['amount' => $request->amount]);
        } catch (\Exception $e) { // want `only logs the error`
            Log::error('Payment failed', ['exception' => $e]);
        }

        return response()->json(['saved' => true]);
    }

    public function capture(int $id)
    {
        try {
            $payment = Payment::findOrFail($id);
            $payment->captured = true;
            $payment->save();
        } catch (\Throwable) { // want `does nothing with the error`
        }
    }
}
