import type { Preprocessing } from '../models/model-entry.ts';
import type { ImageAccess, KeptInputs, Pixels } from './image-set.ts';
import type { WantedInput } from './make-inputs.ts';

export interface MakeKeptRequest {
  readonly kept: KeptInputs;
  /** Not zero where the consumer has left: then inputs may be missing, and none is kept. */
  readonly dropped: Int32Array;
  readonly make: (inputs: readonly WantedInput[], from: ImageAccess) => Promise<Float32Array>;
}

/** Makes inputs of what is kept of earlier passes, and keeps what else it makes, while there is room. */
export async function makeKept(
  inputs: readonly WantedInput[],
  { kept, dropped, make }: MakeKeptRequest,
): Promise<Float32Array> {
  const reserved: { readonly index: number; readonly pixels: Pixels }[] = [];
  const wanted = inputs.map((input): WantedInput => {
    const { index, request } = input;
    const image = kept.get(index);
    if (image !== undefined)
      return { ...input, image, request: { ...request, preprocessing: asItIs(request.preprocessing) } };
    const keep = kept.reserve(index);
    if (keep === undefined) return input;
    reserved.push({ index, pixels: keep });
    return { ...input, request: { ...request, keep } };
  });
  let isFilled = false;
  try {
    const images = await make(wanted, kept.from);
    isFilled = Atomics.load(dropped, 0) === 0;
    return images;
  } finally {
    for (const { index, pixels } of reserved) {
      if (isFilled) kept.put(index, pixels);
      else kept.giveBack(pixels);
    }
  }
}

/** For what has gone through the rest already. */
function asItIs({ resize: _done, ...rest }: Preprocessing): Preprocessing {
  return rest;
}
