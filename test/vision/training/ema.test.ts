import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../../vision/tensors/index.ts';
import { averaged, averagedCount, emaDecay, keptAtUpdate } from '../../../vision/training/ema.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';

beforeAll(async () => {
  await useTestBackend();
});

const facts = referenceJson('optim/ema.json') as {
  decay: number;
  steps: number;
  examples: {
    world_size: number;
    batch_size: number;
    steps: number;
    epochs: number;
    decay: number;
    result: number;
  }[];
};
const reference = referenceTensors('optim/ema.safetensors');
const names = [...reference.keys()]
  .filter((key) => key.startsWith('model1/'))
  .map((key) => key.slice('model1/'.length));

describe('the moving average', () => {
  it.each(names)("of '%s' is the reference's: copied at first and after a reset", (name) => {
    const isCount = name.endsWith('num_batches_tracked');
    const valueOf = (key: string): Float32Array =>
      isCount ? Float32Array.from(reference.get(key)!.data, Number) : floats(reference, key);
    let average: tf.Tensor = tf.zeros([valueOf(`model1/${name}`).length]);
    for (let step = 1; step <= facts.steps; step += 1) {
      const value = tf.tensor1d(Float32Array.from(valueOf(`model${step}/${name}`)));
      const kept = tf.scalar(step === 1 || step === 3 ? 0 : facts.decay);
      average = (isCount ? averagedCount : averaged)(average, value, kept);
      const expected = valueOf(`expect/ema${step}/${name}`);
      average
        .dataSync()
        .forEach((actual, index) => expect(actual).toBeCloseTo(expected[index]!, isCount ? 9 : 5));
    }
  });

  it.each(facts.examples)(
    'has the decay of torchvision for $world_size x $batch_size images a step over $epochs epochs',
    ({ world_size, batch_size, steps: every, epochs, decay, result }) => {
      expect(emaDecay({ decay, every }, { epochs, imagesAStep: world_size * batch_size })).toBeCloseTo(
        result,
        12,
      );
    },
  );

  it('is brought up to date every so many steps, and copies until the warm-up is over', () => {
    const recipe = { epochs: 16, imagesAStep: 8, warmUpEpochs: 2 };
    const ema = { decay: 0.75, every: 4 };
    const kept = (epoch: number, step: number, firstEpoch = 0): number | undefined =>
      keptAtUpdate(ema, recipe, { epoch, step, firstEpoch });
    const settled = 0.5;
    expect([0, 1, 3, 4].map((step) => kept(0, step))).toEqual([0, undefined, undefined, 0]);
    expect([0, 4, 8].map((step) => kept(2, step))).toEqual([0, settled, settled]);
    expect([0, 4].map((step) => kept(3, step))).toEqual([settled, settled]);
    expect([kept(5, 0, 5), kept(5, 4, 5), kept(6, 0, 5)]).toEqual([0, settled, settled]);
  });
});
