import { phrases } from './phrase.js';

/** What a hotfix fights against, as far as its own words tell. */
export interface Symptom {
  readonly name: string;
  /** The author's word that told. */
  readonly word: string;
  /** What to show of it: names of measurements, ready to be asked for. */
  readonly ask: string;
}

const SYMPTOMS: readonly { readonly name: string; readonly pattern: RegExp; readonly ask: string }[] = [
  { name: 'memory', pattern: phrases('oom(?:[- ]?killed|s)?', 'out of memory', 'memory leak', 'heap', 'rss', 'утечк\\p{L}*', '内存', 'メモリ', '메모리'), ask: 'the heap or RSS curve before and after, the restarts by OOM, and what the collector did (GC pauses)' },
  { name: 'locks', pattern: phrases('deadlock\\p{L}*', 'lock timeouts?', 'row locks?', 'lock contention', 'blocked queries', '死锁', 'デッドロック', '데드락'), ask: 'what `pg_locks` and `pg_stat_activity` (or your engine’s like) showed: who waited for whom, and for how long' },
  { name: 'latency', pattern: phrases('slow(?:ness)?', 'latency', 'p9[059]', 'timeouts?', 'timed? out', 'response times?', 'langsam', 'lent(?:e|eur)?', 'lento', 'задержк\\p{L}*', 'тормоз\\p{L}*', '超时', '延迟', 'タイムアウト', '遅延', '지연'), ask: 'p95 before, during and after, and the plan (`EXPLAIN ANALYZE`) or trace of the slow call' },
  { name: 'errors', pattern: phrases('(?<![#\\d])50[0-4]s?', '5xx', 'errors?', 'crash(?:es|ed|ing)?', 'exceptions?', 'fails?', 'failing', 'broken', 'fehler', 'erreurs?', 'errores', 'erros', 'ошибк\\p{L}*', '报错', '错误', 'エラー', '오류', '에러'), ask: 'the error rate with its number, and one trace or stack with its first frame of your own code' },
  { name: 'queue', pattern: phrases('queue', 'backlog', 'consumer lag', 'dlq', 'stuck jobs?', 'очеред\\p{L}*', '积压', 'キュー', '큐'), ask: 'the depth and the age of the oldest message, before and after' },
  { name: 'wrong data', pattern: phrases('duplicates?', 'duplicated', 'twice', 'wrong (?:amounts?|totals?|balance|data)', 'inconsistent', 'corrupt(?:ed|ion)?', 'doppelt', '重复', '二重', '중복'), ask: 'how many rows are wrong (the query that counts them) and since when' },
];

/** The symptom a title and description speak of; null where they name none. */
export function symptomIn(title: string, body: string): Symptom | null {
  for (const text of [title, body.slice(0, 4000)]) {
    for (const { name, pattern, ask } of SYMPTOMS) {
      const match = pattern.exec(text);
      if (match) return { name, word: match[0], ask };
    }
  }
  return null;
}

/** What to show where the description names no symptom. */
export const ANY_SYMPTOM = 'a number (error rate, p95, count of wrong rows), a log line or stack frame, the dashboard by its name';
