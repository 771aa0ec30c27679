import { randomBytes } from 'node:crypto';

/** Data between two marks that its author could not know. */
export interface Fence {
  readonly nonce: string;
  /** The text between the marks. A text that holds the nonce all the same loses it. */
  around(name: string, text: string): string;
}

/** A fence for one request. The nonce is fresh each time, so no text written before can close it. */
export function createFence(nonce: string = randomBytes(12).toString('hex')): Fence {
  return {
    nonce,
    around: (name, text) => `<<<${nonce} ${name}\n${text.replaceAll(nonce, '[removed]')}\n${nonce}>>>`,
  };
}
