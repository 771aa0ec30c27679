import type { ArtifactLocation, CodeFlow, Fix, Invocation, Location, Log, Notification, Region, ReportingConfiguration, ReportingDescriptor, Result, Suppression } from 'sarif';
import type { Span } from '../core/change-set.js';
import type { Evidence, Finding, Level } from '../core/finding.js';
import { plainLine } from '../core/plain-text.js';
import type { RuleHeader } from '../core/rule.js';
import type { Waived } from '../core/verdict.js';
import { docsUrl } from './report.js';
import type { Report } from './report.js';

const LEVELS: Readonly<Record<Level | 'off', NonNullable<ReportingConfiguration['level']>>> = { block: 'error', warn: 'warning', note: 'note', off: 'none' };

/** The review as SARIF 2.1.0, as GitHub's code scanning reads it, ended by a newline. Deterministic. */
export function renderSarif(report: Report): string {
  return `${JSON.stringify(sarifLog(report), null, 2)}\n`;
}

/** The same as plain data. Waived findings are in it, suppressed. */
export function sarifLog(report: Report): Log {
  const { verdict } = report;
  const ids = [...new Set([...verdict.entries, ...verdict.waived].map(({ finding }) => finding.ruleId))].sort();
  const fallback = [...report.texts.keys()].sort()[0] ?? null;
  const result = (finding: Finding, level: Level, others: readonly Finding[] = []): Result => ({
    ...resultOf(finding, level, ids.indexOf(finding.ruleId), fallback),
    ...(others.length > 0 && { relatedLocations: others.map((other, index) => relatedOf(other, index + 1)) }),
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Belay',
            semanticVersion: report.version,
            informationUri: report.homepage.replace(/\/blob\/[^/]+$/, ''),
            rules: ids.map((id) => descriptorOf(id, report)),
          },
        },
        automationDetails: { id: 'belay/' },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(report)],
        results: [
          ...verdict.entries.map(({ finding, level, others }) => result(finding, level, others)),
          ...verdict.waived.map((waived) => ({ ...result(waived.finding, waived.level), suppressions: [suppressionOf(waived)] })),
        ],
        properties: { conclusion: verdict.conclusion, reasons: verdict.reasons },
      },
    ],
  };
}

function descriptorOf(id: string, report: Report): ReportingDescriptor {
  const header: RuleHeader | undefined = report.headers.find((candidate) => candidate.id === id);
  const uri = docsUrl(report.homepage, id);
  if (!header) return { id, shortDescription: { text: id }, helpUri: uri };
  const { title, why, remedy, references } = header.docs;
  const links = references.map((reference) => `- [${reference.title}](${reference.url})`).join('\n');
  return {
    id,
    name: id.replace(/(?:^|[/-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${remedy}`, markdown: `${why}\n\n**Instead:** ${remedy}\n\n[About this rule](${uri})${links === '' ? '' : `\n\n${links}`}` },
    helpUri: uri,
    defaultConfiguration: { level: LEVELS[header.level] },
    properties: { tags: ['reliability', id.split('/', 1).join('')], 'problem.severity': header.level === 'block' ? 'error' : header.level === 'warn' ? 'warning' : 'recommendation' },
  };
}

function resultOf(finding: Finding, level: Level, ruleIndex: number, fallback: string | null): Result {
  const flows = finding.evidence.flatMap((evidence) => (evidence.kind === 'schedule' ? [flowOf(evidence, finding.path)] : []));
  return {
    ruleId: finding.ruleId,
    ruleIndex,
    level: LEVELS[level],
    message: { text: `${plainLine(finding.message)}\n\nInstead: ${plainLine(finding.remedy)}` },
    locations: locationsOf(finding, fallback),
    partialFingerprints: { primaryLocationLineHash: finding.fingerprint, 'belayFingerprint/v1': finding.fingerprint },
    ...(flows.length > 0 && { codeFlows: flows }),
    ...(finding.suggestion && finding.path !== null && { fixes: [fixOf(finding, finding.path, finding.suggestion)] }),
    properties: { source: finding.source, level, wholePull: finding.path === null },
  };
}

/** Code scanning drops what has no place: a finding about the whole pull request is put on its first file. */
function locationsOf(finding: Finding, fallback: string | null): Location[] {
  const path = finding.path ?? fallback;
  if (path === null) return [];
  const region = finding.path !== null && finding.span ? regionOf(finding.span) : { startLine: 1 };
  return [{ physicalLocation: { artifactLocation: artifact(path), region } }];
}

/** Another place that a result stands for. */
function relatedOf(finding: Finding, id: number): Location {
  const [location] = locationsOf(finding, null);
  return { id, message: { text: plainLine(finding.message) }, ...location };
}

function regionOf(span: Span): Region {
  const sound = span.endLine > span.startLine || span.endColumn > span.startColumn;
  return sound ? { startLine: span.startLine, startColumn: span.startColumn, endLine: span.endLine, endColumn: span.endColumn } : { startLine: span.startLine, startColumn: span.startColumn };
}

function artifact(path: string): ArtifactLocation {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/** Two requests as two threads; `executionOrder` is how they interleave. */
function flowOf(evidence: Extract<Evidence, { kind: 'schedule' }>, path: string | null): CodeFlow {
  const located = (line: number | null, text: string) => ({
    message: { text: plainLine(text) },
    ...(path !== null && line !== null && { physicalLocation: { artifactLocation: artifact(path), region: { startLine: line } } }),
  });
  const steps = evidence.steps.map((step, index) => ({ actor: step.actor, location: { location: located(step.line, `${step.actor}: ${step.text}`), executionOrder: index + 1 } }));
  const thread = (actor: 'A' | 'B') => ({ id: actor, locations: steps.filter((step) => step.actor === actor).map((step) => step.location) });
  return { message: { text: plainLine(evidence.text) }, threadFlows: [thread('A'), thread('B')].filter(({ locations }) => locations.length > 0) };
}

function fixOf(finding: Finding, path: string, suggestion: NonNullable<Finding['suggestion']>): Fix {
  const replacement = { deletedRegion: { startLine: suggestion.startLine, endLine: suggestion.endLine }, insertedContent: { text: suggestion.text } };
  return { description: { text: plainLine(finding.remedy) }, artifactChanges: [{ artifactLocation: artifact(path), replacements: [replacement] }] };
}

/** A comment's place tells a waiver in the source from one by command. */
function suppressionOf(waived: Waived): Suppression {
  return { kind: /:\d+$/.test(waived.by) ? 'inSource' : 'external', status: 'accepted', justification: `${plainLine(waived.reason)} (${plainLine(waived.by)})` };
}

function invocationOf({ verdict }: Report): Invocation {
  const note = (level: Notification['level'], text: string): Notification => ({ level, message: { text: plainLine(text) } });
  const notifications = [
    ...verdict.mishaps.map((mishap) => note('error', `${mishap.during} ${mishap.subject}: ${mishap.message}`)),
    ...verdict.unread.map((unread) => note('note', `not read: ${unread.path}: ${unread.detail}`)),
    ...verdict.notices.map((notice) => note('note', notice)),
  ];
  return { executionSuccessful: verdict.mishaps.length === 0, toolExecutionNotifications: notifications };
}
