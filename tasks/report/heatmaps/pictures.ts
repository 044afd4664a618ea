import { readFile } from 'node:fs/promises';

/** A picture within the page. */
export interface Embedded {
  readonly uri: string;
  /** Its longer side as it was stored, in pixels. */
  readonly side: number;
}

export interface Pictures {
  readonly of: (file: string) => Embedded;
  /** The longest side that a picture has here, in pixels, where any had to be reduced to it. */
  readonly reducedTo: number | undefined;
  /** Characters that they take in the page. */
  readonly size: number;
}

interface Level {
  readonly widest: number;
  /** Of WebP, 0 to 100. */
  readonly quality: number;
}

/** From what looks best to what takes least. The first is twice what the grid shows, for sharp screens and print. */
const levels: readonly [Level, ...Level[]] = [
  { widest: 208, quality: 84 },
  { widest: 208, quality: 60 },
  { widest: 160, quality: 60 },
  { widest: 128, quality: 55 },
  { widest: 96, quality: 50 },
  { widest: 64, quality: 40 },
];

/** So many pictures tell what a level would come to. */
const sampled = 24;

/**
 * PNG files as data URIs, as good as `budget` characters allow for all of them together: a paper's report shows a thousand and has to open
 * on a laptop. Undefined where the least level takes more. The same files give the same pictures.
 */
export async function embedPictures(files: readonly string[], budget: number): Promise<Pictures | undefined> {
  for (const level of levels) {
    const sample = files.filter((_, i) => i % Math.ceil(files.length / sampled) === 0);
    if ((sizeOf(await embedAll(sample, level)) / sample.length) * files.length > budget) continue;
    const pictures = await embedAt(files, level);
    if (pictures.size <= budget) return pictures;
  }
  return undefined;
}

/** The same at the least level, whatever it takes. */
export async function embedSmallest(files: readonly string[]): Promise<Pictures> {
  return embedAt(files, levels.at(-1)!);
}

async function embedAt(files: readonly string[], level: Level): Promise<Pictures> {
  const embedded = await embedAll(files, level);
  const byFile = new Map(files.map((file, i) => [file, embedded[i]!]));
  const isReduced = embedded.some(({ side }) => side > level.widest);
  return {
    of: (file) => byFile.get(file)!,
    reducedTo: isReduced ? level.widest : undefined,
    size: sizeOf(embedded),
  };
}

async function embedAll(files: readonly string[], level: Level): Promise<readonly Embedded[]> {
  const together = 16;
  const embedded: Embedded[] = [];
  for (let at = 0; at < files.length; at += together)
    embedded.push(...(await Promise.all(files.slice(at, at + together).map((file) => embed(file, level)))));
  return embedded;
}

/** At the first level small files go in as they are; below it they keep every pixel, in WebP's lossless form. */
async function embed(file: string, level: Level): Promise<Embedded> {
  const bytes = await readFile(file);
  const side = Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)); // IHDR: width, height
  if (level === levels[0] && side <= level.widest)
    return { uri: `data:image/png;base64,${bytes.toString('base64')}`, side };
  const { default: sharp } = await import('sharp');
  const reduced = await sharp(bytes)
    .resize(level.widest, level.widest, { fit: 'inside', withoutEnlargement: true })
    .webp(side <= 64 ? { lossless: true } : { quality: level.quality })
    .toBuffer();
  return { uri: `data:image/webp;base64,${reduced.toString('base64')}`, side };
}

function sizeOf(embedded: readonly Embedded[]): number {
  return embedded.reduce((sum, { uri }) => sum + uri.length, 0);
}
