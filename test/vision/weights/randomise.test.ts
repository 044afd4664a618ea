import { describe, expect, it } from 'vitest';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { fullMasks } from '../../../vision/pruning/masks.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { randomisedState } from '../../../vision/weights/randomise.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';

/** A model whose every value is 7: whatever differs was drawn anew. */
function learned(name: string) {
  const { layout, initialisation } = describedModel(name)!;
  const entries = layout({ classes: 4 });
  const state = freshState({ entries, initialisation, seed: 0 });
  for (const { name, role } of entries)
    if (role !== 'counter' && role !== 'constant') toFloat32(state.get(name)!).fill(7);
  return { entries, state, initialisation };
}

function redrawn(name: string, layers?: number): readonly string[] {
  const model = learned(name);
  const state = randomisedState({ ...model, masks: undefined, seed: 1, layers });
  return [...state].filter(([key, tensor]) => tensor !== model.state.get(key)).map(([key]) => key);
}

describe('randomisedState', () => {
  it('draws everything anew unless told otherwise', () => {
    const { entries } = learned('resnet20');
    expect(redrawn('resnet20')).toEqual(entries.map(({ name }) => name));
  });

  it.each([
    ['resnet20', 1, ['linear.weight', 'linear.bias']],
    [
      'resnet20',
      2,
      [
        ...['weight'].map((part) => `layer3.2.conv2.${part}`),
        ...['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].map(
          (part) => `layer3.2.bn2.${part}`,
        ),
        'linear.weight',
        'linear.bias',
      ],
    ],
    [
      'vit_mini_4',
      2,
      [
        'encoder.layers.encoder_layer_5.mlp.3.weight',
        'encoder.layers.encoder_layer_5.mlp.3.bias',
        'encoder.ln.weight',
        'encoder.ln.bias',
        'heads.head.weight',
        'heads.head.bias',
      ],
    ],
  ])('%s: the uppermost %i layers and what lies between', (name, layers, expected) => {
    expect(redrawn(name, layers)).toEqual(expected);
  });

  it('takes all where more layers are asked for than there are', () => {
    expect(redrawn('vit_mini_4', 1000)).toContain('class_token');
  });

  it('keeps pruned weights at zero, and depends on the seed', () => {
    const model = learned('resnet20');
    const masks = new Map([...fullMasks(model.entries)].map(([name, mask]) => [name, mask.slice()]));
    masks.get('conv1.weight')!.fill(0, 0, 100);
    const drawn = (seed: number) =>
      toFloat32(randomisedState({ ...model, masks, seed }).get('conv1.weight')!);
    expect(
      drawn(1)
        .subarray(0, 100)
        .every((value) => value === 0),
    ).toBe(true);
    expect(
      drawn(1)
        .subarray(100)
        .every((value) => value !== 0 && value !== 7),
    ).toBe(true);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});
