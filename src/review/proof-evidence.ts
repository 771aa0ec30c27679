import type { Evidence, Sighting } from '../core/finding.js';
import type { MigrationProof, ProofReport, ProvedStatement } from '../core/proof-report.js';
import { observation, observedWords, oldCodeWords } from '../migrations/describe/proof.js';
import { estimateSentence } from '../migrations/estimate.js';
import type { SightingsByRule } from './behaviour-stage.js';

/** Rules about what the code that is still running does with the new schema. */
const ABOUT_OLD_CODE: ReadonlySet<string> = new Set(['migrations/narrowed-contract', 'migrations/drop-column', 'migrations/drop-table', 'migrations/rename', 'migrations/not-null-without-default', 'migrations/drop-and-re-add', 'migrations/type-narrowing']);

/** Hangs on each finding about a migration what the server did when that statement ran. Nothing is added or taken away but evidence. */
export function addObservations(sightings: SightingsByRule, report: ProofReport): void {
  const told = new Set<string>();
  for (const [rule, known] of sightings) {
    if (!rule.id.startsWith('migrations/')) continue;
    sightings.set(
      rule,
      known.map((sighting) => {
        const more = [...statementEvidence(sighting, report), ...(ABOUT_OLD_CODE.has(rule.id) ? oldCodeEvidence(sighting, report, told) : [])];
        return more.length === 0 ? sighting : { ...sighting, evidence: [...sighting.evidence, ...more] };
      }),
    );
  }
}

function statementEvidence(sighting: Sighting, report: ProofReport): readonly Evidence[] {
  const statement = report.migrations.flatMap((proof) => proof.statements).find((one) => standsOn(sighting, one));
  const words = statement === undefined ? null : observedWords(statement);
  if (statement === undefined || words === null) return [];
  const { estimate } = statement;
  return [observation(report.server, words), ...(estimate === undefined ? [] : [{ kind: 'fact' as const, text: estimateSentence(estimate), source: `an estimate, ${estimate.calibration}; size from the ${estimate.from}` }])];
}

function standsOn({ path, span }: Sighting, statement: ProvedStatement): boolean {
  return path === statement.path && span !== null && statement.line <= span.startLine && span.startLine <= statement.endLine;
}

/** Each failing statement is told once: on the first finding of its migration that names its table. */
function oldCodeEvidence(sighting: Sighting, report: ProofReport, told: Set<string>): readonly Evidence[] {
  const proof = report.migrations.find((one) => one.path === sighting.path);
  if (proof === undefined) return [];
  return proof.oldCode
    .filter((failure) => isAbout(sighting, failure.error, failure.statement) && !told.has(keyOf(proof, failure.statement)))
    .slice(0, 2)
    .map((failure) => {
      told.add(keyOf(proof, failure.statement));
      return observation(report.server, oldCodeWords(failure));
    });
}

function keyOf(proof: MigrationProof, statement: string): string {
  return `${proof.path} ${proof.id} ${statement}`;
}

/** Whether a name that the finding is about stands in what the server said of the old statement, or in the statement. */
function isAbout(sighting: Sighting, error: string, statement: string): boolean {
  const named = [...sighting.message.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => name.split('.').at(-1) ?? []).filter((name) => /^[\w$]+$/.test(name));
  const text = `${error} ${statement}`;
  return named.some((name) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(text));
}
