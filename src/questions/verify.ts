import { z } from 'zod';
import type { ModelRequest } from '../core/model.js';
import { findQuote, lineHash, renderShown } from './anchors.js';
import type { Place, ShownFile } from './anchors.js';
import { cleanWords } from './clean-words.js';
import type { Candidate } from './edge-cases.js';
import { createFence } from './fence.js';
import { fillPrompt } from './prompt.js';
import type { Prompt } from './prompt.js';
import type { Redactor } from './redact.js';

const verdictSchema = z.object({
  claim: z.string().min(1).max(20).describe('The id of the claim'),
  steps: z.string().min(1).max(4000).describe('The interleaving or the input that breaks it, step by step; or what prevents it'),
  anchor: z.string().min(1).max(40).describe('LINE#HASH of the decisive line'),
  quote: z.string().min(1).max(4000).describe('One to six whole lines copied from the excerpt, the anchored line among them'),
  verdict: z.enum(['confirmed', 'refuted', 'unsure']),
});

const answerSchema = z.object({ reasoning: z.string().describe('What you tried in order to disprove each claim'), verdicts: z.array(verdictSchema) });
const looseAnswerSchema = z.object({ verdicts: z.array(z.unknown()) });

/** Steps shorter than this explain nothing. */
const SHORTEST_STEPS = 30;

export interface Verification {
  readonly candidates: readonly Candidate[];
  readonly files: readonly ShownFile[];
  readonly prompt: Prompt;
  readonly redactor: Redactor;
  readonly nonce?: string;
}

/** The second question, to another model: it sees the files in question and the bare claims, not how they came about. */
export function verifyRequest({ candidates, files, prompt, nonce }: Verification): ModelRequest {
  const fence = createFence(nonce);
  const spoken = new Set(candidates.map((candidate) => candidate.place.path));
  const claims = candidates.map((candidate, index) => ({
    id: claimId(index),
    path: candidate.place.path,
    anchor: `${candidate.place.line}#${lineHash(candidate.place.run.find((shown) => shown.line === candidate.place.line)?.text ?? '')}`,
    quote: candidate.code,
    claim: candidate.message,
  }));
  const user = fillPrompt(prompt.user, {
    nonce: fence.nonce,
    excerpts: fence.around('change', files.filter((file) => spoken.has(file.path)).map(renderShown).join('\n')),
    claims: fence.around('claims', JSON.stringify(claims, null, 1)),
  });
  return {
    question: prompt.id,
    promptVersion: prompt.version,
    model: prompt.model,
    system: [{ text: prompt.system }],
    user: [{ text: user }],
    schema: z.toJSONSchema(answerSchema),
    maxTokens: 12_000,
    effort: 'high',
  };
}

function claimId(index: number): string {
  return `C${index + 1}`;
}

/** What became of a candidate. `unverified`: no verdict that counts, so it must not be published as a fact. */
export type Outcome =
  | { readonly status: 'verified'; readonly steps: string; readonly line: number }
  | { readonly status: 'refuted' }
  | { readonly status: 'unverified' };

/**
 * One outcome for each candidate, in their order. A verdict counts when it names the claim, quotes code that was shown in
 * the claim's file, and says how it breaks; two verdicts that differ count as none.
 */
export function readVerdicts(value: unknown, candidates: readonly Candidate[], findPlace: (path: string, anchor: string) => Place | null, redactor: Redactor): readonly Outcome[] {
  const answer = looseAnswerSchema.safeParse(value);
  const items = answer.success ? answer.data.verdicts.slice(0, 100) : [];
  const verdicts = items.flatMap((item) => {
    const parsed = verdictSchema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
  return candidates.map((candidate, index) => {
    const mine = verdicts.filter((verdict) => verdict.claim.trim() === claimId(index));
    const outcomes = mine.map((verdict) => outcomeOf(verdict, candidate, findPlace, redactor));
    const first = outcomes[0];
    if (first === undefined || outcomes.some((outcome) => outcome.status !== first.status)) return { status: 'unverified' };
    return first;
  });
}

function outcomeOf(verdict: z.infer<typeof verdictSchema>, candidate: Candidate, findPlace: (path: string, anchor: string) => Place | null, redactor: Redactor): Outcome {
  if (verdict.verdict === 'unsure') return { status: 'unverified' };
  const place = findPlace(candidate.place.path, verdict.anchor);
  if (place === null || findQuote(place, verdict.quote) === null) return { status: 'unverified' };
  if (verdict.verdict === 'refuted') return { status: 'refuted' };
  const steps = cleanWords(verdict.steps, 900, redactor);
  return steps.length < SHORTEST_STEPS ? { status: 'unverified' } : { status: 'verified', steps, line: place.line };
}
