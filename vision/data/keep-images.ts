import type { ImageSet, Raster } from './image-set.ts';

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
  const keep = async (index: number): Promise<Raster> => {
    const image = await set.image(index);
    const size = image.data.length;
    if (!open || bytes + size > maxBytes || size > budget.bytesLeft) {
      kept.delete(index);
    } else {
      bytes += size;
      budget.bytesLeft -= size;
    }
    return image;
  };
  const image = (index: number): Promise<Raster> => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    if (!open || bytes >= maxBytes || budget.bytesLeft <= 0) return set.image(index);
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
  return { set: { ...set, image }, forget };
}
