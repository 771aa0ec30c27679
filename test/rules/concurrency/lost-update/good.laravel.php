// path: app/Services/Counters.php
<?php

namespace App\Services;

use App\Models\Post;
use App\Models\User;
use Illuminate\Support\Facades\DB;

class Counters
{
    public function atomic(int $id, int $cost): void
    {
        $post = Post::find($id);
        $post->increment('views');
        User::where('id', $id)->update(['credits' => DB::raw('credits - 1')]);
        Post::whereKey($id)->incrementEach(['views' => 1, 'shares' => 2]);
    }

    public function locked(int $id, int $cost): void
    {
        DB::transaction(function () use ($id, $cost) {
            $user = User::query()->where('id', $id)->lockForUpdate()->first();
            $user->credits -= $cost;
            $user->save();
        });
    }

    public function compared(int $id, int $n): void
    {
        $row = DB::table('stocks')->where('id', $id)->first();
        DB::table('stocks')->where('id', $id)->where('version', $row->version)->update(['quantity' => $row->quantity + $n, 'version' => $row->version + 1]);
    }

    public function passedOn(int $id): void
    {
        $post = Post::find($id);
        $post->title = trim($post->title);
        $post->slug = $post->slug ?? 'none';
        $post->save();
        $copy = new Post(['views' => $post->views + 1]);
        $copy->save();
    }

    public function isolated(int $id): void
    {
        DB::transaction(function () use ($id) {
            DB::statement('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
            $user = User::find($id);
            $user->credits = $user->credits + 5;
            $user->save();
        });
    }
}
