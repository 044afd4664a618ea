import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionMethodNamed } from '../../../vision/attribution/methods.ts';
import { networkGradients } from '../../../vision/attribution/network-gradients.ts';
import { relevanceRules } from '../../../vision/attribution/relevance/rule-names.ts';
import {
  epsilonRule,
  flatRule,
  plusRule,
  signedPlusRule,
  type LinearLayer,
} from '../../../vision/attribution/relevance/rules.ts';
import { modelNamed } from '../../../vision/models/registry.ts';
import type { State } from '../../../vision/models/network.ts';
import { matrixProduct, tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { referencePath } from '../../support/reference-case.ts';
import { liveNetwork } from '../models/small-networks.ts';
import { channelsLast, referenceNetwork, referenceShapes } from './reference-resnet.ts';

beforeAll(async () => {
  await useTestBackend();
});

describe('rules by hand', () => {
  // Two inputs, two outputs: z = (1 x 1 + 2 x -1 + 2, 1 x 3 + 2 x 1 + 0) = (1, 5).
  const share = (rule: typeof epsilonRule, x: readonly number[]): number[] =>
    tf.tidy(() => {
      const layer: LinearLayer = {
        kernel: tf.tensor2d([1, 3, -1, 1], [2, 2]),
        bias: tf.tensor1d([2, 0]),
        map: (input, kernel) => matrixProduct(input, kernel),
        transposed: (dz, kernel) => matrixProduct(dz, kernel, { transposeB: true }),
      };
      const input = tf.tensor2d([...x], [1, 2]);
      const z = tf.add(layer.map(input, layer.kernel), layer.bias);
      const relevance = tf.tensor2d([3, 10], [1, 2]);
      return [...rule({ x: input, z, relevance, layer, epsilon: 0 }).dataSync()];
    });
  const near = (found: number[], expected: readonly number[]): void => {
    expected.forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 5);
    });
  };

  it('epsilon: by what each input puts in', () => {
    near(share(epsilonRule, [1, 2]), [1 * 3 + 0.6 * 10, -2 * 3 + 0.4 * 10]);
  });
  it('z+: by what speaks for an output, its bias among it', () => {
    near(share(plusRule, [1, 2]), [(1 / 3) * 3 + 0.6 * 10, 0.4 * 10]);
  });
  it('z+ of both signs: negative inputs by negative weights', () => {
    near(share(signedPlusRule, [1, 2]), [(1 / 3) * 3 + 0.6 * 10, 0.4 * 10]);
    // z+ = (1 + 2 + 2, 3): the second input speaks for the first output, and against the second.
    near(share(signedPlusRule, [1, -2]), [(1 / 5) * 3 + 10, (2 / 5) * 3]);
  });
  it('flat: evenly', () => {
    near(share(flatRule, [1, 2]), [6.5, 6.5]);
  });
});

describe('relevance', () => {
  const side = 32;
  const images = {
    ...{ count: 2, height: side, width: side },
    data: Float32Array.from({ length: 2 * side * side * 3 }, (_, i) => Math.sin(i * 0.7) + 0.3),
  };

  it.each(['resnet8'])('of %s without biases is conserved but for captum', async (name) => {
    const { network, state } = withoutBiases(name);
    using gradients = networkGradients({ network, state, cam: { stage: modelNamed(name)!.camStage } });
    for (const rule of relevanceRules) {
      const before = tf.memory().numTensors;
      const options = { relevance_rule: rule, relevance_epsilon: 1e-9 };
      const { convergenceDelta, logits } = await attributionMethodNamed('lrp')!.explain({
        ...{ network: gradients, images, targets: 'predicted', options, keys: [0, 1] },
      });
      const highest = Math.max(...logits.data.subarray(0, logits.classes));
      const missed = Math.abs(convergenceDelta![0]!) / highest;
      if (rule === 'captum') expect(missed).toBeGreaterThan(0.1);
      else expect(missed).toBeLessThan(2e-3);
      expect(tf.memory().numTensors).toBe(before);
    }
    disposeState(state);
  });
});

/** A fresh network whose every norm and dense layer adds nothing. */
function withoutBiases(name: string): ReturnType<typeof liveNetwork> {
  const { network, state } = liveNetwork(name);
  const cleared: State = new Map(
    [...state].map(([key, tensor]) => {
      if (!key.endsWith('bias') && !key.endsWith('running_mean')) return [key, tensor];
      tensor.dispose();
      return [key, tf.zeros(tensor.shape)];
    }),
  );
  return { network, state: cleared };
}

/**
 * Sums over each image of R, |R| and R x, by zennit 0.5.1 in float64 with its ResNet canonizer (the norms' own epsilon, which
 * that leaves behind after merging, set to zero).
 */
const byZennit: Readonly<Record<string, Readonly<Record<string, readonly (readonly number[])[]>>>> = {
  resnet_basic: {
    'epsilon-plus': [
      [0.0979775556, 0.353560163, 0.483461691],
      [0.317914221, 0.451024359, 0.750942584],
      [0.0229987758, 0.0853141305, 0.268768204],
    ],
    'epsilon-plus-flat': [
      [0.0991384465, 0.35813998, 0.486794115],
      [0.312333303, 0.452820827, 0.750520766],
      [0.0102471676, 0.040544272, 0.117396537],
    ],
    epsilon: [
      [0.216526551, 0.368950878, 0.530179234],
      [22.1066141, 17.0358315, 17.1439808],
      [-0.288097928, -0.0461141513, 0.598879727],
    ],
  },
  resnet_bottleneck: {
    'epsilon-plus': [
      [0.323592208, 0.194232266],
      [0.325250583, 0.199777957],
      [0.0390743616, 0.0175312415],
    ],
    'epsilon-plus-flat': [
      [0.32679806, 0.196921516],
      [0.327738261, 0.20140528],
      [0.0127668358, 0.00804424633],
    ],
    epsilon: [
      [0.171219007, 0.0468006732],
      [4.26146309, 3.81133787],
      [0.106558538, -0.146599846],
    ],
  },
};

describe.each(referenceShapes)('relevance of the reference $name', ({ name, shape, classes }) => {
  const file = `attribution/${name}.safetensors`;
  const isHere = referencePath(file) !== undefined;
  const reference = isHere ? referenceNetwork : undefined;
  let state: State | undefined;
  afterAll(() => {
    if (state !== undefined) disposeState(state);
  });

  it.runIf(isHere).each(Object.entries(byZennit[name]!))('by %s is what zennit says', async (rule, sums) => {
    const { tensors, ...rest } = reference!(file, shape, classes);
    state = rest.state;
    const input = tensors.get('input')!;
    const [count = 0, , height = 0, width = 0] = input.shape;
    const images = { count, height, width, data: channelsLast(input) };
    using network = networkGradients({ ...rest, cam: { stage: 'layer4' } });
    const targets = Int32Array.from(tensors.get('target')!.data, Number);
    const relevance = await network.relevance({
      ...{ images, targets, epsilon: 1e-6 },
      rule: rule as (typeof relevanceRules)[number],
    });
    const size = height * width * 3;
    for (let image = 0; image < count; image++) {
      const shares = relevance.gradients.slice(image * size, (image + 1) * size);
      const pixels = images.data.subarray(image * size, (image + 1) * size);
      const found = [
        (value: number) => value,
        Math.abs,
        (value: number, i: number) => value * pixels[i]!,
      ].map((of) => shares.reduce((sum, value, i) => sum + of(value, i), 0));
      found.forEach((sum, i) => {
        expect(Math.abs(sum - sums[i]![image]!) / Math.abs(sums[1]![image]!)).toBeLessThan(2e-5);
      });
    }
  });
});
