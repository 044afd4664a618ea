import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../../../vision/data/loader.ts';
import type { ResNetShape } from '../../../vision/models/resnet-layout.ts';
import type { Network } from '../../../vision/models/network.ts';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { lossGradients } from '../../../vision/pruning/loss-gradients.ts';
import { prunableEntries } from '../../../vision/pruning/masks.ts';
import type { Scores } from '../../../vision/pruning/method.ts';
import { snip } from '../../../vision/pruning/snip.ts';
import { taylor } from '../../../vision/pruning/taylor.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { expectNoLeak } from '../../support/leaks.ts';
import { bytesOf, floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceDict, relativeError } from '../../support/reference-network.ts';
import { buildMini, type VitCase } from '../models/mini-cases.ts';

beforeAll(async () => {
  await useTestBackend();
});

interface SnipCase {
  label_smoothing: number;
  targets: { target_sparsity: number; zeros: Record<string, number> }[];
}

interface ResNetCase extends SnipCase {
  kwargs: { layers: ResNetShape['layers']; base: number; num_classes: number };
}

const references: readonly [string, (facts: SnipCase) => Network][] = [
  [
    'snip_resnet_basic',
    (facts) => {
      const { layers, base, num_classes: classes } = (facts as ResNetCase).kwargs;
      return buildResNet({ block: 'basic', layers, base, dilate: [false, false, false] }, classes);
    },
  ],
  ['snip_vit', (facts) => buildMini({ kind: 'vit', kwargs: (facts as SnipCase & VitCase).kwargs })],
];

describe.each(references)('SNIP, %s', (name, build) => {
  const facts = referenceJson(`prune/${name}.json`) as SnipCase;
  const tensors = referenceTensors(`prune/${name}.safetensors`);
  const network = build(facts);
  const state = referenceDict(tensors, network);
  const names = prunableEntries(network.entries).map((entry) => entry.name);
  const weights = new Map(names.map((entry) => [entry, toFloat32(state.get(entry)!)]));
  const full = new Map([...weights].map(([entry, { length }]) => [entry, new Uint8Array(length).fill(1)]));
  const layerOf = (entry: string): string => entry.replace(/\.weight$/, '');

  const scores = (): Promise<Scores> =>
    snip.scoring!.score(
      weights,
      lossGradients({
        network,
        state,
        names,
        batches: one(batch()),
        side: 32,
        labelSmoothing: facts.label_smoothing,
      }),
    );

  function batch(): Batch {
    const input = tensors.get('input')!;
    const images = tf.tidy(() => channelsLast(floats(tensors, 'input'), input.shape).dataSync<'float32'>());
    const labels = Int32Array.from(tensors.get('target')!.data, Number);
    return { images: Float32Array.from(images), labels, indices: labels };
  }

  it('scores every weight as the reference does, and leaks nothing', async () => {
    const found = await expectNoLeak(scores);
    for (const entry of names) {
      const expected = floats(tensors, `score/${layerOf(entry)}`);
      expect(relativeError(found.get(entry)!, expected), entry).toBeLessThan(1e-4);
    }
  });

  it('makes the masks of the reference, whose rule drops all that tie with the threshold', async () => {
    const found = await scores();
    for (const { target_sparsity: sparsity, zeros } of facts.targets) {
      const masks = snip.prune({
        weights,
        masks: full,
        scores: found,
        amount: { kind: 'sparsity', sparsity },
        seed: 0,
        options: { cut: 'threshold' },
      });
      for (const entry of names) {
        const layer = layerOf(entry);
        const mask = masks.get(entry)!;
        expect(mask.filter((alive) => alive === 0)).toHaveLength(zeros[layer]!);
        expect(mask, `${sparsity} ${layer}`).toEqual(bytesOf(tensors, `mask_${sparsity}/${layer}`));
      }
    }
  });
});

describe('SNIP on made-up gradients', () => {
  const weights = new Map([['w', Float32Array.of(1, -2, 3, 4, 5)]]);
  const masks = new Map([['w', Uint8Array.of(1, 1, 1, 1, 0)]]);

  it('takes the gradient of the mean over batches, whose signs may cancel', async () => {
    const gradients = many([2, 1, 1, 0.5, 9], [-2, 1, 0, 0.5, 9]);
    const scores = await snip.scoring!.score(weights, gradients);
    expect([...scores.get('w')!]).toEqual([0, 4, 3, 4, 90]);
    const prune = (count: number, cut: string) =>
      snip.prune({ weights, masks, scores, amount: { kind: 'count', count }, seed: 0, options: { cut } });
    expect([...prune(3, 'exact').get('w')!]).toEqual([0, 0, 0, 1, 0]);
    expect([...prune(3, 'threshold').get('w')!]).toEqual([0, 0, 0, 0, 0]);
    expect([...prune(0, 'threshold').get('w')!]).toEqual([1, 1, 1, 1, 0]);
  });
});

describe('Taylor', () => {
  it('averages the squares of weight x gradient over batches, where nothing cancels', async () => {
    const weights = new Map([['w', Float32Array.of(1, -2, 3)]]);
    const scores = await taylor.scoring!.score(weights, many([2, 1, 1], [-2, 1, 0]));
    expect([...scores.get('w')!]).toEqual([Math.fround(Math.sqrt(8)), Math.fround(Math.sqrt(8)), 3]);
    const masks = new Map([['w', Uint8Array.of(1, 1, 1)]]);
    const pruned = taylor.prune({ weights, masks, scores, amount: { kind: 'count', count: 1 }, seed: 0 });
    expect([...pruned.get('w')!]).toEqual([0, 1, 1]);
  });

  it('tells scores apart whose squares float32 does not hold', async () => {
    const weights = new Map([['w', Float32Array.of(1e-15, 1e-15)]]);
    const scores = await taylor.scoring!.score(weights, many([2e-15, 1e-15]));
    expect(scores.get('w')![0]).toBeGreaterThan(scores.get('w')![1]!);
  });
});

async function* one(batch: Batch): AsyncGenerator<Batch> {
  yield await Promise.resolve(batch);
}

async function* many(...gradients: readonly (readonly number[])[]): AsyncGenerator<Scores> {
  for (const values of gradients) yield await Promise.resolve(new Map([['w', Float32Array.from(values)]]));
}
