import { boxIou } from './box-iou.ts';
import type { PixelBox } from './pixel-box.ts';

/** How well one found box matches an image's objects. */
export interface Match {
  /** Largest IoU with any ground-truth box; 0 where nothing was found. */
  readonly iou: number;
  /** Whether that IoU reaches the threshold. */
  readonly isHit: boolean;
}

/**
 * Matches a found box (undefined: none found) with all boxes of an image; undefined where the image has none. CorLoc is
 * 100 x hits / images (Siméoni et al. 2021, section 4.1); the mean of the IoUs is the paper's eq. 3.
 */
export function matchBox(
  found: PixelBox | undefined,
  truth: readonly PixelBox[],
  threshold = 0.5,
): Match | undefined {
  if (truth.length === 0) return undefined;
  if (found === undefined) return { iou: 0, isHit: false };
  const iou = Math.max(...truth.map((box) => boxIou(found, box)));
  return { iou, isHit: iou >= threshold };
}
