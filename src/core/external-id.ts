/**
 * The id that our check runs carry: `belay/1/pull/12`, `belay/1/group` for a merge group, and `…/rerun/<token>` where
 * somebody asked for a new run. It leads from a run back to its pull request, also where the host does not say it (forks).
 */
export function externalId(pull: number | null, rerun: string | null): string {
  const subject = pull === null ? 'group' : `pull/${pull}`;
  return `belay/1/${subject}${rerun === null ? '' : `/rerun/${rerun.replace(/[^A-Za-z0-9-]/g, '').slice(0, 64)}`}`;
}

const EXTERNAL_ID = /^belay\/1\/(?:group|pull\/(\d{1,10}))(?:\/rerun\/([A-Za-z0-9-]{0,64}))?$/;

/** What an external id says; null when it is not one of ours. `pull` is null for a merge group. */
export function readExternalId(text: string | null | undefined): { readonly pull: number | null; readonly rerun: string | null } | null {
  const match = EXTERNAL_ID.exec(text ?? '');
  return match === null ? null : { pull: match[1] === undefined ? null : Number(match[1]), rerun: match[2] ?? null };
}
