import { crc32, deflateSync } from 'node:zlib';
import type { Random } from '../../../vision/random/random.ts';

const sides = [0, 1, 2, 7, 8, 64, 1000, 65_535, 2 ** 20, 2 ** 31 - 1, 2 ** 32 - 1];

/** A PNG with checksums that hold: of odd sizes, with more or less data than its size asks for, parts twice or astray. */
export function inventPng(random: Random): Uint8Array {
  const side = (): number => sides[random.integer(random.chance(0.6) ? 6 : sides.length)]!;
  const [width, height] = [side(), side()];
  const depth = [1, 2, 4, 8, 16, 3][random.integer(6)]!;
  const colour = [0, 2, 3, 4, 6, 5][random.integer(6)]!;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, random.chance(0.05) ? 1 : 0, random.chance(0.05) ? 1 : 0, random.integer(3)], 8);
  const row = 1 + Math.ceil((width * depth) / 8);
  const whole = Math.min(row * height, 100_000);
  const size = random.chance(0.6) ? whole : random.chance(0.5) ? random.integer(whole + 1) : 4_000_000;
  const data = Buffer.alloc(size, random.chance(0.5) ? 0 : random.integer(256));
  // Filters that exist, so that the rows are taken apart.
  for (let at = 0; at < size && at / row < 1000; at += row)
    data[at] = random.integer(random.chance(0.9) ? 5 : 256);
  const parts = [
    part('IHDR', header),
    part('PLTE', Buffer.alloc(3 * (1 + random.integer(256)), 7)),
    ...(random.chance(0.1) ? [part('tRNS', Buffer.alloc(random.integer(300)))] : []),
    ...(random.chance(0.1)
      ? [part('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(1e6))]))]
      : []),
    part('IDAT', deflateSync(data)),
    part('IEND', Buffer.alloc(0)),
  ];
  if (random.chance(0.1)) random.shuffle(parts);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

function part(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(content.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
