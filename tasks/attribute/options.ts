import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import type { ResolvedOptions } from '../../engine/contract/task-kind.ts';
import { optionalText } from '../data/options.ts';
import { attributionMethodNamed, attributionMethods } from '../../vision/attribution/methods.ts';

const common = {
  method: { enum: attributionMethods.map((method) => method.name), description: 'How pixels are explained.' },
  images: {
    type: 'integer',
    minimum: 1,
    description: 'At most so many images, spread evenly over the data set. Default: all.',
  },
  target: {
    type: 'string',
    minLength: 1,
    default: 'predicted',
    description:
      "The class to explain: `predicted`, `label` (the image's own), or the name of a class of the model.",
  },
  previews: {
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 6,
    description: 'How many images are drawn for the report, spread evenly over those that are explained.',
  },
  precision: {
    enum: ['float32', 'float16'],
    default: 'float32',
    description: 'How the maps are stored; float16 halves them.',
  },
  memory_gib: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 2,
    description:
      'About how much memory a pass through the network may take; decides how many images go together.',
  },
} as const;

/** The common options, and those of every method side by side. Two methods' options of one name must be the same. */
export function attributeOptions(): JsonSchema {
  const properties: { [option: string]: JsonObject } = { ...common };
  for (const { name, options } of attributionMethods) {
    for (const [option, schema] of Object.entries(options)) {
      const { enum: choices, ...rest } = schema;
      const sharers = attributionMethods.filter((method) => method.options[option] !== undefined);
      if (Object.hasOwn(common, option) || sharers.some((method) => method.options[option] !== schema))
        throw new Error(`option ${option} of ${name} is taken`);
      properties[option] = {
        ...rest,
        ...(choices === undefined ? {} : { enum: [...choices] }),
        description: `${sharers.map((method) => method.name).join(', ')}: ${schema.description}`,
      };
    }
  }
  return { type: 'object', properties, required: ['method'], additionalProperties: false };
}

/** Leaves out what belongs to other methods: on a matrix of methods, a change of `steps` touches only those that step. */
export function ownOptions(options: JsonObject): ResolvedOptions {
  const method = attributionMethodNamed(methodOf(options));
  if (method === undefined) {
    return {
      kind: 'invalid',
      path: ['method'],
      message: `no attribution method ${methodOf(options)}`,
    };
  }
  const kept = Object.entries(options).filter(
    ([name]) => Object.hasOwn(common, name) || Object.hasOwn(method.options, name),
  );
  return { kind: 'resolved', options: Object.fromEntries(kept) };
}

/** The name of the method; empty where none is said, which the schema refuses. */
export function methodOf(options: JsonObject): string {
  return optionalText(options, 'method') ?? '';
}
