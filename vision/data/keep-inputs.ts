import type { Preprocessing } from '../models/model-entry.ts';
import type { ImageAccess, KeptInputs, Pixels } from './image-set.ts';
import type { KeepRoom } from './keep-room.ts';
import type { Raster } from './raster.ts';

export interface KeepInputsRequest {
  /** What becomes of `KeptInputs.from`. */
  readonly from: ImageAccess;
  readonly room: KeepRoom;
  /** An image that is kept decoded. */
  readonly decoded: (index: number) => Raster | undefined;
}

/** Keeps inputs of every geometry that is asked for, while there is room. */
export function keepInputs(request: KeepInputsRequest): {
  readonly inputs: (preprocessing: Preprocessing) => KeptInputs;
  readonly forget: () => void;
} {
  const byGeometry = new Map<string, Map<number, Raster>>();
  const inputs = (preprocessing: Preprocessing): KeptInputs => {
    const { resize = null, crop, interpolation } = preprocessing;
    const key = JSON.stringify([resize, crop, interpolation]);
    const kept = byGeometry.get(key) ?? new Map<number, Raster>();
    byGeometry.set(key, kept);
    return ofGeometry(kept, preprocessing, request);
  };
  return { inputs, forget: () => byGeometry.forEach((kept) => kept.clear()) };
}

function ofGeometry(
  kept: Map<number, Raster>,
  { resize, crop }: Preprocessing,
  request: KeepInputsRequest,
): KeptInputs {
  const { from, room, decoded } = request;
  const size = crop * crop * 3;
  const giveBack = (pixels: Pixels): void => room.giveBack(pixels.length);
  return {
    from,
    get: (index) => kept.get(index),
    reserve: (index) => {
      const image = decoded(index);
      const isInput = (resize ?? crop) === crop && image?.width === crop && image.height === crop;
      return isInput || !room.take(size) ? undefined : new Uint8Array(new SharedArrayBuffer(size));
    },
    put: (index, data) => {
      // Not where all was forgotten meanwhile: nothing counts its memory any more.
      if (kept.has(index) || room.isClosed) giveBack(data);
      else kept.set(index, { width: crop, height: crop, data });
    },
    giveBack,
  };
}
