import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import type { Registry } from '../contract/registry.ts';
import type { InputPort, TaskKind } from '../contract/task-kind.ts';
import { acceptExpressions, acceptInside, expressionSchema } from './accept-expressions.ts';
import { durationPattern, sizePattern } from './units-of-measure.ts';

/** The schema of a whole study file, made from what the registry knows: for validation, and for editors to complete. */
export function studySchema(registry: Registry): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'sweetspot study',
    description:
      'A study: params, data, axes and the tasks of a DAG. References between tasks are its edges.',
    type: 'object',
    required: ['study', 'tasks'],
    properties: {
      study: {
        type: 'string',
        minLength: 1,
        maxLength: 100,
        // It names the folder that results are laid out in.
        pattern: '^(?!\\.{1,2}$)[^/\\\\\\p{Cc}\\p{Cf}]+$',
        description: 'The name of the study: one word or several, without slashes and control characters.',
      },
      description: { type: 'string', description: 'What it is about.' },
      params: {
        type: 'object',
        description: 'Values to turn from the command line (--param k=v). null: required.',
      },
      data: {
        type: 'object',
        description: 'Data sets. Where they lie on this machine is said elsewhere (--data NAME=PATH).',
        patternProperties: { '^x-': {} },
        additionalProperties: dataEntry(registry),
      },
      matrix: matrixSchema('Axes of the study. An axis multiplies only the tasks that it reaches.'),
      defaults: {
        type: 'object',
        description: 'What fills the `with` and `resources` of every task of a kind.',
        properties: Object.fromEntries(registry.kinds.map((kind) => [kind.kind, defaultsEntry(kind)])),
        patternProperties: { '^x-': {} },
        additionalProperties: false,
      },
      tasks: { $ref: '#/$defs/tasks' },
    },
    patternProperties: { '^x-': { description: 'A place for anchors; not read.' } },
    additionalProperties: false,
    $defs: {
      expression: expressionSchema,
      tasks: {
        type: 'object',
        description: 'Tasks and groups of tasks, by name.',
        minProperties: 1,
        patternProperties: { '^x-': {} },
        additionalProperties: taskEntry(registry),
      },
    },
  };
}

function dataEntry(registry: Registry): JsonSchema {
  return {
    type: 'object',
    required: ['uses'],
    properties: {
      uses: {
        enum: registry.adapters.map((adapter) => adapter.adapter),
        description: registry.adapters.map(({ adapter, summary }) => `${adapter}: ${summary}`).join('\n'),
      },
      root: {
        type: 'string',
        description: 'Under which name --data gives the folder; the entry’s own if left out.',
      },
    },
    allOf: registry.adapters.map(({ adapter, options }) => ({
      if: usesIs(adapter),
      then: openProperties(acceptInside(options), ['uses', 'root']),
    })),
  };
}

function taskEntry(registry: Registry): JsonSchema {
  const { kinds } = registry;
  return {
    type: 'object',
    properties: {
      uses: {
        type: 'string',
        description: [
          'What the task does:',
          ...kinds.map(({ kind, summary }) => `${kind}: ${summary}`),
          'pool: a list of models, known at plan time',
          './file.yaml: a study as a template',
        ].join('\n'),
        anyOf: [{ enum: [...kinds.map((kind) => kind.kind), 'pool'] }, { pattern: '^\\.\\.?/' }],
      },
      with: { type: 'object', description: 'Inputs and options of the task.' },
      tasks: { $ref: '#/$defs/tasks' },
      repeat: repeatSchema,
      each: {
        type: 'string',
        description: 'One instance for each instance (or pool member) of this task; `member` is it.',
      },
      per: {
        ...namesSchema,
        description: 'One instance for each value of these axes; `all` gathers within them.',
      },
      matrix: matrixSchema('Axes of this task alone.'),
      if: {
        type: ['string', 'boolean'],
        description: 'A bare expression; where it is false the instance is left out.',
      },
      needs: { ...namesSchema, description: 'Tasks to wait for without taking their outputs.' },
      retries: acceptExpressions({
        type: 'integer',
        minimum: 0,
        maximum: 100,
        description: 'How often a failed attempt is repeated.',
      }),
      timeout: durationSchema('How long it may run: 90s, 20min, 2h; a bare number is seconds.'),
      stall: durationSchema(
        'How long it may give no sign of progress (15min if not said). For a command: neither output nor work of its programs.',
      ),
      resources: resourcesSchema,
      keep: {
        description: 'until-used: the bytes of outputs may go once every planned consumer has its result.',
        anyOf: [
          keepSchema,
          { type: 'object', additionalProperties: keepSchema },
          { $ref: '#/$defs/expression' },
        ],
      },
      description: { type: 'string' },
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
    allOf: [
      ...kinds.map((kind) => ({ if: usesIs(kind.kind), then: { properties: { with: withSchema(kind) } } })),
      {
        if: usesIs('pool'),
        then: { required: ['with'], properties: { with: poolWith, repeat: false, tasks: false } },
      },
    ],
  };
}

/** Inputs take references, options their values; a name that is both takes either. */
function withSchema(kind: TaskKind): JsonSchema {
  const options = acceptInside(kind.options);
  const own = isObject(options['properties']) ? options['properties'] : {};
  const inputs = Object.entries(kind.inputs).map(([name, port]): readonly [string, Json] => {
    const option = own[name];
    return [name, option === undefined ? portSchema(port) : { anyOf: [option, portSchema(port)] }];
  });
  return { ...options, properties: { ...own, ...Object.fromEntries(inputs) } };
}

function portSchema(port: InputPort): JsonObject {
  const reference = { $ref: '#/$defs/expression' };
  switch (port.source) {
    case 'data':
      return { description: `${port.summary} (a data set)`, ...reference };
    case 'artifact-map':
      return {
        description: port.summary,
        anyOf: [{ type: 'object', additionalProperties: reference }, reference],
      };
    case 'artifact': {
      const description = `${port.summary} (${String(port.type)})`;
      if (port.many !== true) return { description, ...reference };
      return { description, anyOf: [{ type: 'array', items: reference }, reference] };
    }
  }
}

function defaultsEntry(kind: TaskKind): JsonSchema {
  return {
    type: 'object',
    description: kind.summary,
    properties: { with: withSchema(kind), resources: resourcesSchema },
    additionalProperties: false,
  };
}

function usesIs(name: string): JsonObject {
  return { properties: { uses: { const: name } }, required: ['uses'] };
}

/** An adapter's options stand beside the engine's own keys. */
function openProperties(schema: JsonSchema, names: readonly string[]): JsonSchema {
  const own = isObject(schema['properties']) ? schema['properties'] : {};
  const open = Object.fromEntries(names.map((name) => [name, own[name] ?? {}]));
  return { ...schema, properties: { ...open, ...own }, patternProperties: { '^x-': {} } };
}

function matrixSchema(description: string): JsonSchema {
  return {
    type: 'object',
    description,
    patternProperties: { '^x-': {} },
    additionalProperties: {
      anyOf: [
        { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
        { $ref: '#/$defs/expression' },
      ],
    },
  };
}

const namesSchema: JsonSchema = { type: 'array', minItems: 1, items: { type: 'string' } };
const keepSchema: JsonSchema = { enum: ['always', 'until-used'] };

const poolWith: JsonSchema = {
  type: 'object',
  description: '{ models: [ … ] }, the list of its members.',
  required: ['models'],
  properties: {
    models: {
      description: 'References to models, and lists of them (all.t.model); positions count from 0.',
      anyOf: [
        { type: 'array', minItems: 1, items: { $ref: '#/$defs/expression' } },
        { $ref: '#/$defs/expression' },
      ],
    },
  },
  additionalProperties: false,
};

const repeatSchema: JsonSchema = {
  type: 'object',
  description: 'Chains the group: `previous` is `from`, then the last round’s `to`.',
  required: ['from', 'to'],
  properties: {
    from: { $ref: '#/$defs/expression', description: 'What the first round starts from.' },
    to: { $ref: '#/$defs/expression', description: 'What a round hands to the next.' },
    times: {
      type: ['integer', 'string'],
      minimum: 0,
      maximum: 1000,
      description: 'How many rounds: a number or a bare expression.',
    },
    until: {
      type: 'string',
      description: 'A bare expression over facts; the round in which it is true is the last.',
    },
    as: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      default: 'step',
      description: 'The name of the axis of rounds (step).',
    },
  },
  oneOf: [{ required: ['times'] }, { required: ['until'] }],
  additionalProperties: false,
};

const count = (description: string): JsonSchema =>
  acceptExpressions({ type: 'integer', minimum: 0, maximum: 4096, description });

const durationSchema = (description: string): JsonSchema =>
  acceptExpressions({
    anyOf: [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'string', pattern: durationPattern, description: 'a duration such as 90s, 20min or 2h' },
    ],
    description,
  });

const resourcesSchema: JsonSchema = {
  type: 'object',
  description: 'What the task needs while it runs.',
  properties: {
    slots: count('Slots of whichever device there is.'),
    gpu: count('GPU slots, as a hard demand.'),
    cpu: count('CPU cores, for tasks without a slot.'),
    memory: acceptExpressions({
      anyOf: [
        { type: 'integer', minimum: 1 },
        { type: 'string', pattern: sizePattern, description: 'a size such as 8GB or 512MiB' },
      ],
      description: 'Memory that is set aside for it, and its limit: 8GB, 512MiB, or bytes.',
    }),
  },
  additionalProperties: false,
};

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
