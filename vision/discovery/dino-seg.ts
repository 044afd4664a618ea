import { componentsOf } from './component.ts';
import type { Component, GridBox } from './component.ts';

export interface DinoSegRequest {
  /** Attention of the class token to each patch, by one head of the last layer, row by row over the grid. */
  readonly attention: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Share of the attention that the patches kept have together; default 0.6. */
  readonly mass?: number;
  /**
   * As LOST's code has it: the last component is never chosen, and where there is but one, the box is drawn around what
   * was *not* kept. Default false: the largest component.
   */
  readonly asPublished?: boolean;
}

/**
 * DINO-seg, the baseline that LOST is compared with (Siméoni et al. 2021, section 4.2; Caron et al. 2021): the box around
 * the largest 4-connected component of the most attended patches; of components of one size the first. Undefined where
 * no patch is kept.
 */
export function dinoSeg(request: DinoSegRequest): GridBox | undefined {
  const { rows, columns, asPublished = false } = request;
  const kept = mostAttended(request);
  const components = componentsOf({ isInside: (cell) => kept[cell] === 1, rows, columns });
  if (!asPublished) return largest(components)?.box;
  if (components.length > 1) return largest(components.slice(0, -1))!.box;
  const rest = componentsOf({ isInside: (cell) => kept[cell] === 0, rows, columns });
  return rest.map(({ box }) => box).reduce<GridBox | undefined>(around, undefined);
}

/** 1 for the patches that hold `mass` of the attention: in rising order, those behind the first 1 - mass of it. */
function mostAttended({ attention, mass = 0.6 }: DinoSegRequest): Uint8Array {
  const rising = Array.from(attention.keys()).sort((a, b) => attention[a]! - attention[b]! || a - b);
  let total = 0;
  for (const value of attention) total += value;
  const kept = new Uint8Array(attention.length);
  let sum = 0;
  for (const patch of rising) {
    sum += attention[patch]! / total;
    if (sum > 1 - mass) kept[patch] = 1;
  }
  return kept;
}

function largest(components: readonly Component[]): Component | undefined {
  return components.reduce<Component | undefined>(
    (most, next) => (most === undefined || next.size > most.size ? next : most),
    undefined,
  );
}

function around(a: GridBox | undefined, b: GridBox): GridBox {
  if (a === undefined) return b;
  return {
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}
