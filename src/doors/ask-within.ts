import { DEFAULT_ASK_TIMEOUT_MS, createAsk } from '../anthropic/create-ask.js';
import { DEFAULT_PRICES } from '../anthropic/prices.js';
import type { Config } from '../core/config.js';
import type { Ask } from '../core/model.js';

/** The model for one run of the command line: the cap of one pull request holds for the run, and nothing is remembered after it. */
export function askWithin(options: { readonly apiKey: string; readonly config: Config['llm']; readonly spent: number }): Ask {
  let spent = options.spent;
  const baseUrl = process.env.ANTHROPIC_BASE_URL ?? '';
  const warn = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    process.stderr.write(`belay: ${message}${typeof fields.detail === 'string' ? ` (${fields.detail})` : ''}\n`);
  };
  return createAsk({
    apiKey: options.apiKey,
    ...(baseUrl === '' ? {} : { baseUrl }),
    prices: DEFAULT_PRICES,
    budget: {
      caps: { pull: options.config.budget.pullRequest, month: options.config.budget.month },
      spent: async () => Promise.resolve({ pull: spent, month: spent }),
      book: async (usage) => {
        spent += usage.dollars;
        return Promise.resolve();
      },
    },
    timeoutMs: DEFAULT_ASK_TIMEOUT_MS,
    log: { info: () => undefined, warn },
    observe: () => undefined,
  });
}
