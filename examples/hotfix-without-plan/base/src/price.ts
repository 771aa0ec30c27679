import { fetchRates } from './rates.js';

export async function priceIn(currency: string, cents: number): Promise<number> {
  const rates = await fetchRates();
  return Math.round(cents * rates[currency]);
}
