import { beforeAll, describe, expect, it } from 'vitest';
import type { Network } from '../../../vision/models/network.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { fullMasks, prunableEntries, type Masks } from '../../../vision/pruning/masks.ts';
import { tf } from '../../../vision/tensors/index.ts';
import type { Recipe } from '../../../vision/training/recipe.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import type { StateDict } from '../../../vision/weights/state-dict.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceDict, relativeError } from '../../support/reference-network.ts';
import { buildMini, type VitCase } from '../models/mini-cases.ts';
import { recipeWith, Trainee, type TestBatch } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

// As far as one unit in the last place of the start moves the end (optimisers.test.ts).
const float32Drift = 2e-4;

interface Rounds {
  rounds: number;
  log: { loss: number; lr: number }[];
}

interface ResNetRounds extends Rounds {
  kwargs: { base: number; num_classes: number };
  momentum: number;
  weight_decay: number;
}

interface VitRounds extends Rounds, VitCase {
  weight_decay: number;
  label_smoothing: number;
  clip_grad_norm: number;
}

type Reference = ReturnType<typeof referenceTensors>;

describe('pruning and retraining in turns', () => {
  it.runIf(referencePath('prune/lrr_resnet_basic.safetensors'))(
    'follows three rounds of the reference: a ResNet by SGD',
    async () => {
      const facts = referenceJson('prune/lrr_resnet_basic.json') as ResNetRounds;
      const reference = referenceTensors('prune/lrr_resnet_basic.safetensors');
      const { base, num_classes: classes } = facts.kwargs;
      const network = buildResNet(
        { block: 'basic', layers: [1, 1, 1, 1], base, dilate: [false, false, false] },
        classes,
      );
      const { momentum, weight_decay } = facts;
      const recipe = recipeWith({ momentum, weight_decay, label_smoothing: 0.1 });
      const batches = ['0', '1'].map((index) => batchOf(reference, index));
      await followRounds(network, { reference, facts, recipe, batches });
    },
  );

  it('follows three rounds of the reference: a vision transformer by AdamW, clipped', async () => {
    const facts = referenceJson('prune/lrr_vit.json') as VitRounds;
    const reference = referenceTensors('prune/lrr_vit.safetensors');
    const { weight_decay, label_smoothing, clip_grad_norm } = facts;
    const optimizer = { kind: 'adamw' };
    const recipe = recipeWith({ optimizer, weight_decay, label_smoothing, clip_grad_norm });
    const batches = [batchOf(reference, '')];
    const network = buildMini({ kind: 'vit', kwargs: facts.kwargs });
    await followRounds(network, { reference, facts, recipe, batches });
  });
});

/** Batches take turns, and the optimiser starts afresh each round. */
async function followRounds(
  network: Network,
  { reference, facts, recipe, batches }: FollowRequest,
): Promise<void> {
  let masks: Masks = fullMasks(network.entries);
  let dict: StateDict = referenceDict(reference, network);
  const steps = facts.log.length / facts.rounds;
  for (let round = 0; round < facts.rounds; round += 1) {
    using trainee = new Trainee(network, { initial: dict, masks, recipe });
    for (const [index, { loss, lr }] of facts.log.slice(round * steps, (round + 1) * steps).entries())
      expect(await trainee.step(batches[index % batches.length]!, lr), `step ${index}`).toBeCloseTo(loss, 4);
    dict = await trainee.dict();
    const weights = new Map(
      prunableEntries(network.entries).map(({ name }) => [name, toFloat32(dict.get(name)!)]),
    );
    for (const [name, actual] of weights) {
      // The reference's "round 0" weights alias the parameters that later rounds went on to change; its masks do not.
      if (round === 0) break;
      const expected = floats(reference, `expect/round${round}/weight/${layerOf(name)}`);
      const off = actual.map((value, index) => Math.abs(value - expected[index]!));
      expect(Math.max(...off), name).toBeLessThan(float32Drift);
    }
    const logits = logitsOf(network, { dict, images: batches[0]!.images });
    expect(relativeError(logits, floats(reference, `expect/round${round}/logits_eval`))).toBeLessThan(1e-4);
    if (round === facts.rounds - 1) break;
    const amount = { kind: 'fraction', fraction: 0.2 } as const;
    masks = globalMagnitude.prune({ weights, masks, amount, seed: 0 });
    for (const [name, actual] of masks)
      expect(actual).toEqual(reference.get(`expect/mask_after_round${round}/${layerOf(name)}`)!.data);
  }
}

interface FollowRequest {
  readonly reference: Reference;
  readonly facts: Rounds;
  readonly recipe: Recipe;
  readonly batches: readonly TestBatch[];
}

function batchOf(reference: Reference, index: string): TestBatch {
  const input = reference.get(`input${index}`)!;
  return {
    images: channelsLast(floats(reference, `input${index}`), input.shape),
    labels: tf.tensor1d(Array.from(reference.get(`target${index}`)!.data, Number), 'int32'),
  };
}

function logitsOf(
  network: Network,
  { dict, images }: { readonly dict: StateDict; readonly images: tf.Tensor },
): Float32Array {
  const state = stateToTensors(dict, network.entries);
  const logits = tf.tidy(() => network.forward({ state, input: images }).dataSync<'float32'>());
  disposeState(state);
  return logits;
}

function layerOf(name: string): string {
  return name.replace(/\.weight$/, '');
}
