// Terminal escape sequences: CSI, OSC and the other string sequences, two-character escapes.
const ESCAPE_SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

// Characters that are not seen but change what is seen, or hide text: bidirectional controls, zero-width characters,
// soft hyphens, fillers, tag characters and the supplementary variation selectors.
const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Somebody else's text, safe to show: no terminal sequences, no control characters but tab and newline, no invisible or
 * direction-changing characters, line ends as `\n`, lone surrogates as U+FFFD. Linear in the text's length.
 */
export function plainText(text: string): string {
  return dropInvisible(text.replace(ESCAPE_SEQUENCE, ''))
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(CONTROL, '')
    .replace(/[\ud800-\udfff]/gu, '\ufffd');
}

/** The same on one line: every run of white space is one space, none at the ends. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** The text without the characters nobody sees. */
export function dropInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** The text cut to so many characters, with an ellipsis where something was cut. Never cuts a character in half. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.max(0, length - 1);
  const last = text.charCodeAt(end - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`;
}
