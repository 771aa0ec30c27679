import type { Config } from '../core/config.js';
import type { ReviewInput } from '../review/review-input.js';
import { loadPrompts } from './load-prompts.js';

/** How the command line asks the model: with the key from the environment, within the budget of one pull request. */
export async function localModel(when: 'auto' | 'off', config: Config['llm']): Promise<Pick<ReviewInput, 'ask' | 'whyNotAsked' | 'prompts'>> {
  const apiKey = process.env.ANTHROPIC_API_KEY ?? '';
  const why = when === 'off' ? '--llm off' : !config.enabled ? '`llm.enabled` is false in the configuration' : apiKey === '' ? 'no ANTHROPIC_API_KEY' : null;
  if (why !== null) return { ask: null, whyNotAsked: why, prompts: new Map() };
  const { askWithin } = await import('./ask-within.js');
  return { ask: askWithin({ apiKey, config, spent: 0 }), whyNotAsked: null, prompts: await loadPrompts() };
}
