import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { describedModel } from '../../../vision/models/catalogue.ts';
import type { StateEntry } from '../../../vision/models/network.ts';
import { constantsProblem } from '../../../vision/weights/constants.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { float32Tensor, toNumbers } from '../../../vision/weights/raw-tensor.ts';
import { fitStateDict, type StateDict } from '../../../vision/weights/state-dict.ts';
import { disposeState, stateToTensors } from '../../../vision/weights/state.ts';
import { loadTensors } from '../../../vision/weights/stored-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { asStored } from '../../support/weights-in-memory.ts';

beforeAll(async () => {
  await useTestBackend();
});

function fresh(name: string): {
  readonly entries: readonly StateEntry[];
  readonly state: StateDict;
} {
  const { layout, initialisation } = describedModel(name)!;
  const entries = layout({ classes: 3 });
  return { entries, state: freshState({ entries, initialisation, seed: 1 }) };
}

/** Type, shape and bytes of each, in their order. */
function digests(state: StateDict): string[] {
  return [...state].map(([name, { dtype, shape, bytes }]) =>
    [name, dtype, shape.join('x'), createHash('sha256').update(bytes).digest('hex')].join(' '),
  );
}

const table = 'features.1.0.attn.relative_coords_table';
const index = 'features.1.0.attn.relative_position_index';

describe("a vision transformer's checkpoint", () => {
  it('is taken under the names that MLPs had before', async () => {
    const { entries, state } = fresh('vit_mini_4');
    const old = new Map(
      [...state].map(([name, tensor]) => [
        name.replace(/\.mlp\.([03])\./, (_, layer) => `.mlp.linear_${layer === '0' ? 1 : 2}.`),
        tensor,
      ]),
    );
    expect(old.has('encoder.layers.encoder_layer_0.mlp.linear_2.bias')).toBe(true);
    const fitted = fitStateDict(asStored(old), entries);
    if (fitted.kind !== 'fits') throw new Error(fitted.detail);
    expect(digests(await loadTensors(fitted.state))).toEqual(digests(state));
  });

  it('may not hold a weight under both names', () => {
    const { entries, state } = fresh('vit_mini_4');
    const former = 'encoder.layers.encoder_layer_0.mlp.linear_1.bias';
    const twice = new Map([...state, [former, float32Tensor([256], new Float32Array(256))]]);
    expect(fitStateDict(asStored(twice), entries)).toMatchObject({
      kind: 'weights-failure',
      detail: `'${former}' is not part of the model`,
    });
  });
});

describe("a Swin transformer's constants", () => {
  it('are filled in where a file lacks them, and become whole numbers where it has floats', async () => {
    const { entries, state } = fresh('swin_v2_mini');
    const changed = new Map(state);
    changed.delete(table);
    changed.set(index, float32Tensor([256], Float32Array.from(toNumbers(state.get(index)!))));
    const fitted = fitStateDict(asStored(changed), entries);
    if (fitted.kind !== 'fits') throw new Error(fitted.detail);
    expect(digests(await loadTensors(fitted.state))).toEqual(digests(state));
    expect(await constantsProblem(fitted.state, entries)).toBeUndefined();
  });

  it('are refused where they are those of another network', async () => {
    const { entries, state } = fresh('swin_v2_mini');
    const values = Float32Array.from(toNumbers(state.get(table)!), (value) => value / 2);
    const changed = new Map([...state, [table, float32Tensor([1, 7, 7, 2], values)]]);
    const fitted = fitStateDict(asStored(changed), entries);
    if (fitted.kind !== 'fits') throw new Error(fitted.detail);
    expect(await constantsProblem(fitted.state, entries)).toMatchObject({
      kind: 'weights-failure',
      detail: expect.stringContaining(table) as string,
    });
  });

  it('are in the state dict, but no tensors', () => {
    const { entries, state } = fresh('swin_v2_mini');
    const tensors = stateToTensors(state, entries);
    expect(state.has(table)).toBe(true);
    expect([...tensors.keys()]).toEqual(
      entries.map(({ name }) => name).filter((name) => !name.includes('.relative_')),
    );
    disposeState(tensors);
  });
});
