import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../cache/json.ts';
import { withDefaults } from '../../engine/study/defaults.ts';
import { dataAdapters } from '../../tasks/data/registry.ts';
import { taskKinds } from '../../tasks/registry.ts';
import { artifactTypes } from '../../tasks/types/registry.ts';

const known = new Set(artifactTypes.map(({ type }) => type));

describe.each(taskKinds.map((kind) => [kind.kind, kind] as const))('the contract of %s', (_name, kind) => {
  it('has a right schema, each option described, each default of its own type', () => {
    const ajv = new Ajv2020({
      allErrors: true,
      strict: true,
      strictTypes: false,
      strictRequired: false,
      validateFormats: false,
    });
    expect(ajv.validateSchema(kind.options), JSON.stringify(ajv.errors)).toBe(true);
    expect(kind.options).toMatchObject({ type: 'object', additionalProperties: false });
    for (const [name, schema] of Object.entries((kind.options['properties'] ?? {}) as JsonObject)) {
      const property = schema as JsonObject;
      expect(property['description'], `${kind.kind}.${name}`).toEqual(expect.any(String));
      if ('default' in property)
        expect(ajv.validate(property, property['default']), `${kind.kind}.${name}`).toBe(true);
    }
  });

  it('names types that exist, and a summary of one line', () => {
    const outputs = typeof kind.outputs === 'function' ? {} : kind.outputs;
    for (const { type } of Object.values(outputs)) expect(known).toContain(type);
    for (const port of Object.values(kind.inputs)) {
      if (port.source === 'artifact') for (const type of [port.type].flat()) expect(known).toContain(type);
    }
    expect(kind.summary).toMatch(/^[^\n]{10,140}\.$/);
  });

  it('takes its own smoke options', () => {
    if (kind.smoke === undefined) return;
    const filled = withDefaults(kind.options, {}) as JsonObject;
    const resolved = kind.resolve?.(filled);
    const options = resolved?.kind === 'resolved' ? resolved.options : filled;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    const { required: _, ...schema } = kind.options;
    expect(ajv.validate(schema, kind.smoke(options)), JSON.stringify(ajv.errors)).toBe(true);
  });
});

describe.each(dataAdapters.map((adapter) => [adapter.adapter, adapter] as const))(
  'the contract of the %s adapter',
  (_name, adapter) => {
    it('has a right schema, each option described', () => {
      const ajv = new Ajv2020({
        allErrors: true,
        strict: true,
        strictTypes: false,
        strictRequired: false,
        validateFormats: false,
      });
      expect(ajv.validateSchema(adapter.options), JSON.stringify(ajv.errors)).toBe(true);
      for (const [name, schema] of Object.entries((adapter.options['properties'] ?? {}) as JsonObject)) {
        expect((schema as JsonObject)['description'], `${adapter.adapter}.${name}`).toEqual(
          expect.any(String),
        );
      }
    });
  },
);
