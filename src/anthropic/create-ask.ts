import { setTimeout as sleep } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { addUsage, NO_USAGE } from '../core/model.js';
import type { Ask, ModelAnswer, ModelBudget, ModelRequest, ModelUsage } from '../core/model.js';
import { failureOf } from './failure.js';
import type { Failure } from './failure.js';
import { openClient } from './open-client.js';
import type { Access } from './open-client.js';
import { costOf, tiersOf, worstCaseOf } from './prices.js';
import type { PriceTable, PriceTier, TokenCounts } from './prices.js';
import type { ModelLimits } from './probe-models.js';
import { readMessage } from './read-message.js';
import type { Received } from './read-message.js';
import { requestBody, tokenCeiling } from './request-body.js';
import type { RequestBody } from './request-body.js';
import { createReservations } from './reservations.js';
import type { OverBudget, Reservation, Reservations } from './reservations.js';

/** Where a line of the log goes; pino's loggers fit. Neither key nor prompt is ever logged. */
export interface ModelLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** One question's end, for metrics. `usage.calls` counts attempts. */
export interface ModelObservation {
  readonly question: string;
  readonly model: string;
  readonly outcome: ModelAnswer['status'] | 'aborted';
  readonly usage: ModelUsage;
  readonly milliseconds: number;
}

export interface AskOptions extends Access {
  readonly prices: PriceTable;
  readonly budget: ModelBudget;
  /** Bounds a whole question: counting, every attempt and every wait. */
  readonly timeoutMs: number;
  readonly log: ModelLog;
  readonly observe: (observation: ModelObservation) => void;
  /** Shared by all asks of the process, so that the monthly cap holds among reviews that run at once. */
  readonly reservations?: Reservations;
  /** What `probeModels` found out. */
  readonly limits?: ReadonlyMap<string, ModelLimits>;
  readonly retries?: RetryPolicy;
}

export interface RetryPolicy {
  /** How often a call is made at most. */
  readonly attempts: number;
  /** The first wait; it doubles each time. */
  readonly firstWaitMs: number;
  /** A service that asks for a longer wait than this is not waited for. */
  readonly longestWaitMs: number;
}

/** A question with a thinking model takes half a minute, seldom two. */
export const DEFAULT_ASK_TIMEOUT_MS = 180_000;
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 3, firstWaitMs: 1000, longestWaitMs: 20_000 };

/** Room for what the service's own count may be off. */
const COUNT_MARGIN = 1.05;

/** One question on its way. */
interface Course {
  readonly client: Anthropic;
  readonly options: AskOptions;
  readonly reservations: Reservations;
  readonly request: ModelRequest;
  readonly body: RequestBody;
  readonly tiers: readonly PriceTier[];
  readonly maxTokens: number;
  /** Ends with the caller's patience or with the question's time. */
  readonly signal: AbortSignal;
  readonly endsAt: number;
  usage: ModelUsage;
}

/**
 * The way to the model. A call that could exceed a cap is not made; every attempt's real cost is booked, and an attempt
 * whose answer was lost is booked at the most it can have cost. Throws only when the caller's signal aborts.
 */
export function createAsk(options: AskOptions): Ask {
  const client = openClient(options);
  const reservations = options.reservations ?? createReservations();
  return async (request, signal) => {
    signal.throwIfAborted();
    const started = Date.now();
    const course: Course = {
      client,
      options,
      reservations,
      request,
      body: requestBody(request),
      tiers: tiersOf(options.prices, request.model),
      maxTokens: Math.min(request.maxTokens, options.limits?.get(request.model)?.maxTokens ?? Number.POSITIVE_INFINITY),
      signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]),
      endsAt: started + options.timeoutMs,
      usage: NO_USAGE,
    };
    let outcome: ModelObservation['outcome'] = 'aborted';
    try {
      const answer = await answerOf(course, signal);
      outcome = answer.status;
      return answer;
    } finally {
      const milliseconds = Date.now() - started;
      options.observe({ question: request.question, model: request.model, outcome, usage: course.usage, milliseconds });
      options.log.info({ question: request.question, promptVersion: request.promptVersion, model: request.model, outcome, milliseconds, ...course.usage }, 'asked the model');
    }
  };
}

async function answerOf(course: Course, callers: AbortSignal): Promise<ModelAnswer> {
  try {
    return await countAndSend(course);
  } catch (error) {
    callers.throwIfAborted();
    if (course.signal.aborted) return failed(course, `No answer came within ${Math.round(course.options.timeoutMs / 1000)} seconds.`);
    course.options.log.warn({ question: course.request.question, error: error instanceof Error ? error.name : 'unknown' }, 'asking the model failed');
    return failed(course, 'Belay could not ask or could not book the cost.');
  }
}

function failed(course: Course, detail: string): ModelAnswer {
  return { status: 'unavailable', detail, usage: course.usage };
}

async function countAndSend(course: Course): Promise<ModelAnswer> {
  if (course.tiers.length === 0) return failed(course, 'No price is configured for any model.');
  const counted = await withRetries(course, () => countTokens(course));
  if (typeof counted !== 'number') return failed(course, counted.detail);
  const room = course.options.limits?.get(course.request.model)?.inputTokens ?? null;
  if (room !== null && counted + course.maxTokens > room) {
    return { status: 'over-budget', detail: `The prompt has ${counted} tokens, more than the model's window of ${room} leaves room for.`, usage: course.usage };
  }
  const outcome = await withRetries(course, () => attempt(course, counted));
  if ('cap' in outcome) return { status: 'over-budget', detail: capDetail(outcome), usage: course.usage };
  if ('retryable' in outcome) return failed(course, outcome.detail);
  if (outcome.status === 'answered') return { status: 'answered', value: outcome.value, usage: course.usage };
  return { status: outcome.status, detail: outcome.detail, usage: course.usage };
}

function capDetail(over: OverBudget): string {
  const whose = over.cap === 'pull' ? 'for this pull request' : 'for this month';
  return `The call could exceed the budget ${whose}: $${over.taken.toFixed(2)} of $${over.limit.toFixed(2)} are spent or set aside.`;
}

/** Tokens of the prompt as the service counts them. A gateway without counting gets an upper bound instead. */
async function countTokens(course: Course): Promise<number | Failure> {
  try {
    const { body, signal, client } = course;
    const answer: { readonly input_tokens?: unknown } = await client.messages.countTokens({ ...body }, { signal, timeout: remaining(course) });
    const tokens = answer.input_tokens;
    return typeof tokens === 'number' && Number.isFinite(tokens) ? Math.ceil(tokens * COUNT_MARGIN) : tokenCeiling(body);
  } catch (error) {
    course.signal.throwIfAborted();
    const failure = failureOf(error);
    return failure.status === 404 || failure.status === 405 || failure.status === 501 ? tokenCeiling(course.body) : failure;
  }
}

/** One paid call: sets the worst case aside, sends, books. */
async function attempt(course: Course, promptTokens: number): Promise<Received | Failure | OverBudget> {
  const cached = [...course.request.system, ...course.request.user].some((part) => part.cache === true);
  const worst = worstCaseOf(course.tiers, promptTokens, course.maxTokens, cached);
  const reserved = await course.reservations.reserve(course.options.budget, worst, course.signal);
  if ('cap' in reserved) return reserved;
  const received = await send(course);
  await settle(course, reserved, received);
  course.signal.throwIfAborted();
  return received;
}

async function send(course: Course): Promise<Received | Failure> {
  try {
    const message: unknown = await course.client.messages.create(
      { ...course.body, max_tokens: course.maxTokens, stream: false },
      { signal: course.signal, timeout: remaining(course) },
    );
    return readMessage(message) ?? { detail: 'What came back was no message of the API.', status: null, retryable: false, retryAfterMs: null, charged: 'unknown' };
  } catch (error) {
    return failureOf(error);
  }
}

async function settle(course: Course, reserved: Reservation, received: Received | Failure): Promise<void> {
  const usage = usageOf(course, reserved, received);
  course.usage = addUsage(course.usage, usage);
  try {
    await reserved.settle(usage, { question: course.request.question, model: course.request.model });
  } catch (error) {
    // The money stays set aside in memory, so the caps hold even without the ledger.
    course.options.log.warn({ question: course.request.question, dollars: usage.dollars, error: error instanceof Error ? error.name : 'unknown' }, 'could not book the cost of a model call');
  }
}

function usageOf(course: Course, reserved: Reservation, received: Received | Failure): ModelUsage {
  if ('retryable' in received) return { ...NO_USAGE, dollars: received.charged === 'unknown' ? reserved.dollars : 0, calls: 1 };
  const { cacheWriteHourTokens: _, ...counts }: TokenCounts = received.tokens;
  return { ...counts, dollars: costOf(course.tiers, received.tokens), calls: 1 };
}

/** Tries again while that is worth it: a failure that can pass, attempts left, and a wait that is short enough. */
async function withRetries<T extends object | number>(course: Course, once: () => Promise<T | Failure>): Promise<T | Failure> {
  const policy = course.options.retries ?? DEFAULT_RETRIES;
  for (let made = 1; ; made += 1) {
    const outcome = await once();
    if (!isFailure(outcome) || !outcome.retryable || made >= policy.attempts) return outcome;
    const backoff = policy.firstWaitMs * 2 ** (made - 1) * (1 + Math.random() / 4);
    const wait = Math.max(outcome.retryAfterMs ?? 0, Math.min(backoff, policy.longestWaitMs));
    if (wait > policy.longestWaitMs || wait >= remaining(course)) {
      return { ...outcome, detail: `${outcome.detail} It asks to wait ${Math.ceil(wait / 1000)} seconds, which is too long.` };
    }
    course.options.log.warn({ question: course.request.question, attempt: made, waitMs: Math.round(wait), detail: outcome.detail }, 'trying the model again');
    await sleep(wait, undefined, { signal: course.signal });
  }
}

function isFailure(outcome: object | number): outcome is Failure {
  return typeof outcome === 'object' && 'retryable' in outcome;
}

function remaining(course: Course): number {
  return Math.max(1, Math.ceil(course.endsAt - Date.now()));
}
