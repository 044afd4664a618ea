import { basename } from 'node:path';
import { digestOf } from '../cache/digest.ts';

/** What file systems take in a name, in bytes of UTF-8, less some room for what tools add (`.part`, `~`). */
const longestBytes = 240;
const digestDigits = 12;

/**
 * The name of a file or folder that is called after an address. One too long for a file system keeps its beginning and
 * gets a digest of the whole: readable, and still no two alike.
 */
export function deliveredName(address: string, extension: string): string {
  const name = plainName(address);
  if (Buffer.byteLength(name + extension) <= longestBytes) return name + extension;
  const end = `-${digestOf(address).slice(0, digestDigits)}${extension.length > 20 ? '' : extension}`;
  return `${startOf(name, longestBytes - Buffer.byteLength(end))}${end}`;
}

/** Whether a delivered file bears less than the whole of its address. */
export function isShortened(address: string, path: string): boolean {
  return !basename(path).startsWith(plainName(address));
}

function plainName(address: string): string {
  return address.replaceAll('/', '.');
}

/** As many whole characters as fit. */
function startOf(text: string, mostBytes: number): string {
  let taken = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    taken += character;
  }
  return taken;
}
