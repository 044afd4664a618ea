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

  it('refuses keys, queries and values of models without them', () => {
    expect(ask(lost, { features: 'queries' }, 'vit_b_32')).toBeUndefined();
    expect(ask(lost, { features: 'default' }, 'resnet18')).toBeUndefined();
    expect(ask(lost, { features: 'queries' }, 'resnet18')).toMatchObject({ path: ['features'] });
  });
});
