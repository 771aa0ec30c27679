// path: src/jobs/work.ts
/** Each pass has other work: the loop ends with the list. */
export async function all<T>(items: readonly T[], work: (item: T) => Promise<void>) {
  let next = 0;
  while (true) {
    const index = next++;
    if (index >= items.length) return;
    try {
      await work(items[index]);
    } catch (error) {
      errors[index] = error;
    }
  }
}

export async function pages(after: string | null) {
  let cursor = after;
  for (;;) {
    const response = await fetch(`https://api.example.com/items?after=${cursor ?? ''}`);
    if (!response.ok) {
      const text = await response.text().catch(() => '');
      throw new Error(`${response.status} ${text}`);
    }
    const page = await response.json();
    if (page.next === null) return;
    cursor = page.next;
  }
}

export async function rewrite() {
  let after: string | null = null;
  for (;;) {
    const rows = await db.select().from(skills).limit(100);
    await eachOf(rows, async (row) => {
      try {
        await db.update(skills).set({ content: row.content.trim() });
      } catch (error) {
        logger.warn('keeping the old content', error);
      }
    });
    after = rows.at(-1)?.id ?? null;
    if (rows.length < 100) break;
  }
}
