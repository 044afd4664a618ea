import { describe, expect, it } from 'vitest';
import { withoutDefaults } from '../../../engine/study/defaults.ts';

describe('options less defaults', () => {
  const schema = {
    type: 'object',
    properties: {
      fraction: { type: 'number', default: 0.2 },
      list: { type: 'array', items: { $ref: '#/$defs/step' }, default: [] },
      recipe: {
        type: 'object',
        properties: { epochs: { type: 'number', default: 10 }, rate: { type: 'number' } },
      },
      shape: { $ref: '#/$defs/step', default: { size: 3 } },
      how: {
        oneOf: [
          { type: 'object', properties: { kind: { const: 'a' }, x: { default: 1 } } },
          { type: 'object', properties: { kind: { const: 'b' }, x: { default: 2 } } },
        ],
      },
      maybe: { type: ['string', 'null'], default: null },
    },
    $defs: { step: { type: 'object', properties: { size: { type: 'number', default: 1 } } } },
  };

  it.each([
    ['a default is left out', { fraction: 0.2 }, {}],
    ['anything else stays', { fraction: 0.3 }, { fraction: 0.3 }],
    ['at any depth', { recipe: { epochs: 10, rate: 1 } }, { recipe: { rate: 1 } }],
    ['an object without a default of its own stays, empty', { recipe: { epochs: 10 } }, { recipe: {} }],
    ['in lists', { list: [{ size: 1 }, { size: 2 }] }, { list: [{}, { size: 2 }] }],
    ['an empty list that is the default', { list: [] }, {}],
    ['a default that is written short', { shape: { size: 3 } }, {}],
    ['and what merely resembles it', { shape: { size: 1 } }, { shape: {} }],
    ['of alternatives, the one that is meant', { how: { kind: 'b', x: 1 } }, { how: { kind: 'b', x: 1 } }],
    ['of alternatives, its default', { how: { kind: 'b', x: 2 } }, { how: { kind: 'b' } }],
    ['null as a default', { maybe: null }, {}],
    ['what the schema does not know stays', { other: 1 }, { other: 1 }],
  ])('%s', (_, options, expected) => {
    expect(withoutDefaults(schema, options)).toEqual(expected);
  });
});
