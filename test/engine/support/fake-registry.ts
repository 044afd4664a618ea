import type { Json } from '../../../cache/json.ts';
import type { DataAdapter } from '../../../engine/contract/data-adapter.ts';
import type { Registry } from '../../../engine/contract/registry.ts';
import type { Facts } from '../../../engine/contract/scalar.ts';
import type { TaskKind } from '../../../engine/contract/task-kind.ts';

const model = { source: 'artifact', type: 'model', summary: 'a model' } as const;
const data = { source: 'data', summary: 'images' } as const;

/** A registry with the shapes of the real one and nothing behind it: contracts only, nothing can be run. */
export const fakeRegistry: Registry = {
  kinds: [train(), prune(), attribute(), localise(), lost(), corloc(), evaluate(), report(), command()],
  types: ['model', 'heatmaps', 'boxes', 'scores', 'page', 'files'].map((type) => ({
    type,
    summary: type,
    check: () => Promise.resolve([]),
  })),
  adapters: [shapes(), voc()],
};

export const fakeSets: readonly string[] = Array.from({ length: 17 }, (_, index) => `set-${index}`);

type KindFields = Pick<TaskKind, 'kind' | 'inputs' | 'outputs' | 'options'> & Partial<TaskKind>;

function kind(fields: KindFields): TaskKind {
  return {
    summary: `does ${fields.kind}`,
    version: 1,
    resources: { slots: 1 },
    load: () => Promise.reject(new Error('a fake kind cannot run')),
    ...fields,
  };
}

function passOn(facts: Facts | undefined, more: Facts = {}): Facts {
  return { ...(facts ?? {}), ...more };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function train(): TaskKind {
  return kind({
    kind: 'train',
    inputs: { model: { ...model, optional: true }, data },
    outputs: {
      model: { type: 'model', summary: 'the trained model' },
      metrics: { type: 'scores', summary: 'loss' },
    },
    options: {
      type: 'object',
      required: ['model', 'recipe'],
      additionalProperties: false,
      properties: {
        model: { enum: ['resnet18', 'resnet20'], description: 'architecture' },
        seed: { type: 'integer', default: 0, description: 'seed' },
        recipe: {
          type: 'object',
          default: {},
          additionalProperties: false,
          description: 'how to train',
          properties: {
            epochs: { type: 'integer', minimum: 1, default: 90, description: 'epochs' },
            rate: { type: 'number', exclusiveMinimum: 0, default: 0.1, description: 'learning rate' },
          },
        },
      },
    },
    smoke: (options) => ({ ...options, recipe: { epochs: 1, rate: 0.1 } }),
    facts: ({ options, inputs }) => ({
      model: passOn(inputs['model'] ?? { model: textOf(options['model']), sparsity: 0 }),
    }),
  });
}

function prune(): TaskKind {
  return kind({
    kind: 'prune',
    inputs: { model },
    outputs: { model: { type: 'model', summary: 'the pruned model' } },
    options: {
      type: 'object',
      required: ['fraction'],
      additionalProperties: false,
      properties: {
        fraction: { type: 'number', minimum: 0, maximum: 1, description: 'share of what is left' },
      },
    },
    // Pruning all of a dense model is cheap, and pruning all of a sparse one is a mistake.
    resources: ({ fraction }) => (fraction === 1 ? { slots: 0, cpu: 1 } : { slots: 1 }),
    check: ({ options, inputs }) =>
      options['fraction'] === 1 && inputs['model']?.['sparsity'] !== 0
        ? { path: ['fraction'], message: 'nothing would be left', hint: 'take less' }
        : undefined,
    facts: ({ options, inputs }) => {
      const before = Number(inputs['model']?.['sparsity'] ?? 0);
      return {
        model: passOn(inputs['model'], { sparsity: 1 - (1 - before) * (1 - Number(options['fraction'])) }),
      };
    },
  });
}

function attribute(): TaskKind {
  return kind({
    kind: 'attribute',
    inputs: { model, data },
    outputs: { heatmaps: { type: 'heatmaps', summary: 'heatmaps', keep: 'until-used' } },
    options: {
      type: 'object',
      required: ['method'],
      additionalProperties: false,
      properties: {
        method: { enum: ['integrated-gradients', 'grad-cam', 'guided-grad-cam'], description: 'method' },
        steps: { type: 'integer', default: 50, minimum: 1, description: 'steps' },
      },
    },
    facts: ({ options, inputs }) => ({
      heatmaps: passOn(inputs['model'], { method: textOf(options['method']) }),
    }),
  });
}

function localise(): TaskKind {
  return kind({
    kind: 'localise',
    inputs: { heatmaps: { source: 'artifact', type: 'heatmaps', summary: 'heatmaps' }, data },
    outputs: { scores: { type: 'scores', summary: 'scores' } },
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        metrics: { type: 'array', items: { enum: ['rma', 'rra'] }, default: ['rma'], description: 'metrics' },
      },
    },
    facts: ({ inputs }) => ({ scores: passOn(inputs['heatmaps']) }),
  });
}

function lost(): TaskKind {
  return kind({
    kind: 'lost',
    inputs: { model, data },
    outputs: { boxes: { type: 'boxes', summary: 'boxes' } },
    options: { type: 'object', additionalProperties: false, properties: {} },
    facts: ({ inputs }) => ({ boxes: passOn(inputs['model']) }),
  });
}

function corloc(): TaskKind {
  return kind({
    kind: 'corloc',
    inputs: { boxes: { source: 'artifact', type: 'boxes', summary: 'boxes' }, data },
    outputs: { scores: { type: 'scores', summary: 'scores' } },
    options: { type: 'object', additionalProperties: false, properties: {} },
    resources: { slots: 0 },
    facts: ({ inputs }) => ({ scores: passOn(inputs['boxes']) }),
  });
}

function evaluate(): TaskKind {
  return kind({
    kind: 'evaluate',
    inputs: { model, data: { ...data, partOption: 'set' } },
    outputs: { scores: { type: 'scores', summary: 'scores' } },
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { set: { type: 'string', description: 'part of the data set' } },
    },
    facts: ({ options, inputs }) => ({ scores: passOn(inputs['model'], { set: textOf(options['set']) }) }),
  });
}

function report(): TaskKind {
  return kind({
    kind: 'report',
    inputs: { scores: { source: 'artifact', type: ['scores', 'table'], many: true, summary: 'scores' } },
    outputs: { page: { type: 'page', summary: 'page' } },
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { title: { type: 'string', default: '', description: 'title' } },
    },
    resources: { slots: 0 },
  });
}

function command(): TaskKind {
  return kind({
    kind: 'command',
    inputs: { inputs: { source: 'artifact-map', optional: true, summary: 'inputs by name' } },
    outputs: (options) =>
      Object.fromEntries(
        Object.entries(
          (options['outputs'] ?? {}) as { readonly [name: string]: { readonly type: string } },
        ).map(([name, { type }]) => [name, { type, summary: name }]),
      ),
    options: {
      type: 'object',
      required: ['run'],
      additionalProperties: false,
      properties: {
        run: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'argv' },
        outputs: {
          type: 'object',
          default: {},
          description: 'outputs',
          additionalProperties: {
            type: 'object',
            required: ['type'],
            additionalProperties: false,
            properties: { type: { type: 'string' }, path: { type: 'string' } },
          },
        },
      },
    },
    resources: { slots: 0 },
  });
}

function shapes(): DataAdapter {
  return {
    adapter: 'shapes',
    summary: 'drawn images',
    version: 1,
    embedded: true,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        split: { enum: ['train', 'masks', 'ood'], default: 'train', description: 'split' },
        images: { type: 'integer', default: 100, minimum: 1, description: 'images' },
      },
    },
    smoke: (options) => ({ ...options, images: 8 }),
    facts: (options) => ({ images: Number(options['images']) }),
    lists: (options) => (options['split'] === 'ood' ? { sets: fakeSets } : {}),
    list: () => Promise.resolve({ kind: 'listed', paths: [] }),
  };
}

function voc(): DataAdapter {
  return {
    adapter: 'voc',
    summary: 'PASCAL VOC',
    version: 1,
    embedded: false,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: { split: { type: 'string', default: 'val', description: 'split' } },
    },
    list: () => Promise.resolve({ kind: 'listed', paths: [] }),
  };
}
