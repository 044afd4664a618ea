import { digestOf } from '../digest.ts';

/** The last line: the SHA-256 of all before it. */
const sealLength = 65;

/** A small file of the index: it tells by itself whether it is whole. */
export function sealText(text: string): string {
  return `${text}${digestOf(text)}\n`;
}

/** The text without its seal; undefined where that does not fit. */
export function openSealedText(sealed: string): string | undefined {
  const text = sealed.slice(0, -sealLength);
  return sealText(text) === sealed ? text : undefined;
}
