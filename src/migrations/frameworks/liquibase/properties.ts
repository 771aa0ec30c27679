import { joinTexts, placeOf, sliceText, textFor, type LocatedText } from '../../../languages/located-text.js';
import type { Element } from './element.js';

/** Values of `${…}` in changelogs. */
export type Properties = ReadonlyMap<string, string>;

const REFERENCE = /\$\{([\w.-]{1,100})\}/g;

/** A text with the properties that are known filled in. */
export function fill(text: string, properties: Properties): string {
  return properties.size === 0 || !text.includes('${') ? text : text.replace(REFERENCE, (whole, name: string) => properties.get(name) ?? whole);
}

/** The same for text that knows its places. */
export function fillLocated(located: LocatedText, properties: Properties): LocatedText {
  if (properties.size === 0 || !located.text.includes('${')) return located;
  const pieces: LocatedText[] = [];
  let copied = 0;
  for (const match of located.text.matchAll(REFERENCE)) {
    const value = properties.get(match[1] ?? '');
    if (value === undefined) continue;
    pieces.push(sliceText(located, copied, match.index), textFor(value, placeOf(located, match.index)));
    copied = match.index + match[0].length;
  }
  return joinTexts([...pieces, sliceText(located, copied, located.text.length)]);
}

/** An element with the properties that are known filled in, in attributes and texts. */
export function fillElement(element: Element, properties: Properties): Element {
  if (properties.size === 0) return element;
  return {
    ...element,
    attributes: new Map([...element.attributes].map(([name, value]) => [name, fill(value, properties)])),
    children: element.children.map((child) => fillElement(child, properties)),
    text: () => fillLocated(element.text(), properties),
    located: (attribute) => fillLocated(element.located(attribute), properties),
  };
}
