import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { sameJson, withDefaults, withoutDefaults } from '../../../engine/study/defaults.ts';

const schema: JsonObject = {
  type: 'object',
  required: ['method'],
  additionalProperties: false,
  properties: {
    method: { enum: ['grad', 'noise'], default: 'grad' },
    steps: { type: 'integer', default: 50 },
    recipe: {
      type: 'object',
      default: {},
      properties: { epochs: { type: 'integer', default: 90 }, rate: { type: 'number', default: 0.1 } },
    },
    crops: {
      type: 'array',
      items: { type: 'object', properties: { size: { type: 'integer', default: 224 } } },
    },
    samples: { type: 'integer' },
  },
  allOf: [
    {
      if: { properties: { method: { const: 'noise' } } },
      then: { properties: { samples: { type: 'integer', default: 20 } } },
    },
  ],
};

describe('defaults', () => {
  it('are filled in at every level', () => {
    expect(withDefaults(schema, { recipe: { epochs: 3 }, crops: [{}] })).toEqual({
      method: 'grad',
      steps: 50,
      recipe: { epochs: 3, rate: 0.1 },
      crops: [{ size: 224 }],
    });
  });

  it('count in the branch that applies', () => {
    expect(withDefaults(schema, { method: 'noise' })).toMatchObject({ samples: 20 });
    expect(withDefaults(schema, { method: 'grad' })).not.toHaveProperty('samples');
    expect(withoutDefaults(schema, { method: 'noise', samples: 20 })).toEqual({ method: 'noise' });
    expect(withoutDefaults(schema, { method: 'grad', samples: 20 })).toEqual({ samples: 20 });
  });

  it('vanish when written out, at every level', () => {
    const said = { recipe: { epochs: 3 }, crops: [{}] };
    expect(withoutDefaults(schema, withDefaults(schema, said))).toEqual(withoutDefaults(schema, said));
    expect(withoutDefaults(schema, { method: 'grad', steps: 50, recipe: { epochs: 90 } })).toEqual({});
  });

  it('are the same for what was said and for what was filled in', () => {
    const options = fc.record(
      {
        method: fc.constantFrom('grad', 'noise'),
        steps: fc.constantFrom(50, 51),
        recipe: fc.record(
          { epochs: fc.constantFrom(90, 1), rate: fc.constantFrom(0.1, 0.2) },
          { requiredKeys: [] },
        ),
        samples: fc.constantFrom(20, 21),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, (said) => {
        const full = withDefaults(schema, said as JsonObject);
        const short = withoutDefaults(schema, full);
        expect(withoutDefaults(schema, said as JsonObject)).toEqual(short);
        expect(withDefaults(schema, short)).toEqual(full);
      }),
    );
  });

  it('compares values whatever the order of their keys', () => {
    expect(sameJson({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameJson([], {})).toBe(false);
  });
});
