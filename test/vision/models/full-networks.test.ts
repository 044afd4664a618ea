import { beforeAll, describe, expect, it } from 'vitest';
import { modelNamed } from '../../../vision/models/registry.ts';
import { availableBackends, startBackend, type tf } from '../../../vision/tensors/index.ts';
import { disposeState } from '../../../vision/weights/state.ts';
import { hashFill } from '../../support/hash-fill.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import {
  channelsFirst,
  channelsLast,
  hashFilledState,
  relativeError,
} from '../../support/reference-network.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

beforeAll(async () => {
  if (tensorflow) await startBackend({ backend: 'tensorflow', threads: 1 });
});

interface FullCase {
  model_seed: number;
  input_seed: number;
  input_scale: number;
  /** Absent: two images of 224 pixels. */
  input_shape?: number[];
  argmax: number[];
  stages: Record<string, Stage>;
}

interface Stage {
  shape: number[];
  l2: number;
  idx: number[];
  values: number[];
}

/** Images [batch, channels, height, width] of a case, channels last. */
function images({
  input_shape = [2, 3, 224, 224],
  ...facts
}: Omit<FullCase, 'stages' | 'argmax'>): tf.Tensor4D {
  const count = input_shape.reduce((product, side) => product * side, 1);
  return channelsLast(hashFill({ seed: facts.input_seed, count, scale: facts.input_scale }), input_shape);
}

/** Norm and a dozen values of a stage, as the reference has them. */
function summary(value: tf.Tensor, { shape, idx }: Stage): { l2: number; values: number[] } {
  // Maps of convolutions are channels first in the reference; 7x7 and 56x56 maps have more or fewer channels than that.
  const values = value.shape.join() === shape.join() ? value.dataSync<'float32'>() : channelsFirst(value);
  return {
    l2: Math.sqrt(values.reduce((sum, each) => sum + each * each, 0)),
    values: idx.map((at) => values[at]!),
  };
}

const cases = ['resnet18_224', 'resnet50_224', 'vit_b_32_224', 'swin_v2_t_224', 'swin_v2_t_256'];
const here = cases.filter((name) => referencePath(`models/full_${name}.safetensors`) !== undefined);

describe.runIf(tensorflow)('full-size networks', () => {
  it.each(here)('%s gives the logits and the values of every stage', { timeout: 300_000 }, (name) => {
    const facts = referenceJson(`models/full_${name}.json`) as FullCase;
    const network = modelNamed(name.replace(/_\d+$/, ''))!.build({ classes: 1000 });
    const state = hashFilledState(network, facts.model_seed);
    const seen = new Set<string>();
    const logits = network.forward({
      state,
      input: images(facts),
      tap: (stage, value) => {
        const expected = facts.stages[stage];
        if (expected === undefined) return value;
        seen.add(stage);
        const { l2, values } = summary(value, expected);
        expect(l2 / expected.l2, stage).toBeCloseTo(1, 5);
        const largest = Math.max(...expected.values.map(Math.abs));
        values.forEach((each, index) =>
          expect(Math.abs(each - expected.values[index]!) / largest, stage).toBeLessThan(1e-5),
        );
        return value;
      },
    });
    // `avgpool`, which only the ResNets' cases have, lies within our last stage.
    expect([...seen].sort()).toEqual(
      Object.keys(facts.stages)
        .filter((stage) => stage !== 'avgpool')
        .sort(),
    );
    const expected = floats(referenceTensors(`models/full_${name}.safetensors`), 'expect/logits');
    expect(relativeError(logits.dataSync(), expected)).toBeLessThan(1e-5);
    expect([...(logits as tf.Tensor2D).argMax(1).dataSync()]).toEqual(facts.argmax);
    disposeState(state);
  });

  it.runIf(referencePath('models/full_resnet50_dilated_features.safetensors'))(
    'a ResNet-50 with a dilated last stage gives the map that LOST reads',
    { timeout: 300_000 },
    () => {
      const facts = referenceJson('models/full_resnet50_dilated_features.json') as FullCase & {
        stage_layer4: Stage;
      };
      const network = modelNamed('resnet50')!.build({ classes: 1000, dilation: 2 });
      const state = hashFilledState(network, facts.model_seed);
      const map = network.forward({ state, input: images(facts), until: 'layer4' }) as tf.Tensor4D;
      expect(map.shape).toEqual([1, 6, 10, 2048]);
      expect(summary(map, facts.stage_layer4).l2 / facts.stage_layer4.l2).toBeCloseTo(1, 5);
      const first = channelsFirst(map.slice([0, 0, 0, 0], [1, 6, 10, 64]));
      const tensors = referenceTensors('models/full_resnet50_dilated_features.safetensors');
      expect(relativeError(first, floats(tensors, 'expect/first64ch'))).toBeLessThan(1e-5);
      disposeState(state);
    },
  );
});
