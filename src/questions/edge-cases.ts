import { z } from 'zod';
import type { ChangeSet } from '../core/change-set.js';
import type { Finding } from '../core/finding.js';
import type { ModelRequest } from '../core/model.js';
import { findQuote, renderShown } from './anchors.js';
import type { Place } from './anchors.js';
import { cleanCode, cleanWords } from './clean-words.js';
import type { Excerpts } from './excerpts.js';
import { createFence } from './fence.js';
import { fillPrompt } from './prompt.js';
import type { Prompt } from './prompt.js';
import type { Redactor } from './redact.js';

/** What kind of scenario it is; only used to tell repetitions of rules' findings. */
const KINDS = ['race', 'partial-failure', 'retry', 'ordering', 'empty-or-limit', 'deployment', 'removed-guard', 'other'] as const;

const candidateSchema = z.object({
  path: z.string().min(1).max(4096).describe('The path exactly as shown'),
  anchor: z.string().min(1).max(40).describe('LINE#HASH of the line'),
  quote: z.string().min(1).max(4000).describe('One to six whole lines copied from the excerpt, the anchored line among them'),
  kind: z.enum(KINDS),
  title: z.string().min(1).max(400).describe('What goes wrong, as a headline of at most ten words'),
  trigger: z.string().min(1).max(2000).describe('What happens in production, concretely, in one sentence'),
  consequence: z.string().min(1).max(2000).describe('What goes wrong then, line by line to the damage, in one or two sentences'),
  remedy: z.string().min(1).max(2000).describe('What to do instead, in one sentence'),
});

/** Sent as the shape to answer in. The prose comes first, so that the model reasons before it commits to a finding. */
const answerSchema = z.object({
  reasoning: z.string().describe('What you played through and what survived, in plain prose'),
  findings: z.array(candidateSchema),
});

/** Read back loosely: one bad finding must not lose the others. */
const looseAnswerSchema = z.object({ findings: z.array(z.unknown()) });

/** More than this is noise. */
const MOST_FINDINGS = 8;

export interface Question {
  readonly changeSet: ChangeSet;
  readonly excerpts: Excerpts;
  /** What the rules found. */
  readonly findings: readonly Finding[];
  readonly prompt: Prompt;
  readonly model: string;
  readonly redactor: Redactor;
  /** Only given in tests; otherwise random. */
  readonly nonce?: string;
}

/** The question, ready to send: the words are the prompt's, all that comes from the pull request stands between marks. */
export function edgeCasesRequest(question: Question): ModelRequest {
  const { prompt, changeSet, excerpts, redactor } = question;
  const fence = createFence(question.nonce);
  const user = fillPrompt(prompt.user, {
    nonce: fence.nonce,
    pull: fence.around('pull request', pullText(changeSet, redactor)),
    findings: fence.around('findings', findingsText(question.findings, redactor)),
    excerpts: fence.around('change', excerpts.files.map(renderShown).join('\n')),
  });
  return {
    question: prompt.id,
    promptVersion: prompt.version,
    model: question.model,
    // No cache marks: each prefix is sent once, and writing a cache costs more than it would save.
    system: [{ text: prompt.system }],
    user: [{ text: user }],
    schema: z.toJSONSchema(answerSchema),
    maxTokens: 16_000,
    effort: 'high',
  };
}

const LONGEST_BODY = 4000;
const MOST_COMMITS = 20;
const MOST_RULE_FINDINGS = 40;

/** The author's words as JSON: line breaks cannot imitate structure. */
function pullText({ pull }: ChangeSet, redactor: Redactor): string {
  const commits = pull.commits.slice(-MOST_COMMITS).map(({ message }) => message.slice(0, 1000).split('\n')[0]?.slice(0, 200) ?? '');
  const own = { title: pull.title.slice(0, 300), description: pull.body.slice(0, LONGEST_BODY), head: pull.headBranch.slice(0, 200), base: pull.baseBranch.slice(0, 200), commits };
  const { title, description, head, base } = own;
  const redacted = { title: redactor.redact(title), description: redactor.redact(description), head: redactor.redact(head), base: redactor.redact(base), commits: own.commits.map((message) => redactor.redact(message)) };
  return JSON.stringify(redacted, null, 1);
}

function findingsText(findings: readonly Finding[], redactor: Redactor): string {
  if (findings.length === 0) return '[]';
  const told = findings.slice(0, MOST_RULE_FINDINGS).map(({ ruleId, path, span, message }) => ({ rule: ruleId, path, line: span?.startLine ?? null, message: redactor.redact(message.slice(0, 400)) }));
  return JSON.stringify(told, null, 1);
}

/** Something the model said, after every check that code can make. */
export interface Candidate {
  readonly place: Place;
  /** The lines the quote covers. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly code: string;
  readonly kind: (typeof KINDS)[number];
  readonly title: string;
  readonly message: string;
  readonly remedy: string;
}

/** Why something the model said was dropped. */
export type DropReason = 'malformed' | 'not-shown' | 'quote-not-found' | 'repeats-a-rule' | 'repeats-itself' | 'too-many';

export interface ReadAnswer {
  readonly candidates: readonly Candidate[];
  readonly dropped: readonly DropReason[];
}

export interface ReadContext {
  readonly findPlace: (path: string, anchor: string) => Place | null;
  readonly findings: readonly Finding[];
  readonly redactor: Redactor;
}

/** Reads an answer finding by finding; null when it is not an answer at all. */
export function readEdgeCases(value: unknown, context: ReadContext): ReadAnswer | null {
  const answer = looseAnswerSchema.safeParse(value);
  if (!answer.success) return null;
  const candidates: Candidate[] = [];
  const dropped: DropReason[] = [];
  for (const item of answer.data.findings.slice(0, 100)) {
    const read = readCandidate(item, context);
    if (typeof read === 'string') dropped.push(read);
    else if (candidates.some((other) => overlaps(other, read))) dropped.push('repeats-itself');
    else if (candidates.length >= MOST_FINDINGS) dropped.push('too-many');
    else candidates.push(read);
  }
  return { candidates, dropped };
}

function overlaps(left: Candidate, right: Candidate): boolean {
  return left.place.path === right.place.path && left.firstLine <= right.lastLine && right.firstLine <= left.lastLine && (left.kind === right.kind || left.place.line === right.place.line);
}

function readCandidate(item: unknown, context: ReadContext): Candidate | DropReason {
  const parsed = candidateSchema.safeParse(item);
  if (!parsed.success) return 'malformed';
  const said = parsed.data;
  const place = context.findPlace(said.path, said.anchor);
  if (place === null) return 'not-shown';
  const quote = findQuote(place, said.quote);
  if (quote === null) return 'quote-not-found';
  if (context.findings.some((finding) => repeats(finding, place, quote.first, quote.last, said.kind))) return 'repeats-a-rule';
  const words = (text: string, length: number): string => cleanWords(text, length, context.redactor);
  const title = words(said.title, 90).replace(/[.!:\s]+$/, '');
  const message = [words(said.trigger, 500), words(said.consequence, 700)].filter((sentence) => sentence !== '').map(sentence).join(' ');
  const remedy = sentence(words(said.remedy, 500));
  if (title === '' || message === '' || remedy === '') return 'malformed';
  return { place, firstLine: quote.first, lastLine: quote.last, code: cleanCode(quote.text, context.redactor), kind: said.kind, title, message, remedy };
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return text === '' || /[.!?…]$/.test(text) ? start : `${start}.`;
}

/** Families of rules that see the same kind of trouble in the same place. */
const SAME_TROUBLE: Readonly<Record<string, RegExp>> = {
  'race': /^concurrency\//,
  'partial-failure': /^failures\//,
  'retry': /^failures\//,
  'ordering': /^concurrency\//,
  'deployment': /^migrations\//,
};

/** Whether a rule has said it: on the same lines, or the same kind of trouble within its story or a few lines of it. */
function repeats(finding: Finding, place: Place, first: number, last: number, kind: string): boolean {
  if (finding.path !== place.path || finding.span === null) return false;
  const told = finding.evidence.flatMap((evidence) => (evidence.kind === 'schedule' ? evidence.steps.flatMap((step) => (step.line === null ? [] : [step.line])) : []));
  const from = Math.min(finding.span.startLine, ...told);
  const to = Math.max(finding.span.endLine, ...told);
  const near = SAME_TROUBLE[kind]?.test(finding.ruleId) === true ? 8 : 0;
  const onItsLine = finding.span.startLine <= place.line && place.line <= finding.span.endLine;
  return onItsLine || (near > 0 && first <= to + near && last >= from - near);
}
