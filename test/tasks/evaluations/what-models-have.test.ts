import { describe, expect, it } from 'vitest';
import { attribute } from '../../../tasks/attribute/index.ts';
import { lost } from '../../../tasks/lost/index.ts';

const ask = (
  kind: typeof lost,
  options: Record<string, string>,
  model: string,
): ReturnType<NonNullable<typeof lost.check>> => kind.check!({ options, inputs: { model: { model } } });

describe('a plan', () => {
  it('refuses attention of models without a class token, and names those that have one', () => {
    expect(ask(attribute, { method: 'attention' }, 'vit_b_32')).toBeUndefined();
    expect(ask(attribute, { method: 'grad-cam' }, 'resnet18')).toBeUndefined();
    for (const model of ['resnet18', 'swin_v2_t'])
      expect(ask(attribute, { method: 'attention-rollout' }, model)).toMatchObject({
        path: ['method'],
        message: expect.stringContaining(model) as string,
        hint: 'models with one: vit_b_32, vit_b_16, vit_mini_4',
      });
  });

  it("refuses the authors' attention of windows, which their code does not draw", () => {
    const asked = { method: 'attention', variant: 'authors' };
    expect(ask(attribute, asked, 'vit_b_32')).toBeUndefined();
    expect(ask(attribute, { ...asked, variant: 'published' }, 'swin_v2_t')).toBeUndefined();
    expect(ask(attribute, { ...asked, method: 'grad-cam' }, 'swin_v2_t')).toBeUndefined();
    expect(ask(attribute, asked, 'swin_v2_t')).toMatchObject({
      path: ['variant'],
      message: expect.stringContaining('swin_v2_t') as string,
    });
  });

  it('refuses an image for a baseline that nobody names', () => {
    const asked = { method: 'integrated-gradients', baseline_kind: 'image', baseline_image: '' };
    expect(ask(attribute, asked, 'resnet18')).toMatchObject({ path: ['baseline_image'] });
    expect(ask(attribute, { ...asked, baseline_image: 'a.png' }, 'resnet18')).toBeUndefined();
    expect(ask(attribute, { ...asked, baseline_kind: 'blurred' }, 'resnet18')).toBeUndefined();
  });

  it('refuses keys, queries and values of models without them', () => {
    expect(ask(lost, { features: 'queries' }, 'vit_b_32')).toBeUndefined();
    expect(ask(lost, { features: 'default' }, 'resnet18')).toBeUndefined();
    expect(ask(lost, { features: 'queries' }, 'resnet18')).toMatchObject({ path: ['features'] });
  });
});
