import type { Sighting } from '../../core/finding.js';
import { displayName, lockSentence, sqlName, tableWords } from '../../migrations/describe.js';
import { notValidText } from '../../migrations/describe/recipes.js';
import { sightingAt } from '../../migrations/describe/sighting.js';
import { lockNow, workUnderLock } from '../../migrations/describe/work.js';
import { quoteName } from '../../migrations/quote.js';
import type { StepOf } from '../../migrations/step.js';
import { defineRule, type MigrationInput } from '../define-rule.js';

export const rule = defineRule({
  id: 'migrations/domain-constraint-scan',
  since: '0.1.0',
  level: 'block',
  docs: {
    title: 'A domain’s constraint blocks every table that uses it',
    why: '`ALTER DOMAIN … ADD CONSTRAINT` and `SET NOT NULL` check the values in all columns of the domain: every table that has one is read from end to end under a SHARE lock, all of them locked together, and writes to them wait until the last is read.',
    remedy: 'Add the constraint `NOT VALID`: values written from then on are checked, and no table is read. `VALIDATE CONSTRAINT` reads the old ones; that blocks writes too, so do it at a quiet hour, or look for such values with a query and leave it as it is.',
    limits: 'Knows the tables and domains that the repository’s history creates. Silent where no table uses the domain, on tables created in the same pull request and on those that `tables` in the configuration calls small.',
    references: [{ title: 'PostgreSQL: ALTER DOMAIN', url: 'https://www.postgresql.org/docs/current/sql-alterdomain.html' }],
  },
  checks: {
    *migration(input): Iterable<Sighting> {
      const { step, tables } = input;
      if (!isDomainStep(step)) return;
      const worked = workUnderLock(input);
      const [first] = worked;
      if (first === undefined) return;
      const named = worked.slice(0, 3).map((key) => tableWords(tables, key)).join(', ');
      yield sightingAt(input, {
        symbol: sqlName(step.domain),
        message: `${words(step)} reads every row of ${named}${worked.length > 3 ? ` and ${String(worked.length - 3)} more` : ''} while it holds ${lockSentence(lockNow(input, first) ?? 'ShareLock')} there, since ${worked.length === 1 ? 'it has a column' : 'they have columns'} of domain \`${displayName(sqlName(step.domain))}\`.`,
        remedy: remedy(step),
      });
    },
  },
});

type DomainStep = StepOf<'add-domain-constraint'> | StepOf<'set-domain-not-null'> | StepOf<'validate-domain-constraint'>;

function isDomainStep(step: MigrationInput['step']): step is DomainStep {
  return step.kind === 'add-domain-constraint' || step.kind === 'set-domain-not-null' || step.kind === 'validate-domain-constraint';
}

function words(step: DomainStep): string {
  if (step.kind === 'set-domain-not-null') return 'SET NOT NULL on the domain';
  if (step.kind === 'validate-domain-constraint') return `Validating \`${step.constraint}\``;
  return `Adding ${step.constraint.name === null ? 'the constraint' : `\`${step.constraint.name}\``}`;
}

function remedy(step: DomainStep): string {
  const domain = sqlName(step.domain);
  if (step.kind === 'validate-domain-constraint') return 'Values written since it was added are checked already: validate at a quiet hour, behind `SET lock_timeout = \'3s\';`, or look for values that break it with a query and leave it NOT VALID.';
  const name = (step.kind === 'add-domain-constraint' ? step.constraint.name : null) ?? `${step.domain.name}_check`.slice(0, 63);
  const text = step.kind === 'set-domain-not-null' ? `CONSTRAINT ${quoteName(name)} CHECK (VALUE IS NOT NULL) NOT VALID` : notValidText(step.constraint, name);
  const validate = `\`ALTER DOMAIN ${domain} VALIDATE CONSTRAINT ${quoteName(name)};\``;
  return `\`ALTER DOMAIN ${domain} ADD ${text};\` checks what is written from then on. ${validate} reads the old values and blocks writes too, so keep it for a quiet hour.`;
}
