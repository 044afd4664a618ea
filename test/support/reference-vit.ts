import type { Network } from '../../vision/models/network.ts';
import { buildVit } from '../../vision/models/vit.ts';

/** What a reference case says of its vision transformer, in torchvision's words. */
export interface VitCase {
  readonly kwargs: {
    readonly image_size: number;
    readonly patch_size: number;
    readonly num_layers: number;
    readonly num_heads: number;
    readonly hidden_dim: number;
    readonly mlp_dim: number;
    readonly num_classes: number;
  };
}

export function referenceVit(kwargs: VitCase['kwargs']): Network {
  const shape = {
    imageSide: kwargs.image_size,
    patch: kwargs.patch_size,
    layers: kwargs.num_layers,
    heads: kwargs.num_heads,
    width: kwargs.hidden_dim,
    mlpWidth: kwargs.mlp_dim,
  };
  return buildVit(shape, kwargs.num_classes);
}
