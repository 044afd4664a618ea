import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../vision/data/decode.ts';
import { usualDecoding } from '../../../vision/data/decoding.ts';
import { referencePath } from '../../support/reference-case.ts';

const pixels = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
const picture = () => sharp(pixels, { raw: { width: 3, height: 2, channels: 3 } });

describe('decodeImage', () => {
  it('reads RGB as stored', async () => {
    const image = await decodeImage(await picture().png().toBuffer(), 'a.png');
    expect([image.width, image.height]).toEqual([3, 2]);
    expect(Buffer.from(image.data).equals(pixels)).toBe(true);
  });

  it('repeats grey over the channels', async () => {
    const grey = sharp(Buffer.from([0, 128, 255, 7]), { raw: { width: 2, height: 2, channels: 1 } });
    const image = await decodeImage(await grey.toColourspace('b-w').png().toBuffer(), 'grey.png');
    expect(Array.from(image.data)).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255, 7, 7, 7]);
  });

  it('keeps the upper 8 of 16 bits', async () => {
    const deep = sharp(Uint16Array.of(0x1234, 0xff00, 0x0080), {
      raw: { width: 1, height: 1, channels: 3 },
    });
    const png = await deep.toColourspace('rgb16').png().toBuffer();
    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect(Array.from((await decodeImage(png, 'deep.png')).data)).toEqual([0x12, 0xff, 0x00]);
  });

  it('drops transparency without blending', async () => {
    const clear = await picture().ensureAlpha(0).png().toBuffer();
    expect(Buffer.from((await decodeImage(clear, 'clear.png')).data).equals(pixels)).toBe(true);
  });

  it('ignores the EXIF orientation', async () => {
    const turned = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
    const image = await decodeImage(turned, 'turned.png');
    expect([image.width, image.height]).toEqual([3, 2]);
  });

  it('gives CMYK as RGB', async () => {
    const jpeg = await picture().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(jpeg).metadata()).channels).toBe(4);
    const image = await decodeImage(jpeg, 'print.jpg');
    expect(image.data.length).toBe(18);
  });

  it.each([
    ['no image at all', Buffer.from('hello')],
    ['an empty file', Buffer.alloc(0)],
  ])('names the file that is %s', async (_, bytes) => {
    await expect(decodeImage(bytes, 'cat/broken.png')).rejects.toMatchObject({
      name: 'ImageFailure',
      reason: 'corrupt',
      path: 'cat/broken.png',
    });
  });

  it('names the file that is cut short', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 251));
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    const half = jpeg.subarray(0, jpeg.length / 2);
    await expect(decodeImage(half, 'half.jpg')).rejects.toMatchObject({
      reason: 'corrupt',
      path: 'half.jpg',
    });
  });
});

// The first digits of the SHA-256 of Pillow 13.0's `convert('RGB')` of the same files.
describe.each([
  ['usual.jpg', '41da777431123574'],
  ['progressive.jpg', 'f111def38b5aa0bd'],
  ['grey.jpg', '3b02538c7dfc7284'],
  ['palette.png', '19a015374dc935ae'],
  ['cmyk.jpg', '76a22ed516d6a26b'],
])('%s', (name, wanted) => {
  it('is decoded as Pillow does, to the bit', async () => {
    const bytes = await readFile(referencePath(`decode/${name}`)!);
    const { data } = await decodeImage(bytes, name, { ...usualDecoding, cmyk: 'simple' });
    expect(createHash('sha256').update(data).digest('hex').slice(0, 16)).toBe(wanted);
  });
});

describe('what a study may ask for', () => {
  const first = (data: Uint8Array) => [...data.subarray(0, 3)];

  it('CMYK by a profile is another red than the simple one', async () => {
    const bytes = await readFile(referencePath('decode/cmyk.jpg')!);
    const [profile, simple] = await Promise.all(
      (['profile', 'simple'] as const).map((cmyk) => decodeImage(bytes, 'a', { ...usualDecoding, cmyk })),
    );
    expect(profile!.data).not.toEqual(simple!.data);
    expect([profile!.width, simple!.width]).toEqual([61, 61]);
  });

  it('EXIF turns the image', async () => {
    const turned = await picture().withMetadata({ orientation: 6 }).png().toBuffer();
    const image = await decodeImage(turned, 'turned.png', { ...usualDecoding, exif: 'apply' });
    // A quarter turn clockwise: the lower left pixel comes to the upper left.
    expect([image.width, image.height, first(image.data)]).toEqual([2, 3, [10, 20, 30]]);
  });

  it('what can be read of a damaged image is kept, what is none is not', async () => {
    const bytes = await readFile(referencePath('decode/usual.jpg')!);
    const whole = await decodeImage(bytes, 'whole.jpg');
    const most = bytes.subarray(0, (3 * bytes.length) / 4);
    const kept = await decodeImage(most, 'most.jpg', { ...usualDecoding, damaged: 'keep' });
    expect([kept.width, kept.height]).toEqual([61, 43]);
    const rows = 61 * 3 * 8;
    expect(Buffer.compare(kept.data.subarray(0, rows), whole.data.subarray(0, rows))).toBe(0);
    expect(Buffer.compare(kept.data, whole.data)).not.toBe(0);
    await expect(
      decodeImage(bytes.subarray(0, 40), 'none.jpg', { ...usualDecoding, damaged: 'keep' }),
    ).rejects.toMatchObject({ path: 'none.jpg' });
  });
});

describe('as torchvision’s loader has it', () => {
  it('a name does not matter', async () => {
    const image = await decodeImage(await picture().png().toBuffer(), 'n02105855_2933.JPEG');
    expect(Buffer.from(image.data).equals(pixels)).toBe(true);
  });

  it('of an animation the first picture is taken', async () => {
    const frames = Buffer.concat([Buffer.alloc(4 * 4 * 3, 255), Buffer.alloc(4 * 4 * 3, 0)]);
    const gif = await sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif).metadata()).pages).toBe(2);
    const image = await decodeImage(gif, 'moving.gif');
    expect([image.width, image.height, image.data[0]]).toEqual([4, 4, 255]);
  });

  it('a PNG whose data is damaged is a failure', async () => {
    const png = await sharp(Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 251)), {
      raw: { width: 40, height: 25, channels: 3 },
    })
      .png()
      .toBuffer();
    png[png.length >> 1]! ^= 0x55;
    await expect(decodeImage(png, 'spoilt.png')).rejects.toMatchObject({
      reason: 'corrupt',
      path: 'spoilt.png',
    });
  });
});
