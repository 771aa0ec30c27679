import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Verdict } from '../core/verdict.js';

/** Numbers that are read when somebody asks for the metrics. */
export interface Readings {
  readonly inboxDepth: () => Promise<number>;
  readonly queueDepth: () => Promise<number>;
  readonly queueAge: () => Promise<number>;
}

/** The process's metrics, in Prometheus' text format. */
export interface Metrics {
  readonly registry: Registry;
  readonly delivered: (outcome: string) => void;
  readonly reviewed: (verdict: Verdict) => void;
  readonly requested: (status: number | string, remaining: number | null) => void;
  readonly asked: (outcome: string, calls: number, dollars: number) => void;
}

/** Sets up every metric once. A reading that fails is left out, never reported as zero. */
export function openMetrics(readings: Readings): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const deliveries = new Counter({ name: 'belay_deliveries_total', help: 'Webhook deliveries by outcome', labelNames: ['outcome'], registers });
  const reviews = new Counter({ name: 'belay_reviews_total', help: 'Concluded reviews by conclusion', labelNames: ['conclusion'], registers });
  const findings = new Counter({ name: 'belay_findings_total', help: 'Findings by rule and level', labelNames: ['rule', 'level'], registers });
  const requests = new Counter({ name: 'belay_github_requests_total', help: 'Requests to GitHub by status', labelNames: ['status'], registers });
  const remaining = new Gauge({ name: 'belay_github_rate_remaining', help: 'Requests left until the limit resets, as last seen', registers });
  // Unknown until the host has answered once: a zero would say that nothing is left.
  remaining.remove();
  const calls = new Counter({ name: 'belay_model_calls_total', help: 'Calls to the model by outcome', labelNames: ['outcome'], registers });
  const dollars = new Counter({ name: 'belay_model_cost_dollars_total', help: 'What the model cost, in US dollars', registers });
  gauge('belay_inbox_depth', 'Deliveries that are stored and not yet turned into work', readings.inboxDepth, registers);
  gauge('belay_queue_depth', 'Pull requests that wait or are worked on', readings.queueDepth, registers);
  gauge('belay_queue_age_seconds', 'How long the longest waiting one has waited', readings.queueAge, registers);
  return {
    registry,
    delivered: (outcome) => deliveries.inc({ outcome }),
    reviewed: (verdict) => {
      reviews.inc({ conclusion: verdict.conclusion });
      for (const { finding, level } of verdict.entries) findings.inc({ rule: finding.ruleId, level });
    },
    requested: (status, left) => {
      requests.inc({ status: String(status) });
      if (left !== null) remaining.set(left);
    },
    asked: (outcome, count, cost) => {
      calls.inc({ outcome }, count);
      dollars.inc(cost);
    },
  };
}

function gauge(name: string, help: string, read: () => Promise<number>, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    async collect() {
      try {
        this.set(await read());
      } catch {
        this.remove();
      }
    },
  });
}
