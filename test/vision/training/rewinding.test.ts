import { beforeAll, describe, expect, it } from 'vitest';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { fullMasks, prunableEntries, type Masks } from '../../../vision/pruning/masks.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import type { StateDict } from '../../../vision/weights/state-dict.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceDict, relativeError } from '../../support/reference-network.ts';
import { recipeWith, Trainee } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

// As far as one unit in the last place of the start moves the end (optimisers.test.ts).
const float32Drift = 2e-4;

interface Rounds {
  kwargs: { base: number; num_classes: number };
  momentum: number;
  weight_decay: number;
  epochs: number;
  rounds: number;
  log: { loss: number; lr: number }[];
}

describe('pruning and retraining in turns', () => {
  it.runIf(referencePath('prune/lrr_resnet_basic.safetensors'))(
    'follows three rounds of the reference',
    async () => {
      const facts = referenceJson('prune/lrr_resnet_basic.json') as Rounds;
      const reference = referenceTensors('prune/lrr_resnet_basic.safetensors');
      const { base, num_classes: classes } = facts.kwargs;
      const network = buildResNet(
        { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
        classes,
      );
      const recipe = recipeWith({
        momentum: facts.momentum,
        weight_decay: facts.weight_decay,
        label_smoothing: 0.1,
      });
      const batches = [0, 1].map((index) => ({
        images: channelsLast(floats(reference, `input${index}`), reference.get(`input${index}`)!.shape),
        labels: tf.tensor1d(Array.from(reference.get(`target${index}`)!.data, Number), 'int32'),
      }));
      let masks: Masks = fullMasks(network.entries);
      let dict: StateDict = referenceDict(reference, network);
      const log = [...facts.log];
      for (let round = 0; round < facts.rounds; round += 1) {
        using trainee = new Trainee(network, { initial: dict, masks, recipe });
        for (let epoch = 0; epoch < facts.epochs; epoch += 1)
          for (const batch of batches) {
            const { loss, lr } = log.shift()!;
            expect(await trainee.step(batch, lr)).toBeCloseTo(loss, 4);
          }
        dict = await trainee.dict();
        const weights = new Map(
          prunableEntries(network.entries).map(({ name }) => [name, toFloat32(dict.get(name)!)]),
        );
        // The reference's "round 0" weights alias the parameters that later rounds went on to change; its masks do not.
        if (round > 0)
          for (const [name, actual] of weights) {
            const layer = name.replace(/\.weight$/, '');
            const expected = floats(reference, `expect/round${round}/weight/${layer}`);
            const off = actual.map((value, index) => Math.abs(value - expected[index]!));
            expect(Math.max(...off), name).toBeLessThan(float32Drift);
          }
        const state = stateToTensors(dict, network.entries);
        const logits = network.forward({ state, input: batches[0]!.images });
        const expectedLogits = floats(reference, `expect/round${round}/logits_eval`);
        expect(relativeError(logits.dataSync(), expectedLogits)).toBeLessThan(1e-4);
        disposeState(state);
        if (round === facts.rounds - 1) break;
        const amount = { kind: 'fraction', fraction: 0.2 } as const;
        masks = globalMagnitude.prune({ weights, masks, amount, seed: 0 });
        for (const [name, actual] of masks) {
          const layer = name.replace(/\.weight$/, '');
          expect(actual).toEqual(reference.get(`expect/mask_after_round${round}/${layer}`)!.data);
        }
      }
      expect(log).toEqual([]);
    },
  );
});
