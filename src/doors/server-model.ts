import { DEFAULT_ASK_TIMEOUT_MS, createAsk } from '../anthropic/create-ask.js';
import { DEFAULT_PRICES } from '../anthropic/prices.js';
import { probeModels } from '../anthropic/probe-models.js';
import { createReservations } from '../anthropic/reservations.js';
import { defaultConfig } from '../core/default-config.js';
import type { Log, Store } from '../core/store.js';
import type { Workplace } from '../review/workplace.js';
import { bookUsage, spent } from '../store/usage.js';
import type { Metrics } from './metrics.js';
import type { Settings } from './settings.js';

/** How long the probe at start may take, in milliseconds. It never keeps the server from starting. */
const PROBE_MS = 5_000;

/** How the server asks the model: with caps for each pull request and for the month, kept in the ledger. */
export async function serverModel(settings: Settings, store: Store, metrics: Metrics, log: Log): Promise<Workplace['modelFor']> {
  const { anthropicApiKey: apiKey, anthropicBaseUrl } = settings;
  if (apiKey === null) return () => ({ ask: null, whyNotAsked: 'no ANTHROPIC_API_KEY' });
  const access = { apiKey, ...(anthropicBaseUrl === null ? {} : { baseUrl: anthropicBaseUrl }) };
  const reservations = createReservations();
  const probe = await probeModels(access, [defaultConfig().llm.model], PROBE_MS, AbortSignal.timeout(2 * PROBE_MS)).catch(() => null);
  for (const notice of probe?.notices ?? []) log.warn({ notice }, 'the model service');
  return (config, repo, pull) => {
    if (!config.enabled) return { ask: null, whyNotAsked: '`llm.enabled` is false in the configuration' };
    const ask = createAsk({
      ...access,
      prices: DEFAULT_PRICES,
      reservations,
      ...(probe === null ? {} : { limits: probe.limits }),
      budget: {
        caps: { pull: config.budget.pullRequest, month: config.budget.month },
        spent: async () => {
          const { pull: own, month } = await spent(store, { repo, pull }, new Date());
          return { pull: own, month };
        },
        book: async (usage, asked) => bookUsage(store, { repo, pull, ...asked }, usage, new Date()),
      },
      timeoutMs: DEFAULT_ASK_TIMEOUT_MS,
      log,
      observe: ({ outcome, usage }) => metrics.asked(outcome, usage.calls, usage.dollars),
    });
    return { ask, whyNotAsked: null };
  };
}
