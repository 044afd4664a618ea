import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../vision/data/decode.ts';
import { ImageFailure } from '../../../vision/data/image-failure.ts';
import { readPaletteMask } from '../../../vision/data/palette-mask.ts';
import { readVocAnnotation } from '../../../vision/data/voc-annotation.ts';

interface Png {
  readonly width: number;
  readonly height: number;
  readonly interlaced?: boolean;
  readonly data: Uint8Array;
  readonly between?: readonly Buffer[];
}

function png({ width, height, interlaced = false, data, between = [] }: Png): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, interlaced ? 1 : 0], 8);
  const parts = [
    part('IHDR', header),
    ...between,
    part('IDAT', deflateSync(data)),
    part('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

function part(name: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

const small = { width: 3, height: 2, data: Buffer.from([0, 1, 0, 255, 0, 7, 0, 0]) };

describe('a mask', () => {
  it('is read past texts and profiles, whatever these unpack to', () => {
    const profile = part(
      'iCCP',
      Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))]),
    );
    const mask = readPaletteMask(png({ ...small, between: [profile] }), 'mask.png');
    expect([...mask.data]).toEqual([1, 0, 255, 7, 0, 0]);
  });

  it('is read interlaced, too', () => {
    // Adam7 of 1 x 1: the first pass alone.
    const mask = readPaletteMask(
      png({ width: 1, height: 1, interlaced: true, data: Buffer.from([0, 9]) }),
      'm',
    );
    expect([...mask.data]).toEqual([9]);
  });

  it.each([
    ['of four billion rows', png({ ...small, height: 2 ** 32 - 1 }), 'pixels'],
    ['of four billion columns', png({ ...small, width: 2 ** 32 - 1 }), 'pixels'],
    ['that unpacks to more than its size', png({ ...small, data: Buffer.alloc(50_000_000) }), 'larger'],
    ['that unpacks to less than its size', png({ ...small, data: small.data.subarray(1) }), '7 bytes, not 8'],
    ['without pixels', png({ ...small, width: 0 }), 'no pixels'],
    ['cut off', png(small).subarray(0, -20), 'ends'],
    [
      'with a part that is longer than the file',
      Buffer.concat([png(small).subarray(0, 8), Buffer.from('ffffffff49444154', 'hex'), Buffer.alloc(8)]),
      'ends within',
    ],
    [
      'of sixteen bits',
      encode({ width: 1, height: 1, depth: 16, channels: 1, data: Uint16Array.of(7) }),
      'one index',
    ],
  ])('%s is damaged', (_, bytes, word) => {
    const read = (): unknown => readPaletteMask(bytes, 'mask.png');
    expect(read).toThrow(ImageFailure);
    expect(read).toThrow(word);
  });

  it('with a bit of its data flipped is damaged', () => {
    const whole = png(small);
    for (let at = whole.length - 12 - 4 - 4; at < whole.length - 16; at += 1) {
      const flipped = Buffer.from(whole);
      flipped[at] = flipped[at]! ^ 1;
      expect(() => readPaletteMask(flipped, 'mask.png'), `byte ${at}`).toThrow(ImageFailure);
    }
  });
});

describe('an image', () => {
  it.each([
    [
      'a drawing that names files',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>',
    ],
    [
      'a drawing of endless laughs',
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    ],
    ['a page', '%PDF-1.4'],
    ['nothing', ''],
  ])('%s is none', async (_, text) => {
    await expect(decodeImage(Buffer.from(text), 'image.jpg')).rejects.toThrow(
      'no JPEG, PNG, WebP, TIFF or GIF',
    );
  });
});

describe('an annotation', () => {
  const laughs = Array.from(
    { length: 20 },
    (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`,
  ).join('');
  it.each([
    [
      'with entities that multiply',
      `<!DOCTYPE x [<!ENTITY a0 "ha">${laughs}]><annotation><a>&a20;</a></annotation>`,
    ],
    [
      'with an entity that names a file',
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotation>&a;</annotation>',
    ],
    ['of tags in tags', `<annotation>${'<object>'.repeat(100_000)}`],
    ['of five megabytes', `<annotation>${' '.repeat(5_000_000)}</annotation>`],
  ])('%s is damaged', (_, xml) => {
    expect(() => readVocAnnotation(xml, 'a.xml')).toThrow(ImageFailure);
  });
});
