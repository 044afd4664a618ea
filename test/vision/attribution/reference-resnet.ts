import { referenceTensors } from '../../support/reference-case.ts';
import type { ReferenceTensor } from '../../support/reference-case.ts';
import { referenceState } from '../../support/reference-network.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import type { ResNetShape } from '../../../vision/models/resnet-layout.ts';
import type { Network, State } from '../../../vision/models/network.ts';

/** A small ResNet with the weights of a reference case. The caller disposes of the state. */
export interface ReferenceNetwork {
  readonly network: Network;
  readonly state: State;
  readonly tensors: ReadonlyMap<string, ReferenceTensor>;
}

export function referenceNetwork(file: string, shape: ResNetShape, classes: number): ReferenceNetwork {
  const tensors = referenceTensors(file);
  const network = buildResNet(shape, classes);
  return { network, state: referenceState(tensors, network), tensors };
}

/** [n, c, h, w] to [n, h, w, c], as plain values. */
export function channelsLast(tensor: ReferenceTensor): Float32Array<ArrayBuffer> {
  const [n = 0, c = 0, h = 0, w = 0] = tensor.shape;
  const out = new Float32Array(tensor.data.length);
  for (let image = 0; image < n; image++)
    for (let channel = 0; channel < c; channel++)
      for (let pixel = 0; pixel < h * w; pixel++)
        out[(image * h * w + pixel) * c + channel] = Number(
          tensor.data[(image * c + channel) * h * w + pixel],
        );
  return out;
}

/** The reference cases of small ResNets. */
export const referenceShapes: readonly {
  readonly name: string;
  readonly classes: number;
  readonly shape: ResNetShape;
}[] = [
  { name: 'resnet_basic', classes: 8, shape: small('basic', 6) },
  { name: 'resnet_bottleneck', classes: 6, shape: small('bottleneck', 4) },
];

function small(block: ResNetShape['block'], base: number): ResNetShape {
  return { block, layers: [1, 1, 1, 1], base, dilate: [false, false, false] };
}
