import type { Network } from '../../../vision/models/network.ts';
import type { ResNetShape } from '../../../vision/models/resnet-layout.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import type { Extent } from '../../../vision/models/swin-v2-layout.ts';
import { buildSwinV2 } from '../../../vision/models/swin-v2.ts';
import { buildVit } from '../../../vision/models/vit.ts';

/** The JSON half of a small network's reference case. */
export interface MiniCase {
  readonly input_shape: readonly number[];
  readonly label_smoothing: number;
  readonly loss_eval: number;
  readonly loss_train: number;
  readonly keys: readonly (readonly [string, readonly number[], string])[];
}

/** A reference case with the arguments of the class in torchvision that made it. */
export type MiniNetwork =
  | {
      readonly kind: 'resnet_basic' | 'resnet_bottleneck';
      readonly kwargs: {
        readonly layers: ResNetShape['layers'];
        readonly base: number;
        readonly num_classes: number;
        readonly dilate?: ResNetShape['dilate'];
      };
    }
  | {
      readonly kind: 'vit';
      readonly kwargs: {
        readonly image_size: number;
        readonly patch_size: number;
        readonly num_layers: number;
        readonly num_heads: number;
        readonly hidden_dim: number;
        readonly mlp_dim: number;
        readonly num_classes: number;
        readonly representation_size?: number;
      };
    }
  | {
      readonly kind: 'swin_v2';
      readonly kwargs: {
        readonly patch_size: Extent;
        readonly embed_dim: number;
        readonly depths: readonly number[];
        readonly num_heads: readonly number[];
        readonly window_size: Extent;
        readonly num_classes: number;
        readonly mlp_ratio?: number;
      };
    };

/** What a case says of its vision transformer. */
export type VitCase = Pick<Extract<MiniNetwork, { kind: 'vit' }>, 'kwargs'>;

export function buildMini(mini: MiniNetwork): Network {
  switch (mini.kind) {
    case 'resnet_basic':
    case 'resnet_bottleneck': {
      const { layers, base, num_classes: classes, dilate = [false, false, false] } = mini.kwargs;
      const block = mini.kind === 'resnet_basic' ? 'basic' : 'bottleneck';
      return buildResNet({ block, layers, base, dilate }, classes);
    }
    case 'vit': {
      const { image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim } = mini.kwargs;
      const { num_classes, representation_size } = mini.kwargs;
      const sizes = { imageSide: image_size, patch: patch_size, layers: num_layers, heads: num_heads };
      const widths = { width: hidden_dim, mlpWidth: mlp_dim };
      const representation = representation_size === undefined ? {} : { representation: representation_size };
      return buildVit({ ...sizes, ...widths, ...representation }, num_classes);
    }
    case 'swin_v2': {
      const { patch_size, embed_dim, depths, num_heads, window_size, num_classes, mlp_ratio } = mini.kwargs;
      const sizes = { patch: patch_size, width: embed_dim, depths, heads: num_heads, window: window_size };
      return buildSwinV2(
        { ...sizes, ...(mlp_ratio === undefined ? {} : { mlpRatio: mlp_ratio }) },
        num_classes,
      );
    }
  }
}
