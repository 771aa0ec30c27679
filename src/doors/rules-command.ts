import { UsageError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { rules } from '../rules/registry.generated.js';
import { printOut } from './print.js';
import { packageInfo } from './package-info.js';

/** Flags of `belay rules`. */
export interface RulesOptions {
  readonly format: 'pretty' | 'json';
}

/** `belay rules [ID]`. Throws `UsageError` for an id that is no rule, with the nearest one. */
export async function rulesCommand(id: string | undefined, options: RulesOptions): Promise<void> {
  const { homepage } = packageInfo();
  if (id === undefined) {
    await printOut(options.format === 'json' ? `${JSON.stringify(rules.map((rule) => describe(rule, homepage)), null, 2)}\n` : table());
    return;
  }
  const rule = rules.find((one) => one.id === id) ?? rules.find((one) => one.id.endsWith(`/${id}`));
  if (rule === undefined) {
    const near = nearest(id, rules.map((one) => one.id));
    throw new UsageError(`There is no rule ${id}.${near === null ? '' : ` Did you mean ${near}?`} \`belay rules\` lists them.`);
  }
  await printOut(options.format === 'json' ? `${JSON.stringify(describe(rule, homepage), null, 2)}\n` : page(rule, homepage));
}

type Listed = (typeof rules)[number];

function describe(rule: Listed, homepage: string): object {
  return { id: rule.id, level: rule.level, since: rule.since, ...rule.docs, docs: `${homepage}/docs/rules/${rule.id}.md` };
}

function table(): string {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  return rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.level.padEnd(5)}  ${rule.docs.title}\n`).join('');
}

function page(rule: Listed, homepage: string): string {
  const { title, why, remedy, limits, references } = rule.docs;
  const parts = [`${rule.id} (${rule.level} by default, since ${rule.since})`, title, `Why\n${why}`, `What to do\n${remedy}`];
  if (limits !== undefined) parts.push(`Limits\n${limits}`);
  if (references.length > 0) parts.push(`References\n${references.map((reference) => `- ${reference.title}: ${reference.url}`).join('\n')}`);
  parts.push(`Page: ${homepage}/docs/rules/${rule.id}.md`);
  return `${parts.join('\n\n')}\n`;
}
