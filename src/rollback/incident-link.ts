import type { Statement } from './statements.js';

const INCIDENT_LINK = /\b(?:incident|outage|post-?mortem)[^\w.]{0,6}https?:\/\/\S+|https?:\/\/\S*(?:pagerduty|opsgenie|incident\.io|statuspage|status\.\w|firehydrant|rootly|victorops|squadcast|zenduty|grafana\.net\/a\/grafana-(?:incident|oncall)|blameless|jeli|incidents?\/|post-?mortems?|outage|betterstack|rollbar\.com|bugsnag\.com|crashlytics|honeybadger\.io|airbrake\.io|raygun\.com|sentry\.io\/\S*issues?\/|sentry\S*\/issues\/)\S*/i;
const INCIDENT_NUMBER = /\b(?:INC|INCIDENT|OUTAGE|SEV|IR|PIR|PROD-?INC|MI|IM|SR)[-_ ]?#?\d{2,}(?:-\d+)*\b|\bincident[\s#:–-]*(?:no\.? ?|number ?|id:? ?)?#?(?:[A-Z]+-)?\d{2,}\b|#inc(?:ident)?-[\w-]+|\b(?:sentry|rollbar|bugsnag|crashlytics|honeybadger|opsgenie|pagerduty)\b\W{0,4}(?:(?:issue|item|incident|error|alert)\W{1,3})?[\w-]*(?=[\w-]*\d)[a-z\d]+-?[\w-]{2,}|\bP\d?IR-\d+|\b(?:vorfall|st[oö]rung|incident|incidente|инцидент\p{L}*)\s*(?:nr\.?|n[º°o]\.?|№|#)?\s*[A-Z]*-?\d{2,}|(?:故障单|事故单|故障|事故)(?:编号|号|ID)?\s*[:：#]?\s*[A-Z]*-?\d{2,}|(?:障害(?:票|番号|チケット)?|インシデント)\s*[:：#]?\s*[A-Z]*-?\d{2,}|장애\s*(?:번호|티켓|리포트)?\s*[:：#]?\s*[A-Z]*-?\d{2,}/iu;
const INCIDENT_TITLE = /\bincident\b|\boutage\b|\bpost-?mortem\b|инцидент|故障|事故|障害|インシデント|장애|vorfall|störung/iu;

/** The words of a statement that name or link an incident; null where they do not. */
export function incidentIn({ text, label, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const whole = label === null ? text : `${label}: ${text}`;
  if (INCIDENT_LINK.test(whole)) return whole;
  if (INCIDENT_NUMBER.test(whole) && !/\b(?:no|not an|without(?: an)?) incident\b/i.test(whole)) return whole;
  const title = label ?? under.at(-1) ?? '';
  return title.length < 60 && INCIDENT_TITLE.test(title) && /https?:\/\/\S+|#\d+|\b[A-Z][A-Z\d]+-\d+\b/.test(text) ? whole : null;
}

/** Whether a heading or label names or links one. */
export function namesIncident(title: string): boolean {
  return INCIDENT_LINK.test(title) || INCIDENT_NUMBER.test(title);
}
