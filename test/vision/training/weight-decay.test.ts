import { describe, expect, it } from 'vitest';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { sizeOf } from '../../../vision/models/layout.ts';
import type { StateEntry } from '../../../vision/models/network.ts';
import { decayGroups, decayOf, type WeightDecay } from '../../../vision/training/weight-decay.ts';
import { referenceJson } from '../../support/reference-case.ts';

const { weight_decay: decay, groups } = referenceJson('optim/weight_decay_groups.json') as {
  weight_decay: number;
  groups: Record<string, { weight_decay: number; n_tensors: number; n_params: number; first: string[] }[]>;
};
const same: WeightDecay = {
  weight_decay: decay,
  norm_weight_decay: null,
  bias_weight_decay: null,
  embedding_weight_decay: null,
};
const apart: WeightDecay = { ...same, norm_weight_decay: 0, bias_weight_decay: 0, embedding_weight_decay: 0 };

describe("torchvision's groups", () => {
  const known = Object.entries(groups).filter(([name]) => describedModel(name) !== undefined);
  it.each(known)('of %s', (name, expected) => {
    const layout = describedModel(name)?.layout({ classes: 1000 });
    // Only the recipes of Swin keep groups apart.
    const actual = decayGroups(layout!, name.startsWith('swin') ? apart : same);
    expect(
      actual.map((group) => ({
        weight_decay: group.decay,
        n_tensors: group.entries.length,
        n_params: group.entries.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
        first: group.entries.slice(0, 6).map((entry) => entry.name),
      })),
    ).toEqual(expected);
  });
});

describe('decay groups', () => {
  const entry = (name: string, role: StateEntry['role']): StateEntry => ({
    name,
    shape: [2],
    role,
    prunable: false,
  });
  const entries = [
    entry('class_token', 'embedding'),
    entry('encoder.pos_embedding', 'embedding'),
    entry('norm.weight', 'norm'),
    entry('norm.bias', 'bias'),
    entry('norm.running_mean', 'buffer'),
    entry('attention.in_proj_bias', 'bias'),
    entry('head.weight', 'linear'),
    entry('head.bias', 'bias'),
  ];
  const named = (given: Partial<WeightDecay>): [number, string[]][] =>
    decayGroups(entries, { ...same, ...given }).map((group) => [
      group.decay,
      group.entries.map(({ name }) => name),
    ]);

  it('keep a bias of a norm with its norm, unless biases go apart', () => {
    expect(named({ norm_weight_decay: 0.1 })[1]).toEqual([0.1, ['norm.weight', 'norm.bias']]);
    expect(named({ norm_weight_decay: 0.1, bias_weight_decay: 0.2 }).slice(1)).toEqual([
      [0.1, ['norm.weight']],
      [0.2, ['norm.bias', 'head.bias']],
    ]);
  });

  it("know the class token by its name, and, like torchvision's, not ViT's positions", () => {
    expect(named({ embedding_weight_decay: 0 })[1]).toEqual([0, ['class_token']]);
  });

  it('are one number where all decay alike, else one a parameter', () => {
    expect(decayOf(entries, { ...same, bias_weight_decay: decay })).toBe(decay);
    const decays = decayOf(entries, { ...same, bias_weight_decay: 0 }) as ReadonlyMap<string, number>;
    expect([decays.get('head.bias'), decays.get('head.weight'), decays.get('norm.running_mean')]).toEqual([
      0,
      decay,
      undefined,
    ]);
  });
});
