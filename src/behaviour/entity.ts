/**
 * One name for a table however it is spelt: `accounts`, `Account`, `public.accounts`, `"account"` and `AccountEntity` are
 * `account`; `order_items` and `orderItem` are `orderitem`.
 */
export function entityOf(name: string): string | null {
  const last = name.replace(/["'`[\]]/g, '').split('.').pop() ?? '';
  const bare = last.replace(/(Entity|Model|Table|Schema|Repository|Repo|Store|Dao|DAO)$/, '').replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  const subject = bare === '' ? last.toLowerCase() : bare;
  return subject === '' ? null : singular(subject);
}

/** `total_paid` and `totalPaid` are one column. */
export function columnOf(name: string): string {
  return name.replace(/["'`]/g, '').replace(/_/g, '').toLowerCase();
}

function singular(word: string): string {
  if (word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ss|us|is)$/.test(word)) return word;
  if (/(ches|shes|xes|sses|zes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
