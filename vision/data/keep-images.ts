import type { ImageSet } from './image-set.ts';
import type { ImageSource } from './image-source.ts';
import type { Raster } from './raster.ts';

/** Memory that several sets share for what they keep. */
export interface KeepBudget {
  bytesLeft: number;
}

export interface KeptImages {
  readonly set: ImageSet;
  /** Gives the memory back. The set goes on working, and keeps nothing from then on. */
  readonly forget: () => void;
}

/**
 * The same set, with decoded images kept in memory up to `maxBytes` and while the budget lasts, so that epochs after the
 * first decode nothing. A set that does not fit keeps its first images: evicting the oldest would make every epoch
 * start cold again.
 */
export function keepImages(
  set: ImageSet,
  { maxBytes, budget }: { readonly maxBytes: number; readonly budget: KeepBudget },
): KeptImages {
  const kept = new Map<number, Promise<Raster>>();
  let bytes = 0;
  let open = true;
  /** Bytes of the image that did not fit; while there is no room for such a one, none is tried. */
  let refused = 1;
  const fits = (size: number): boolean => open && bytes + size <= maxBytes && size <= budget.bytesLeft;
  const keep = async (index: number): Promise<Raster> => {
    const image = await set.image(index);
    const size = image.data.length;
    if (!fits(size)) {
      refused = size;
      kept.delete(index);
      return image;
    }
    bytes += size;
    budget.bytesLeft -= size;
    return shared(image);
  };
  const image = (index: number): Promise<Raster> => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    if (!fits(refused)) return set.image(index);
    const decoding = keep(index);
    kept.set(index, decoding);
    decoding.catch(() => kept.delete(index));
    return decoding;
  };
  const forget = (): void => {
    open = false;
    kept.clear();
    budget.bytesLeft += bytes;
    bytes = 0;
  };
  const source = async (index: number): Promise<ImageSource> => {
    if (set.source !== undefined && !fits(refused) && !kept.has(index)) return set.source(index);
    return { kind: 'raster', raster: await image(index) };
  };
  return { set: { ...set, image, source }, forget };
}

/** The same pixels in memory that threads can read, too. */
function shared(image: Raster): Raster {
  const data = new Uint8Array(new SharedArrayBuffer(image.data.length));
  data.set(image.data);
  return { ...image, data };
}
