/**
 * What GitHub refuses although its OpenAPI description allows it: rules between fields, and limits that stand only in
 * the documentation. Keyed by operation id.
 */
type Body = Readonly<Record<string, unknown>>;
type Check = (body: Body) => readonly string[];

const MAX_BODY = 65_536;
const SHA = /^[0-9a-f]{40}$/;

export const CROSS_FIELD: Readonly<Record<string, Check>> = {
  'checks/create': (body) => [...checkRun(body), ...(SHA.test(textOf(body.head_sha)) ? [] : ['/head_sha must be a full commit sha']), ...filled(body, 'name')],
  'checks/update': (body) => checkRun(body),
  'pulls/create-review': (body) => {
    const comments = listOf(body.comments);
    return [
      ...(body.event === 'COMMENT' || body.event === 'REQUEST_CHANGES' ? filled(body, 'body') : []),
      ...(body.event === undefined ? ['/event is missing: the review would stay pending'] : []),
      ...short(body, 'body'),
      ...(body.commit_id === undefined || SHA.test(textOf(body.commit_id)) ? [] : ['/commit_id must be a full commit sha']),
      ...(comments.length > 25 ? [`/comments has ${comments.length} entries; above 25 the host answers 502 after posting`] : []),
      ...comments.flatMap((comment, index) => lineComment(comment).map((violation) => `/comments/${index}${violation}`)),
    ];
  },
  'pulls/create-review-comment': (body) => {
    const shared = [...filled(body, 'body'), ...short(body, 'body'), ...(SHA.test(textOf(body.commit_id)) ? [] : ['/commit_id must be a full commit sha'])];
    if (body.subject_type !== 'file') return [...shared, ...(body.in_reply_to === undefined ? lineComment(body) : [])];
    return [...shared, ...['line', 'start_line', 'side', 'start_side', 'position'].filter((key) => body[key] !== undefined).map((key) => `/${key} is not allowed on a file comment`)];
  },
  'pulls/update-review-comment': (body) => [...filled(body, 'body'), ...short(body, 'body')],
  'issues/create-comment': (body) => [...filled(body, 'body'), ...short(body, 'body')],
  'issues/update-comment': (body) => [...filled(body, 'body'), ...short(body, 'body')],
  'apps/create-installation-access-token': (body) => [
    ...(Array.isArray(body.repositories) && body.repositories.length > 500 ? ['/repositories has more than 500 entries'] : []),
    ...(listOf(body.repositories).length === 0 && body.repositories !== undefined ? ['/repositories is empty'] : []),
  ],
};

function checkRun(body: Body): readonly string[] {
  const violations: string[] = [];
  if (body.status === 'completed' && body.conclusion === undefined) violations.push('/conclusion is missing although /status is completed');
  if (body.conclusion !== undefined && body.status !== undefined && body.status !== 'completed') violations.push('/conclusion is given although /status is not completed');
  if (body.conclusion === 'stale') violations.push('/conclusion stale can only be set by GitHub');
  const output = objectOf(body.output);
  listOf(output.annotations).forEach((annotation, index) => violations.push(...annotationRules(annotation).map((violation) => `/output/annotations/${index}${violation}`)));
  listOf(body.actions).forEach((action, index) => {
    for (const [key, limit] of [['label', 20], ['description', 40], ['identifier', 20]] as const) {
      if (textOf(action[key]).length > limit || textOf(action[key]) === '') violations.push(`/actions/${index}/${key} must have 1 to ${limit} characters`);
    }
  });
  return violations;
}

function annotationRules(annotation: Body): readonly string[] {
  const start = Number(annotation.start_line);
  const end = Number(annotation.end_line);
  return [
    ...(start < 1 ? ['/start_line must be at least 1'] : []),
    ...(start > end ? ['/end_line is before /start_line'] : []),
    ...((annotation.start_column !== undefined || annotation.end_column !== undefined) && start !== end ? ['/start_column is not allowed over several lines'] : []),
    ...(textOf(annotation.path) === '' || textOf(annotation.path).startsWith('/') ? ['/path must be relative to the repository'] : []),
    ...(Buffer.byteLength(textOf(annotation.message)) > 64 * 1024 ? ['/message is over 64 KB'] : []),
    ...filled(annotation, 'message'),
    ...(textOf(annotation.title).length > 255 ? ['/title is over 255 characters'] : []),
  ];
}

function lineComment(comment: Body): readonly string[] {
  const { line, position, start_line: start } = comment;
  return [
    ...filled(comment, 'body'),
    ...short(comment, 'body'),
    ...(line === undefined && position === undefined ? ['/line is missing'] : []),
    ...(line !== undefined && position !== undefined ? ['/position and /line exclude each other'] : []),
    ...(comment.side !== undefined && comment.side !== 'LEFT' && comment.side !== 'RIGHT' ? ['/side must be LEFT or RIGHT'] : []),
    ...(start !== undefined && !(Number(start) < Number(line)) ? ['/start_line must be before /line'] : []),
    ...(Number(line ?? 1) < 1 || Number(start ?? 1) < 1 ? ['/line must be at least 1'] : []),
  ];
}

function filled(body: Body, key: string): readonly string[] {
  return textOf(body[key]).trim() === '' ? [`/${key} is empty`] : [];
}

function short(body: Body, key: string): readonly string[] {
  return textOf(body[key]).length > MAX_BODY ? [`/${key} is over ${MAX_BODY} characters`] : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown): Body {
  return typeof value === 'object' && value !== null ? (value as Body) : {};
}

function listOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}
