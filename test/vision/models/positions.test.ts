import { beforeAll, describe, expect, it } from 'vitest';
import { buildVit, positionsFor } from '../../../vision/models/vit.ts';
import { vitRule } from '../../../vision/models/initial-transformer.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { stateToTensors } from '../../../vision/weights/state.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceTensors } from '../../support/reference-case.ts';
import { relativeError } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

describe('position embeddings for another grid of patches', () => {
  const tensors = referenceTensors('models/vit_pos_embedding_interpolation.safetensors');
  const embeddings = (): tf.Tensor =>
    tf.tensor(floats(tensors, 'input'), [...tensors.get('input')!.shape], 'float32');

  it.each([
    ['square_7', [7, 7]],
    ['rect_9x6', [9, 6]],
    ['rect_7x10', [7, 10]],
  ] as const)('are as the reference interpolates them: %s', (name, grid) => {
    const resized = positionsFor(embeddings(), grid);
    expect(resized.shape).toEqual([1, 1 + grid[0] * grid[1], 12]);
    expect(relativeError(resized.dataSync(), floats(tensors, `expect/${name}`))).toBeLessThan(1e-6);
  });

  it('are left as they are for their own grid', () => {
    const own = embeddings();
    expect(positionsFor(own, [4, 4])).toBe(own);
  });

  it('let a network see images of another size, as one whose embeddings were made for it', () => {
    const shape = { imageSide: 16, patch: 4, layers: 1, heads: 2, width: 8, mlpWidth: 8 };
    const small = buildVit(shape, 3);
    const large = buildVit({ ...shape, imageSide: 28 }, 3);
    const state = new Map(
      stateToTensors(freshState({ entries: small.entries, initialisation: vitRule, seed: 1 }), small.entries),
    );
    state.set('heads.head.weight', tf.randomNormal([8, 3], 0, 1, 'float32', 1));
    const input = tf.randomNormal([2, 28, 28, 3], 0, 1, 'float32', 2);
    const resized = new Map(state);
    resized.set('encoder.pos_embedding', positionsFor(state.get('encoder.pos_embedding')!, [7, 7]));
    const expected = large.forward({ state: resized, input }).dataSync();
    expect(relativeError(small.forward({ state, input }).dataSync(), expected)).toBeLessThan(1e-6);
    // Without positions the answer would be another.
    expect(expected.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });
});
