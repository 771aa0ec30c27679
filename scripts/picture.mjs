// Draws docs/review.svg: what `belay review` really prints on examples/wallet, with its colours. Needs a build.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultConfig } from '../dist/core/default-config.js';
import { EMPTY_PULL } from '../dist/core/change-set.js';
import { reviewLocally } from '../dist/doors/local-review.js';
import { packageInfo } from '../dist/doors/package-info.js';
import { mergeBase, openRepository, resolveCommit } from '../dist/git/open-repository.js';
import { renderTerminal } from '../dist/render/terminal.js';
import { rules } from '../dist/rules/registry.generated.js';
import { makeExample } from './make-example.mjs';

const WIDTH = 104;
const CELL = 8.4;
const LINE = 18;
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff' };

const folder = mkdtempSync(join(tmpdir(), 'belay-picture-'));
try {
  const { pull } = makeExample('wallet', folder);
  const repository = await openRepository(folder);
  const [baseSha, headSha] = [await resolveCommit(repository, pull.base, '--base'), await resolveCommit(repository, pull.head, '--head')];
  const comparison = { baseSha, headSha, mergeBase: await mergeBase(repository, baseSha, headSha), worktree: false, pull: { ...EMPTY_PULL, ...pull, headBranch: pull.head, baseBranch: pull.base, defaultBranch: 'main' } };
  const { reviewed } = await reviewLocally(repository, comparison, { rules, config: defaultConfig(), ask: null, whyNotAsked: null, prompts: new Map(), notices: [], signal: new AbortController().signal });
  repository.objects.close();
  const text = renderTerminal({ ...reviewed, headers: rules, ...packageInfo() }, { color: true, width: WIDTH });
  writeFileSync(fileURLToPath(new URL('../docs/review.svg', import.meta.url)), draw(text));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Lines with ANSI colours as SVG text. */
function draw(text) {
  const lines = text.trimEnd().split('\n');
  const rows = lines.map((line, index) => `<text x="16" y="${34 + index * LINE}" xml:space="preserve">${spans(line)}</text>`);
  const [width, height] = [WIDTH * CELL + 32, lines.length * LINE + 40];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A review by Belay of examples/wallet"><rect width="100%" height="100%" rx="8" fill="#0d1117"/><g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#c9d1d9">${rows.join('')}</g></svg>\n`;
}

function spans(line) {
  let style = '';
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code === undefined) return part === '' ? '' : `<tspan${style}>${escape(part)}</tspan>`;
      if (code === '0') style = '';
      else if (code === '1') style += ' font-weight="bold"';
      else if (code === '2') style += ' fill-opacity="0.6"';
      else if (COLOURS[code]) style += ` fill="${COLOURS[code]}"`;
      return '';
    })
    .join('');
}

function escape(text) {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
