// path: app/Http/Controllers/PaymentController.php
<?php

namespace App\Http\Controllers;

use App\Models\Payment;
use Illuminate\Database\UniqueConstraintViolationException;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Log;

class PaymentController extends Controller
{
    public function store(Request $request)
    {
        try {
            Payment::create(['amount' => $request->amount]);
        } catch (\Exception $e) {
            Log::error($e->getMessage());

            return response()->json(['error' => 'not saved'], 500);
        }
    }

    public function twice(string $key)
    {
        try {
            Payment::create(['key' => $key]);
        } catch (UniqueConstraintViolationException) {
            return Payment::where('key', $key)->first();
        }
    }

    public function reported(int $id)
    {
        try {
            Payment::findOrFail($id)->update(['captured' => true]);
        } catch (\Throwable $e) {
            report($e);
        }
    }

    public function rolledBack(int $id)
    {
        DB::beginTransaction();
        try {
            Payment::findOrFail($id)->update(['captured' => true]);
            DB::commit();
        } catch (\Throwable $e) {
            DB::rollBack();
            throw $e;
        }
    }

    public function explained(int $id)
    {
        try {
            Payment::findOrFail($id)->update(['captured' => true]);
        } catch (\Throwable $e) {
            // The nightly reconciliation captures what was missed here.
        }
    }
}
