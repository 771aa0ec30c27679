import type { Config } from '../core/config.js';
import type { RuleHeader } from '../core/rule.js';
import type { Report } from '../render/report.js';
import type { LocalReview } from './local-review.js';

/** What the words need beside the review. */
export interface Presentation {
  readonly version: string;
  readonly homepage: string;
  readonly color: boolean;
  readonly headers: readonly RuleHeader[];
  /** Decides how much a publication says in line. */
  readonly config: Config;
}

/** A review in one of the formats. Each renderer is loaded when it is asked for. */
export async function renderReview(format: string, done: LocalReview, presentation: Presentation): Promise<string> {
  const { verdict, texts, stats } = done.reviewed;
  const report: Report = { verdict, texts, headers: presentation.headers, homepage: presentation.homepage, version: presentation.version, stats: { ...stats } };
  switch (format) {
    case 'json':
      return (await import('../render/json.js')).renderJson(report);
    case 'sarif':
      return (await import('../render/sarif.js')).renderSarif(report);
    case 'markdown':
      return (await import('../render/markdown.js')).renderMarkdown(report);
    case 'publication':
      return (await import('./render-publication.js')).renderPublication(done, presentation);
    default:
      return (await import('../render/terminal.js')).renderTerminal(report, { color: presentation.color });
  }
}
