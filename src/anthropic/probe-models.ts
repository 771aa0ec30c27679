import { z } from 'zod';
import { failureOf } from './failure.js';
import { openClient } from './open-client.js';
import type { Access } from './open-client.js';

/** What a model can take, as the service says. null: it does not say. */
export interface ModelLimits {
  readonly inputTokens: number | null;
  readonly maxTokens: number | null;
}

/** What the service says of the configured models. */
export interface Probe {
  readonly limits: ReadonlyMap<string, ModelLimits>;
  /** Sentences for the operator: unknown models, retirement dates, a refused key. */
  readonly notices: readonly string[];
}

const modelSchema = z.object({
  max_input_tokens: z.number().nullish(),
  max_tokens: z.number().nullish(),
  lifecycle: z.string().nullish(),
  retires_at: z.string().nullish(),
});

/** Asks once, at start-up, about each model. A failure is a notice: nothing depends on this having worked. Throws only on abort. */
export async function probeModels(access: Access, models: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Probe> {
  const client = openClient(access);
  const limits = new Map<string, ModelLimits>();
  const notices: string[] = [];
  for (const model of new Set(models)) {
    try {
      const answer: unknown = await client.models.retrieve(model, null, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), timeout: timeoutMs });
      const info = modelSchema.parse(answer);
      limits.set(model, { inputTokens: info.max_input_tokens ?? null, maxTokens: info.max_tokens ?? null });
      const notice = lifecycleNotice(model, info.lifecycle ?? 'active', info.retires_at ?? null);
      if (notice !== null) notices.push(notice);
    } catch (error) {
      signal.throwIfAborted();
      notices.push(`Could not look up the model ${model}: ${error instanceof z.ZodError ? 'the answer was not understood.' : failureOf(error).detail}`);
    }
  }
  return { limits, notices };
}

function lifecycleNotice(model: string, lifecycle: string, retiresAt: string | null): string | null {
  if (lifecycle === 'retired') return `The model ${model} is retired; choose another one in \`llm.model\`.`;
  const when = retiresAt === null ? '' : ` on ${retiresAt.slice(0, 10)}`;
  if (lifecycle === 'deprecated') return `The model ${model} is deprecated and will be retired${when}.`;
  return retiresAt === null ? null : `The model ${model} will be retired${when}.`;
}
