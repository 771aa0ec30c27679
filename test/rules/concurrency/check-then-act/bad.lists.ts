// path: src/checkout/stock.ts
interface Line {
  readonly sku: string;
  readonly pieces: number;
}

export async function foundInList(lines: Line[]) {
  const articles = await prisma.article.findMany({ where: { sku: { in: lines.map((line) => line.sku) } } });
  for (const line of lines) {
    const article = articles.find((one) => one.sku === line.sku);
    if (!article || article.stock < line.pieces) throw new Error('out of stock');
    await prisma.article.update({ where: { sku: line.sku }, data: { stock: article.stock - line.pieces } }); // want `only one of the two is counted`
  }
}

export async function foundInMap(lines: Line[]) {
  const articles = await prisma.article.findMany({ where: { sku: { in: lines.map((line) => line.sku) } } });
  const bySku = new Map(articles.map((article) => [article.sku, article]));
  for (const line of lines) {
    const article = bySku.get(line.sku);
    if (!article || article.stock < line.pieces) throw new Error('out of stock');
    await prisma.article.update({ where: { id: article.id }, data: { stock: { decrement: line.pieces } } }); // want `both take from .stock.`
  }
}

export async function foundInObject(lines: Line[]) {
  const articles = await prisma.article.findMany({ where: { sku: { in: lines.map((line) => line.sku) } } });
  const bySku = Object.fromEntries(articles.map((article) => [article.sku, article]));
  for (const { sku, pieces } of lines) {
    if (bySku[sku].stock < pieces) throw new Error('out of stock');
    await prisma.article.update({ where: { sku }, data: { stock: bySku[sku].stock - pieces } }); // want `only one of the two is counted`
  }
}

export async function twoPasses(lines: Line[]) {
  for (const line of lines) {
    const article = await prisma.article.findUnique({ where: { sku: line.sku } });
    if (!article || article.stock < line.pieces) throw new Error(`${line.sku} is out of stock`);
  }
  for (const line of lines) {
    await prisma.article.update({ where: { sku: line.sku }, data: { stock: { decrement: line.pieces } } }); // want `check on line 38, on the row read on line 37`
  }
}
