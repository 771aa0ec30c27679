import { UsageError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import type { RuleHeader } from '../core/rule.js';
import { rules as defaults } from '../rules/registry.generated.js';
import type { CommonOptions } from './cli-options.js';
import { localConfig } from './local-config.js';
import { printOut } from './print.js';
import { packageInfo } from './package-info.js';

/** Flags of `belay rules`. */
export type RulesOptions = CommonOptions;

/** `belay rules [ID]`: with `--config`, at the levels set there. Throws `UsageError` for an id that is no rule, with the nearest one. */
export async function rulesCommand(id: string | undefined, options: RulesOptions): Promise<void> {
  const { homepage } = packageInfo();
  const config = await localConfig(options.config, async () => Promise.resolve(null), defaults);
  const rules = defaults.map((rule) => ({ ...rule, level: config.rules.get(rule.id)?.level ?? rule.level }));
  if (id === undefined) {
    await printOut(options.format === 'json' ? `${JSON.stringify(rules.map((rule) => describe(rule, homepage)), null, 2)}\n` : table(rules));
    return;
  }
  const rule = rules.find((one) => one.id === id) ?? rules.find((one) => one.id.endsWith(`/${id}`));
  if (rule === undefined) {
    const near = nearest(id, rules.map((one) => one.id));
    throw new UsageError(`There is no rule ${id}.${near === null ? '' : ` Did you mean ${near}?`} \`belay rules\` lists them.`);
  }
  await printOut(options.format === 'json' ? `${JSON.stringify(describe(rule, homepage), null, 2)}\n` : page(rule, options.config === undefined ? ' by default' : '', homepage));
}

type Listed = RuleHeader;

function describe(rule: Listed, homepage: string): object {
  return { id: rule.id, level: rule.level, since: rule.since, ...rule.docs, docs: `${homepage}/docs/rules/${rule.id}.md` };
}

function table(rules: readonly Listed[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  return rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.level.padEnd(5)}  ${rule.docs.title}\n`).join('');
}

function page(rule: Listed, by: string, homepage: string): string {
  const { title, why, remedy, limits, references } = rule.docs;
  const parts = [`${rule.id} (${rule.level}${by}, since ${rule.since})`, title, `Why\n${why}`, `What to do\n${remedy}`];
  if (limits !== undefined) parts.push(`Limits\n${limits}`);
  if (references.length > 0) parts.push(`References\n${references.map((reference) => `- ${reference.title}: ${reference.url}`).join('\n')}`);
  parts.push(`Page: ${homepage}/docs/rules/${rule.id}.md`);
  return `${parts.join('\n\n')}\n`;
}
