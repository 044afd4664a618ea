import { sizeOf } from '../models/layout.ts';

/** What is known of a layer's masks without looking at them. */
export interface LayerStanding {
  readonly name: string;
  readonly shape: readonly number[];
  /** How many of its weights are masked; undefined where only the total of all such layers is known. */
  readonly pruned: number | undefined;
}

/**
 * What is known of a model's masks before they are there: enough to promise its sparsity. Methods that rank layers
 * together leave only their total known, those that treat each layer by itself leave each layer's number known.
 */
export interface Standing {
  readonly layers: readonly LayerStanding[];
  /** Masked weights of the layers of unknown `pruned` together, if that is known. */
  readonly pooled: number | undefined;
  /** Whole slices alone are masked along this dimension: 0 filters, 1 input channels. */
  readonly slices?: 0 | 1;
}

/** A layer that nothing has pruned. */
export function denseLayer({ name, shape }: Omit<LayerStanding, 'pruned'>): LayerStanding {
  return { name, shape, pruned: 0 };
}

export function totalOf({ layers }: Standing): number {
  return layers.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** Masked weights of all layers; undefined where it is not known. */
export function prunedOf({ layers, pooled }: Standing): number | undefined {
  const known = layers.reduce((sum, { pruned = 0 }) => sum + pruned, 0);
  return layers.some(isPooled) ? pooled && known + pooled : known;
}

/** The standing of some of the layers. */
export function standingOf(standing: Standing, names: ReadonlySet<string>): Standing {
  const layers = standing.layers.filter(({ name }) => names.has(name));
  const inside = layers.filter(isPooled).length;
  const all = standing.layers.filter(isPooled).length;
  // Of a part of those that are known together, nothing is known.
  return { ...standing, layers, pooled: inside === 0 ? 0 : inside === all ? standing.pooled : undefined };
}

/** The standing after some of the layers came to stand otherwise. */
export function withPart(whole: Standing, part: Standing): Standing {
  const changed = new Map(part.layers.map((layer) => [layer.name, layer]));
  const rest = standingOf(
    whole,
    new Set(whole.layers.map(({ name }) => name).filter((n) => !changed.has(n))),
  );
  const layers = whole.layers.map((layer) => changed.get(layer.name) ?? layer);
  const pooled =
    rest.pooled === undefined || part.pooled === undefined ? undefined : rest.pooled + part.pooled;
  const isDense = rest.layers.every(({ pruned }) => pruned === 0);
  const slices = isDense || rest.slices === part.slices ? part.slices : undefined;
  return { layers, pooled, ...(slices === undefined ? {} : { slices }) };
}

/** The layers, of which no more than their total is known. */
export function pooledLayers(layers: readonly LayerStanding[], pooled: number | undefined): Standing {
  return { layers: layers.map((layer) => ({ ...layer, pruned: undefined })), pooled };
}

function isPooled({ pruned }: LayerStanding): boolean {
  return pruned === undefined;
}
