import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../vision/data/decode.ts';

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
