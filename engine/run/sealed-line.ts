import { crc32 } from 'node:zlib';

/** `,"crc":"89abcdef"}` */
const sealLength = 18;

/**
 * The JSON of an object with a checksum of itself as its last field: still JSON for whoever reads it, and a bit that has
 * changed shows. What it guards against is damage, not forgery.
 */
export function sealLine(object: object): string {
  return sealJson(JSON.stringify(object));
}

/** The same of an object that is JSON already. */
export function sealJson(json: string): string {
  const sum = crc32(json).toString(16).padStart(8, '0');
  return `${json.slice(0, -1)},"crc":"${sum}"}`;
}

/** The object without its checksum; undefined where it is damaged. One that never had a checksum passes. */
export function openLine(line: string): object | undefined {
  const seal = /^,"crc":"([0-9a-f]{8})"\}$/.exec(line.slice(-sealLength))?.[1];
  const json = seal === undefined ? line : `${line.slice(0, -sealLength)}}`;
  if (seal !== undefined && crc32(json) !== Number.parseInt(seal, 16)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
