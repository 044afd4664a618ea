import type { ImageSet, Raster } from './image-set.ts';

/**
 * The same set, with decoded images kept in memory up to `maxBytes`, so that epochs after the first decode nothing.
 * A set that does not fit keeps its first images: evicting the oldest would make every epoch start cold again.
 */
export function keepImages(set: ImageSet, { maxBytes }: { readonly maxBytes: number }): ImageSet {
  const kept = new Map<number, Promise<Raster>>();
  let bytes = 0;
  const keep = async (index: number): Promise<Raster> => {
    const image = await set.image(index);
    bytes += image.data.length;
    if (bytes > maxBytes) {
      bytes -= image.data.length;
      kept.delete(index);
    }
    return image;
  };
  return {
    ...set,
    image: (index) => {
      const known = kept.get(index);
      if (known !== undefined) return known;
      if (bytes >= maxBytes) return set.image(index);
      const image = keep(index);
      kept.set(index, image);
      image.catch(() => kept.delete(index));
      return image;
    },
  };
}
