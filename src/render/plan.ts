import type { Entry } from '../core/verdict.js';
import { plainLine } from '../core/plain-text.js';
import { displayLine, wrap } from './display-width.js';
import { entryDocument, type FindingDocument } from './json.js';

/** One description as scripts read it: `belay plan --format json`. */
export interface PlanDocument {
  readonly file: string;
  readonly hotfix: boolean;
  readonly hotfixEvidence: readonly string[];
  readonly revert: { readonly of: string; readonly exact: boolean | null } | null;
  readonly blocking: boolean;
  readonly plan: {
    readonly status: 'present' | 'vague' | 'placeholder' | 'missing';
    readonly score: number;
    readonly elements: readonly { readonly name: string; readonly points: number; readonly quote: string }[];
    readonly validForDiff: boolean | null;
  };
  readonly staging: boolean;
  readonly observability: boolean;
  readonly canaryOrFlag: boolean;
  readonly incidentLink: boolean;
  readonly findings: readonly FindingDocument[];
}

/** Findings as they stand in a document. */
export function planFindings(entries: readonly Entry[], homepage: string): readonly FindingDocument[] {
  return entries.map((entry) => entryDocument(entry, homepage));
}

/** Descriptions as JSON, ended by a newline: one is an object, several are an array. Deterministic. */
export function renderPlansJson(plans: readonly PlanDocument[]): string {
  return `${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`;
}

/** One object a line. */
export function renderPlansLines(plans: readonly PlanDocument[]): string {
  return plans.map((plan) => `${JSON.stringify(plan)}\n`).join('');
}

const WIDTH = 100;

/** Descriptions for a person: what each says, which words earned which points, and what is wrong with it. */
export function renderPlans(plans: readonly PlanDocument[]): string {
  return `${plans.map((plan) => linesOf(plan).join('\n')).join('\n\n')}\n`;
}

function linesOf(document: PlanDocument): readonly string[] {
  const { plan } = document;
  const yes = (on: boolean, word: string): string => `${on ? 'yes' : 'no '} ${word}`;
  return [
    `${plainLine(document.file)}: ${document.blocking ? 'blocked' : 'not blocked'}`,
    ...indented(2, document.hotfix ? `hotfix: ${document.hotfixEvidence.join('; ')}` : 'no hotfix'),
    ...(document.revert === null ? [] : indented(2, `reverts ${document.revert.of}: ${REVERT[String(document.revert.exact)] ?? ''}`)),
    ...indented(2, `rollback plan: ${plan.status}, ${plan.score} of 100 points`),
    ...plan.elements.flatMap((element) => indented(4, `${String(element.points).padStart(2)} ${element.name}: "${element.quote}"`)),
    ...indented(2, VALIDITY[String(plan.validForDiff)] ?? ''),
    ...indented(2, [yes(document.staging, 'staging'), yes(document.observability, 'observability'), yes(document.canaryOrFlag, 'canary or flag'), yes(document.incidentLink, 'incident link')].join(' · ')),
    ...document.findings.flatMap((finding) => [
      ...indented(2, `${finding.level} ${finding.title} [${finding.rule}]`),
      ...indented(6, finding.message),
      ...indented(6, `Instead: ${finding.remedy}`),
      ...finding.evidence.flatMap((evidence) => (evidence.kind === 'fact' && evidence.paste !== undefined ? ['', ...indented(6, `${evidence.text}:`), '', ...evidence.paste.split('\n').map((line) => `      ${displayLine(line)}`.trimEnd())] : [])),
    ]),
  ];
}

const REVERT: Readonly<Record<string, string>> = { true: 'exactly', false: 'not exactly', null: 'whether exactly cannot be checked without the repository' };
const VALIDITY: Readonly<Record<string, string>> = {
  true: 'the plan fits the diff',
  false: 'this diff is not undone by what the description says',
  null: 'nothing in the files that a plan is held against',
};

function indented(by: number, text: string): readonly string[] {
  return wrap(plainLine(text), WIDTH - by).map((line) => `${' '.repeat(by)}${line}`);
}
