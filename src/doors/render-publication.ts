import { writeMarker } from '../core/marker.js';
import { NOTHING_PUBLISHED } from '../core/publication.js';
import { reconcile } from '../core/reconcile.js';
import { wordsFor } from '../render/check-run.js';
import type { LocalReview } from './local-review.js';
import type { Presentation } from './render-review.js';

/** Signs the markers of a publication that is only printed: nobody will ever verify them. */
const NO_KEY = 'printed only';

/** What the App would post on a pull request that it never spoke on before, as JSON. */
export function renderPublication({ changeSet, reviewed }: LocalReview, presentation: Presentation): string {
  const pull = changeSet.pull.number ?? 0;
  const publication = reconcile({
    pull,
    headSha: changeSet.headSha,
    verdict: reviewed.verdict,
    changes: changeSet.changes,
    published: NOTHING_PUBLISHED,
    dismissed: new Set(),
    config: presentation.config,
    rerun: null,
    words: wordsFor({ homepage: presentation.homepage, headers: presentation.headers }),
    sign: (marker) => writeMarker(marker, { repo: changeSet.repo, pull }, [NO_KEY]),
  });
  return `${JSON.stringify(publication, null, 2)}\n`;
}
