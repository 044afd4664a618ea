/** The pixels an object covers, and those that count at all. Both have height * width entries, 1 for yes. */
export interface GroundTruth {
  readonly inside: Uint8Array;
  readonly counted: Uint8Array;
  /** How many counted pixels lie inside. */
  readonly insideCount: number;
  readonly countedCount: number;
}

/** What becomes of the void border (255) of a segmentation: background by default, or left out of all sums. */
export type VoidHandling = 'background' | 'ignored';

/** Reads a mask of 0 background, 255 void, and any index between them for foreground. */
export function groundTruth(mask: ArrayLike<number>, voidHandling: VoidHandling = 'background'): GroundTruth {
  const inside = new Uint8Array(mask.length);
  const counted = new Uint8Array(mask.length);
  let insideCount = 0;
  let countedCount = 0;
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i]!;
    if (value === 255 && voidHandling === 'ignored') continue;
    counted[i] = 1;
    countedCount++;
    if (value === 0 || value === 255) continue;
    inside[i] = 1;
    insideCount++;
  }
  return { inside, counted, insideCount, countedCount };
}
