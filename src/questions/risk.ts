import { matchesAny } from '../core/globs.js';
import type { Change } from '../core/change-set.js';

const isMigration = matchesAny(['**/migrations/**', '**/migration/**', '**/migrate/**', '**/db/**/*.sql', '**/*.sql', '**/changelog/**']);
const isTest = matchesAny(['**/test/**', '**/tests/**', '**/__tests__/**', '**/spec/**', '**/*.test.*', '**/*.spec.*', '**/*_test.*', '**/*Test.*', '**/fixtures/**', '**/mocks/**', '**/e2e/**']);
const isCode = matchesAny(['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,py,rb,go,java,kt,kts,scala,php,cs,rs,ex,exs,swift,vue,svelte,c,cc,cpp,h}']);

/** Words that stand where production breaks: data, money, time, other machines. */
const RISKY = /\b(?:transaction|lock|unlock|mutex|semaphore|atomic|await|async|promise|retry|retries|attempt|backoff|timeout|queue|publish|consume|enqueue|webhook|idempoten\w*|delete|update|upsert|insert|save|increment|balance|amount|price|payment|charge|refund|stock|quota|limit|count|cache|expire\w*|ttl|fetch|axios|http\w*|request|commit|rollback|catch|except|rescue|finally|throw|raise|concurrent\w*|thread|goroutine|cron|schedule\w*|migrat\w*|alter|drop|rename|permission|token|session|find\w*|exists|select|where|first|page|offset|cursor|timezone|date|now)\b/gi;

/** At most so much of a file's diff is weighed. */
const WEIGHED_LINES = 100;

/** How much a change is worth a look: higher is riskier. Cheap, and bounded for any file. */
export function riskOf(change: Change): number {
  let words = 0;
  let weighed = 0;
  for (const hunk of change.hunks) {
    for (const line of hunk.lines) {
      if (weighed >= WEIGHED_LINES) break;
      if (line.startsWith(' ')) continue;
      weighed += 1;
      words += line.slice(0, 160).match(RISKY)?.length ?? 0;
    }
  }
  const perFile = Math.min(words, 40) + Math.min(weighed, 40) / 4;
  if (isTest(change.path)) return perFile / 1000 - 1;
  if (isMigration(change.path)) return 200 + perFile;
  if (isCode(change.path)) return 20 + perFile;
  return perFile / 4;
}
