import { readFile } from 'node:fs/promises';

/** Widest side of an embedded image in pixels: twice what the page shows, for sharp screens and print. */
const widest = 208;

/**
 * A PNG file as a data URI. Small files go in as they are; larger ones are reduced, since a paper's report shows hundreds
 * and has to open on a laptop.
 */
export async function embedImage(file: string): Promise<{ readonly uri: string; readonly side: number }> {
  const bytes = await readFile(file);
  const side = Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)); // IHDR: width, height
  if (side <= widest) return { uri: `data:image/png;base64,${bytes.toString('base64')}`, side };
  const { default: sharp } = await import('sharp');
  const reduced = await sharp(bytes)
    .resize(widest, widest, { fit: 'inside' })
    .webp({ quality: 84 })
    .toBuffer();
  return { uri: `data:image/webp;base64,${reduced.toString('base64')}`, side };
}
