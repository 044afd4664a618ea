import { describe, expect, it } from 'vitest';
import { buildCifarResNet } from '../../../vision/models/cifar-resnet.ts';
import { compileForward } from '../../../vision/models/compile-forward.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { expectNoLeak } from '../../support/leaks.ts';
import { seeded } from '../../support/numeric-gradient.ts';
import { hashFilledState, relativeError } from '../../support/reference-network.ts';
import { liveNetwork } from './small-networks.ts';

await useTestBackend();

const shape = { layers: [1, 1, 1, 1], base: 8, dilate: [false, false, true] } as const;
const networks = {
  'a ResNet of basic blocks': buildResNet({ ...shape, block: 'basic', dilate: [false, false, false] }, 7),
  'a dilated ResNet of bottlenecks': buildResNet({ ...shape, block: 'bottleneck' }, 7),
  'a CIFAR ResNet': buildCifarResNet({ layers: [2, 2, 2], base: 8 }, 7),
};
// So many that a graph is worth it.
const runs = 1000;

async function expectAgreement(
  { network, state }: { readonly network: Network; readonly state: State },
  { side, until }: { readonly side: number; readonly until: string },
): Promise<void> {
  await expectNoLeak(() => {
    const compiled = compileForward(network, { state, shape: [4, side, side, 3], runs, until });
    for (const batch of [4, 1, 3, 4]) {
      const input = seeded([batch, side, side, 3], batch);
      const expected = network.forward({ state, input, until });
      const actual = compiled.run(input);
      expect(actual.shape).toEqual(expected.shape);
      expect(relativeError(actual.dataSync(), expected.dataSync())).toBeLessThan(1e-5);
      tf.dispose([input, expected, actual]);
    }
    compiled.dispose();
  });
  disposeState(state);
}

describe.each(Object.entries(networks))('%s, compiled', (_name, network) => {
  it.each(['head', 'layer2'])('agrees with the plain forward pass up to stage %s', async (until) => {
    await expectAgreement({ network, state: hashFilledState(network, 1) }, { side: 40, until });
  });
});

describe.each(['vit_mini_4', 'swin_v2_mini'])('%s, compiled', (name) => {
  it('agrees with the plain forward pass', async () => {
    const live = liveNetwork(name);
    await expectAgreement(live, { side: 32, until: live.network.stages.at(-1)! });
  });
});
