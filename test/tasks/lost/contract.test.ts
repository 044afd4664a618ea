import { describe, expect, it } from 'vitest';
import { lost } from '../../../tasks/lost/index.ts';
import { sourceOf } from '../../../tasks/lost/options.ts';
import { describedModel } from '../../../vision/models/catalogue.ts';

function ask(options: Record<string, string | number>, model: string) {
  const filled = { dilation: 1, features: 'default', variant: 'paper', k: 100, ...options };
  return lost.check!({ options: filled, inputs: { model: { model } } });
}

describe('what a plan says of lost', () => {
  it('takes dilation of the ResNets that have a stride to dilate instead', () => {
    for (const model of ['resnet18', 'resnet50']) expect(ask({ dilation: 2 }, model)).toBeUndefined();
    for (const model of ['resnet20', 'vit_b_32', 'swin_v2_t'])
      expect(ask({ dilation: 2 }, model)).toMatchObject({
        path: ['dilation'],
        message: expect.stringContaining(`${model} takes no dilation`) as string,
      });
  });

  it("takes the authors' variant of any model, but not of a transformer's queries", () => {
    for (const model of ['resnet18', 'vit_b_32', 'swin_v2_t'])
      expect(ask({ variant: 'authors' }, model)).toBeUndefined();
    expect(ask({ variant: 'authors', features: 'keys' }, 'vit_b_32')).toBeUndefined();
    expect(ask({ variant: 'authors', features: 'queries' }, 'vit_b_32')).toMatchObject({
      message: "the authors' variant looks at keys, not queries",
    });
    expect(ask({ variant: 'authors', features: 'queries' }, 'resnet18')).toMatchObject({
      message: 'resnet18 has no queries to look at',
    });
  });

  it('looks where the variant and the features say', () => {
    const vit = describedModel('vit_b_32')!.lost;
    const attention = 'encoder.layers.encoder_layer_11';
    expect(sourceOf(vit, { features: 'default', variant: 'authors' })).toEqual({
      stage: `${attention}.ln_1`,
      normalise: false,
      scrambled: true,
    });
    for (const features of ['keys', 'queries', 'values'] as const)
      expect(sourceOf(vit, { features, variant: 'paper' })).toMatchObject({
        stage: `${attention}.self_attention.${features}`,
        normalise: false,
      });
    const resnet = describedModel('resnet18')!.lost;
    expect(sourceOf(resnet, { features: 'default', variant: 'authors' })).toBe(resnet);
  });

  it('tells the variants apart in its facts', () => {
    const facts = (variant: string) =>
      lost.facts!({ options: { variant }, inputs: { model: { model: 'vit_b_32', sparsity: 0.2 } } });
    expect(facts('paper')).toEqual({ boxes: { model: 'vit_b_32', sparsity: 0.2, method: 'lost' } });
    expect(facts('authors')).toEqual({ boxes: { model: 'vit_b_32', sparsity: 0.2, method: 'lost-authors' } });
  });

  it('keeps old results for whoever names neither variant nor features', () => {
    const { properties } = lost.options as { properties: Record<string, { default?: unknown }> };
    expect(properties['variant']!.default).toBe('paper');
    expect(properties['features']!.default).toBe('default');
  });
});
