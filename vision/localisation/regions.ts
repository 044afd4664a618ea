/** Background and void border of a mask in memory; whatever lies between them is an index of classes or objects. */
const [background, border] = [0, 255];

/** The same mask with all foreground but one index turned into background. */
export function regionOf(mask: Uint8Array, index: number): Uint8Array {
  return mask.map((value) => (value === index || value === border ? value : background));
}

/** The indices that occur in a mask, ascending; background and void border are none. */
export function indicesIn(mask: Uint8Array): readonly number[] {
  return [...new Set(mask)].filter((value) => value !== background && value !== border).sort((a, b) => a - b);
}
