/** How a language writes comments and strings, as far as reading without a parser needs it. */
export interface CommentSyntax {
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
  /** Quotes that open a string; `multiline` ones may span lines. The longest comes first. */
  readonly quotes: readonly { readonly quote: string; readonly multiline: boolean; readonly backslash: boolean }[];
}

const single = (quote: string) => ({ quote, multiline: false, backslash: true });
const multi = (quote: string) => ({ quote, multiline: true, backslash: true });
const plain = (quote: string) => ({ quote, multiline: true, backslash: false });

const C_LIKE: CommentSyntax = { line: ['//'], block: [['/*', '*/']], quotes: [single('"'), single("'"), multi('`')] };
const SQL: CommentSyntax = { line: ['--'], block: [['/*', '*/']], quotes: [plain("'"), plain('"'), plain('$$')] };
const HASH: CommentSyntax = { line: ['#'], block: [], quotes: [single('"'), single("'")] };
const MARKUP: CommentSyntax = { line: [], block: [['<!--', '-->']], quotes: [] };

const BY_EXTENSION: Readonly<Record<string, CommentSyntax>> = {
  sql: SQL,
  mysql: { ...SQL, line: ['-- ', '#'] },
  py: { ...HASH, quotes: [multi('"""'), multi("'''"), single('"'), single("'")] },
  rb: HASH,
  rake: HASH,
  yml: HASH,
  yaml: HASH,
  toml: HASH,
  sh: HASH,
  ex: HASH,
  exs: HASH,
  tf: { ...HASH, line: ['#', '//'], block: [['/*', '*/']] },
  php: { ...C_LIKE, line: ['//', '#'], quotes: [multi('"'), multi("'")] },
  html: MARKUP,
  xml: MARKUP,
  md: MARKUP,
  vue: { ...C_LIKE, block: [['/*', '*/'], ['<!--', '-->']] },
  svelte: { ...C_LIKE, block: [['/*', '*/'], ['<!--', '-->']] },
  lua: { line: ['--'], block: [['--[[', ']]']], quotes: [single('"'), single("'")] },
  clj: { line: [';'], block: [], quotes: [multi('"')] },
  ini: { line: [';', '#'], block: [], quotes: [] },
  erl: { line: ['%'], block: [], quotes: [multi('"')] },
};

const C_LIKE_EXTENSION = /\.(?:[cm]?[jt]sx?|java|kts?|go|rs|c|h|cc|cpp|hpp|cs|swift|scala|dart|groovy|gradle|prisma|proto|css|scss|less|json5?|jsonc)$/;

/** The syntax of a file by its name; C-like where the ending is unknown. */
export function commentSyntaxOf(path: string): CommentSyntax {
  return knownCommentSyntax(path) ?? C_LIKE;
}

/** The syntax of a file by its name; null where the ending is unknown. */
export function knownCommentSyntax(path: string): CommentSyntax | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/^(?:dockerfile|makefile|gemfile|rakefile|\.env.*)$/.test(name)) return HASH;
  if (C_LIKE_EXTENSION.test(name)) return C_LIKE;
  const extension = name.slice(name.lastIndexOf('.') + 1);
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] ?? null) : null;
}

/** A comment in a text: offsets of the whole of it, and of what stands between its marks. */
export interface CommentPart {
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
}

/** All comments of a text, in order. Strings are passed over. One pass; an unclosed comment or string ends with the text. */
export function commentsOf(text: string, syntax: CommentSyntax): CommentPart[] {
  const comments: CommentPart[] = [];
  let offset = 0;
  while (offset < text.length) {
    const block = syntax.block.find(([open]) => text.startsWith(open, offset));
    const line = block ? undefined : syntax.line.find((mark) => text.startsWith(mark, offset));
    const quote = block || line !== undefined ? undefined : syntax.quotes.find((item) => text.startsWith(item.quote, offset));
    if (block) {
      const [open, close] = block;
      const at = text.indexOf(close, offset + open.length);
      const end = at === -1 ? text.length : at + close.length;
      comments.push({ start: offset, end, innerStart: offset + open.length, innerEnd: at === -1 ? text.length : at });
      offset = end;
    } else if (line !== undefined) {
      const at = text.indexOf('\n', offset);
      const end = at === -1 ? text.length : at;
      comments.push({ start: offset, end, innerStart: offset + line.length, innerEnd: end });
      offset = end;
    } else {
      offset = quote ? endOfString(text, offset, quote) : offset + 1;
    }
  }
  return comments;
}

function endOfString(text: string, start: number, { quote, multiline, backslash }: CommentSyntax['quotes'][number]): number {
  let offset = start + quote.length;
  while (offset < text.length) {
    if (backslash && text[offset] === '\\') offset += 2;
    else if (text.startsWith(quote, offset)) return offset + quote.length;
    else if (!multiline && text[offset] === '\n') return offset;
    else offset++;
  }
  return text.length;
}
