export interface Repetition {
  /** How often each image is seen, each time changed otherwise (Hoffer et al. 2020; Touvron et al. 2021). */
  readonly repeats: number;
  /** Processes that share an epoch, and which of them this is. Default: one, the first. */
  readonly replicas?: number;
  readonly rank?: number;
}

/** Epochs are cut to a multiple of this, as the published sampler does. */
const multiple = 256;

/**
 * Repeated augmentation's epoch, as torchvision's `RASampler` has it: each image of `order` `repeats` times in a row, dealt
 * to the replicas in turn, and cut to as many as an epoch without repetition would have, rounded down to a multiple of
 * 256. The epoch thus costs the same, and sees a third (a fourth, …) of the images. Sets of less than 256 images, of
 * which the published rule leaves none, are not rounded.
 *
 * @returns draws: the k-th repetition of image i of n stands as `i + k n`, so that each has random changes of its own.
 */
export function repeatedOrder(
  order: Int32Array,
  { repeats, replicas = 1, rank = 0 }: Repetition,
): Int32Array<ArrayBuffer> {
  const images = order.length;
  const total = Math.ceil((images * repeats) / replicas) * replicas;
  const whole = images < multiple ? images : images - (images % multiple);
  return Int32Array.from({ length: Math.floor(whole / replicas) }, (_, position) => {
    // What lacks to a full last deal is taken from the beginning.
    const at = ((position * replicas + rank) % total) % (images * repeats);
    return order[Math.floor(at / repeats)]! + (at % repeats) * images;
  });
}
