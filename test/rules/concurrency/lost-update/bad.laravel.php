// path: app/Services/Counters.php
<?php

namespace App\Services;

use App\Models\Post;
use App\Models\Team;
use App\Models\User;
use Illuminate\Support\Facades\DB;

class Counters
{
    public function count(int $id): void
    {
        $post = Post::find($id);
        $post->views = $post->views + 1;
        $post->save(); // want `.views. is read on line 15 and written back on line 17 with .\$post->save.`
    }

    public function spend(int $id, int $cost): void
    {
        $user = User::findOrFail($id);
        $user->update(['credits' => $user->credits - $cost]); // want `credits`
    }

    public function append(Team $team, string $tag): void
    {
        $fresh = Team::find($team->id);
        $tags = $fresh->tags;
        $tags[] = $tag;
        $fresh->tags = $tags;
        $fresh->save(); // want `one of the two entries`
    }

    public function table(int $id, int $n): void
    {
        $row = DB::table('stocks')->where('id', $id)->first();
        DB::table('stocks')->where('id', $id)->update(['quantity' => $row->quantity + $n]); // want `quantity`
    }

    public function handed(User $user, int $points): void
    {
        $user->points += $points;
        $user->save(); // want `comes with a .\$user. that was read before the call`
    }

    public function note(int $id, string $text): void
    {
        $user = User::where('id', $id)->firstOrFail();
        $user->notes = $user->notes . "\n" . $text;
        $user->save(); // want `one of the two additions`
    }

    public function precise(int $id, string $amount): void
    {
        $user = User::find($id);
        $user->balance = bcsub($user->balance, $amount, 2);
        $user->saveOrFail(); // want `balance`
    }
}
