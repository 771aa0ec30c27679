const STAGING = /(?:^|[^a-z])(?:staging|stage|stg|pre-?prod(?:uction)?|uat|qa|acceptance|integration|homolog(?:acao|ation)?|rehearsal)(?:$|[^a-z])/i;
const PRODUCTION = /(?:^|[^a-z])(?:prod(?:uction)?|prd|live)(?:$|[^a-z])/i;
const PREPRODUCTION = /(?:^|[^a-z])(?:pre|non)[-_ ]?pro?d/i;

/** Whether an environment is, by its name, one in which changes are tried before production. */
export function isStagingName(environment: string): boolean {
  return STAGING.test(environment) || PREPRODUCTION.test(environment);
}

/** Whether an environment is, by its name, production itself. */
export function isProductionName(environment: string): boolean {
  return PRODUCTION.test(environment) && !isStagingName(environment);
}

const PREVIEW = /(?:^|[^a-z])(?:previews?|review[-_ ]?apps?|ephemeral|pr[-_ ]?\d+)(?:$|[^a-z])/i;

/** What the host may say of an environment beside its name. */
export interface EnvironmentMarks {
  readonly production?: boolean;
  readonly transient?: boolean;
}

/** Whether users are served from an environment: production by its name or by its mark, and neither a rehearsal nor a preview. */
export function servesUsers(environment: string, { production = false, transient = false }: EnvironmentMarks): boolean {
  return (production || isProductionName(environment)) && !transient && !isStagingName(environment) && !PREVIEW.test(environment);
}
