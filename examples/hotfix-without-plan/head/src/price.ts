import { fetchRates } from './rates.js';

export async function priceIn(currency: string, cents: number): Promise<number> {
  const rates = await fetchRates();
  const rate = rates[currency];
  if (rate === undefined) throw new Error(`no rate for ${currency}`);
  return Math.round(cents * rate);
}
