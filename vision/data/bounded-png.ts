import { inflateSync } from 'node:zlib';

/** More pixels than any camera's image; each takes a byte of memory. */
const mostPixels = 2 ** 27;
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** All that an image of indices needs; texts and profiles may unpack to anything. */
const needed = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);

/**
 * A PNG of one sample a pixel, cut down to the parts that its pixels need, and checked: its data is whole (checksum
 * included) and no larger than its size says. Throws an `Error` that says what is wrong. A few bytes of a PNG may
 * otherwise ask for gigabytes, and what ends early would read as background.
 */
export function boundedPng(bytes: Uint8Array): Uint8Array {
  if (!signature.every((byte, at) => bytes[at] === byte)) throw new Error('it is no PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [signature];
  const data: Uint8Array[] = [];
  let expected = 0;
  for (let at = signature.length; ;) {
    if (at + 12 > bytes.length) throw new Error('it ends before its last part');
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw new Error('it ends within a part');
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') expected = dataSize(content);
    else if (expected === 0) throw new Error('it does not begin with its size');
    if (name === 'IDAT') data.push(content);
    if (needed.has(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IEND') break;
    at = end;
  }
  const unpacked = inflateSync(Buffer.concat(data), { maxOutputLength: expected + 1 });
  if (unpacked.length !== expected) throw new Error(`its data is ${unpacked.length} bytes, not ${expected}`);
  return Buffer.concat(parts);
}

/** Bytes of the unpacked data: each row begins with its filter's number. */
function dataSize(header: Uint8Array): number {
  if (header.length !== 13) throw new Error('its size is not where it should be');
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height, depth, colour, interlaced] = [
    view.getUint32(0),
    view.getUint32(4),
    header[8]!,
    header[9]!,
    header[12]!,
  ];
  if (width === 0 || height === 0) throw new Error('it has no pixels');
  if (width * height > mostPixels) throw new Error(`it has ${width} x ${height} pixels`);
  if ((colour !== 0 && colour !== 3) || depth > 8) throw new Error('a mask holds one index a pixel');
  const rows = (columns: number, lines: number): number =>
    columns === 0 ? 0 : lines * (1 + Math.ceil((columns * depth) / 8));
  if (interlaced === 0) return rows(width, height);
  return passes.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + rows(Math.ceil(Math.max(0, width - x) / dx), Math.ceil(Math.max(0, height - y) / dy)),
    0,
  );
}

/** Adam7: where each pass begins and how far its pixels lie apart. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
