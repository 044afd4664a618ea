import type { ImageAccess, ImageSet } from './image-set.ts';
import type { ImageSource } from './image-source.ts';
import { keepInputs } from './keep-inputs.ts';
import { type KeepBudget, KeepRoom } from './keep-room.ts';
import type { Raster } from './raster.ts';

export interface KeptImages {
  readonly set: ImageSet;
  /** Gives the memory back. The set goes on working, and keeps nothing from then on. */
  readonly forget: () => void;
}

/**
 * The same set, with images kept in memory up to `maxBytes` and while the budget lasts, so that what follows the first pass
 * decodes nothing: as decoded for whoever asks for images, as inputs for evaluations (`KeptInputs`). A set that does not fit keeps its
 * first images: evicting the oldest would make every pass start cold again.
 */
export function keepImages(
  set: ImageSet,
  { maxBytes, budget }: { readonly maxBytes: number; readonly budget: KeepBudget },
): KeptImages {
  const room = new KeepRoom({ maxBytes, budget });
  const decoding = new Map<number, Promise<Raster>>();
  const decoded = new Map<number, Raster>();
  /** Bytes of the image that did not fit; while there is no room for such a one, none is tried. */
  let refused = 1;
  const keep = async (index: number): Promise<Raster> => {
    const image = await set.image(index);
    const size = image.data.length;
    if (!room.take(size)) {
      refused = size;
      decoding.delete(index);
      return image;
    }
    const kept = shared(image);
    decoded.set(index, kept);
    return kept;
  };
  const image = (index: number): Promise<Raster> => {
    const known = decoding.get(index);
    if (known !== undefined) return known;
    if (!room.has(refused)) return set.image(index);
    const started = keep(index);
    decoding.set(index, started);
    started.catch(() => decoding.delete(index));
    return started;
  };
  const source = async (index: number): Promise<ImageSource> => {
    if (set.source !== undefined && !room.has(refused) && !decoding.has(index)) return set.source(index);
    return { kind: 'raster', raster: await image(index) };
  };
  const from: ImageAccess = {
    image: (index) => decoding.get(index) ?? set.image(index),
    source: async (index) => {
      const kept = decoded.get(index);
      if (kept === undefined && set.source !== undefined) return set.source(index);
      return { kind: 'raster', raster: kept ?? (await set.image(index)) };
    },
  };
  const { inputs, forget: forgetInputs } = keepInputs({
    from,
    room,
    decoded: (index) => decoded.get(index),
  });
  const forget = (): void => {
    decoding.clear();
    decoded.clear();
    forgetInputs();
    room.close();
  };
  return { set: { ...set, image, source, inputs }, forget };
}

/** The same pixels in memory that threads can read, too. */
function shared(image: Raster): Raster {
  const data = new Uint8Array(new SharedArrayBuffer(image.data.length));
  data.set(image.data);
  return { ...image, data };
}
