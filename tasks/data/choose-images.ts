/**
 * Which images of a set to take where only some are wanted: spread evenly over the listing, because listings are sorted
 * by class. All of them where `wanted` is undefined or more than there are.
 */
export function chooseImages(available: number, wanted: number | undefined): Int32Array<ArrayBuffer> {
  const count = Math.min(available, wanted ?? available);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * available) / count));
}
