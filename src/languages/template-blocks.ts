/** A stretch of text. `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What the logic of a template (`{{ if }}`, `{% if %}`, `<% if %>`) makes of a text. */
export interface TemplateBlocks {
  /** The text with what is not meant for Postgres, and tags that are decided by that, blanked. */
  readonly text: string;
  /** What runs only under a condition that cannot be told. */
  readonly conditional: readonly Stretch[];
  /** What runs any number of times. */
  readonly repeated: readonly Stretch[];
}

type Truth = 'yes' | 'no' | 'unknown';

interface Branch {
  readonly truth: Truth;
  readonly start: number;
}

interface Open {
  readonly kind: 'if' | 'loop' | 'other';
  /** Conditions of the branches before the current one. */
  readonly earlier: Truth[];
  branch: Branch;
  readonly tags: Stretch[];
  readonly decided: { truth: Truth; stretch: Stretch }[];
}

const TAG = /\{\{-?\s*(#?if|else\s+if|else|end|range|with|block|define|#unless|#each|\/if|\/unless|\/each)\b([^}]{0,300})\}\}|\{%-?\s*(if|elif|elsif|else|endif|for|endfor)\b([^%]{0,300})%\}|<%-?\s*(if|elsif|else|end|for|unless)\b([^%]{0,300})%>/g;
const POSTGRES = /postgres|(?:^|[^a-z])(?:pg|psql)(?:[^a-z]|$)/i;
const OTHERS = /mysql|mariadb|sqlite|mssql|sql_?server|oracle|cockroach|crdb|clickhouse|(?:^|[^a-z])h2(?:[^a-z]|$)/i;
const NEGATED = /\bnot\b|\bne\b|!=|!\s*\.|!\s*\w/i;

/** Whether a condition holds on Postgres, as far as it names databases. */
function truthOf(condition: string, negated: boolean): Truth {
  const positive = NEGATED.test(condition) === negated;
  if (POSTGRES.test(condition)) return positive ? 'yes' : 'no';
  if (OTHERS.test(condition)) return positive ? 'no' : 'yes';
  return 'unknown';
}

function opposite(truths: readonly Truth[]): Truth {
  if (truths.includes('yes')) return 'no';
  return truths.every((truth) => truth === 'no') ? 'yes' : 'unknown';
}

function branchTruth(earlier: readonly Truth[], own: Truth): Truth {
  const reached = opposite(earlier);
  if (reached === 'no' || own === 'no') return 'no';
  return reached === 'yes' ? own : 'unknown';
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}

interface Scan {
  readonly open: Open[];
  readonly blanked: Stretch[];
  readonly conditional: Stretch[];
  readonly repeated: Stretch[];
}

function closeBranch(block: Open, end: number): void {
  block.decided.push({ truth: block.branch.truth, stretch: { start: block.branch.start, end } });
}

function closeBlock(scan: Scan, block: Open): void {
  if (block.kind === 'other') return;
  if (block.kind === 'loop') {
    for (const { stretch } of block.decided) scan.repeated.push(stretch);
    return;
  }
  const sure = block.decided.every(({ truth }) => truth !== 'unknown');
  if (sure) scan.blanked.push(...block.tags);
  for (const { truth, stretch } of block.decided) {
    if (truth === 'no') scan.blanked.push(stretch);
    else if (truth === 'unknown') scan.conditional.push(stretch);
  }
}

function onTag(scan: Scan, word: string, rest: string, tag: Stretch): void {
  const block = scan.open.at(-1);
  if (word.startsWith('e') && word.startsWith('else') || word === 'elif' || word === 'elsif') {
    if (block === undefined) return;
    closeBranch(block, tag.start);
    const own = word === 'else' && !/^\s*if\b/.test(rest) ? 'yes' : truthOf(rest, false);
    block.branch = { truth: branchTruth(block.earlier, own), start: tag.end };
    block.earlier.push(own);
    block.tags.push(tag);
    return;
  }
  if (word.startsWith('end') || word.startsWith('/')) {
    if (block === undefined) return;
    closeBranch(block, tag.start);
    block.tags.push(tag);
    scan.open.pop();
    closeBlock(scan, block);
    return;
  }
  const conditional = word === 'if' || word === '#if' || word === '#unless' || word === 'unless';
  const own = conditional ? truthOf(rest, word.endsWith('unless')) : 'unknown';
  const kind = conditional ? 'if' : word === 'range' || word === 'for' || word === '#each' ? 'loop' : 'other';
  if (scan.open.length < 200) scan.open.push({ kind, earlier: [own], branch: { truth: own, start: tag.end }, tags: [tag], decided: [] });
}

function blankStretches(text: string, stretches: readonly Stretch[]): string {
  const pieces: string[] = [];
  let copied = 0;
  for (const { start, end } of [...stretches].sort((one, other) => one.start - other.start)) {
    if (end <= copied) continue;
    const from = Math.max(start, copied);
    pieces.push(text.slice(copied, from), blank(text.slice(from, end)));
    copied = end;
  }
  pieces.push(text.slice(copied));
  return pieces.join('');
}

/** Decides a template's branches by the databases their conditions name. One pass; positions are kept. */
export function resolveBlocks(text: string): TemplateBlocks {
  if (!/\{\{|\{%|<%/.test(text)) return { text, conditional: [], repeated: [] };
  const scan: Scan = { open: [], blanked: [], conditional: [], repeated: [] };
  for (const match of text.matchAll(TAG)) {
    const word = (match[1] ?? match[3] ?? match[5] ?? '').replace(/\s+/g, ' ').toLowerCase();
    onTag(scan, word, match[2] ?? match[4] ?? match[6] ?? '', { start: match.index, end: match.index + match[0].length });
  }
  for (const block of scan.open.reverse()) {
    closeBranch(block, text.length);
    closeBlock(scan, block);
  }
  return { text: blankStretches(text, scan.blanked), conditional: scan.conditional, repeated: scan.repeated };
}
