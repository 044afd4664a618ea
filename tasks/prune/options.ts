import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import type { ResolvedOptions } from '../../engine/contract/task-kind.ts';
import type { PruningAmount } from '../../vision/pruning/amount.ts';
import type { PruningMethod } from '../../vision/pruning/method.ts';
import { pruningMethodNamed, pruningMethods } from '../../vision/pruning/registry.ts';
import { optionalGroups, type Scope } from '../../vision/pruning/scope.ts';

/** A fifth of what is left, as in the lottery-ticket experiments (Frankle and Carbin 2019). */
const usualFraction = 0.2;

const amounts = {
  fraction: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description:
      'Share of the weights that are left, rounded half to even. 0.2 where neither a count nor a sparsity is given.',
  },
  count: { type: 'integer', minimum: 0, description: 'Number of weights, in place of a fraction.' },
  sparsity: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'Share of all weights in scope that is masked afterwards, in place of a fraction.',
  },
} as const;

const common = {
  method: {
    enum: pruningMethods.map(({ name }) => name),
    default: 'global-magnitude',
    description: pruningMethods.map(({ name, summary }) => `${name}: ${summary}`).join('. '),
  },
  include: {
    type: 'array',
    items: { enum: [...optionalGroups] },
    uniqueItems: true,
    default: [],
    description: 'What to prune beside all convolutions and linear layers, of models that have it.',
  },
  exclude: {
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 200 },
    uniqueItems: true,
    default: [],
    description:
      'Layers that stay as they are, by their names in the state dict, or modules with all that is in them: [conv1, layer4, fc]; * stands for any text between dots.',
  },
} as const;

/** The common options, and those of every method side by side. Two methods' options of one name are the same. */
export function pruneOptions(): JsonSchema {
  const properties: { [option: string]: JsonObject } = { ...common, ...amounts };
  const owners = new Map<string, string[]>();
  for (const { name, options } of pruningMethods)
    for (const option of Object.keys(options)) owners.set(option, [...(owners.get(option) ?? []), name]);
  for (const { name, options } of pruningMethods)
    for (const [option, { enum: choices, ...schema }] of Object.entries(options)) {
      const described: JsonObject = {
        ...schema,
        ...(choices === undefined ? {} : { enum: [...choices] }),
        description: `${owners.get(option)!.join(', ')}: ${schema.description}`,
      };
      const known = properties[option];
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(described))
        throw new Error(`option ${option} of ${name} is another one already`);
      properties[option] = described;
    }
  return { type: 'object', properties, additionalProperties: false };
}

/**
 * Settles the amount, and leaves out what belongs to other methods: on a matrix of methods, a change of `pattern` touches
 * only those that have one.
 */
export function resolvePrune(options: JsonObject): ResolvedOptions {
  const given = Object.keys(amounts).filter((name) => options[name] !== undefined);
  if (given.length > 1)
    return {
      kind: 'invalid',
      path: [given[1]!],
      message: `a ${given.join(' and a ')} contradict each other`,
      hint: 'give one of them',
    };
  const method = methodOf(options);
  const amount = method.amountOf === undefined ? {} : amountGiven(options, given[0]);
  const own = Object.keys(method.options).filter((name) => options[name] !== undefined);
  return {
    kind: 'resolved',
    options: {
      method: method.name,
      ...sortedLists(options),
      ...amount,
      ...Object.fromEntries(own.map((name) => [name, options[name]!])),
      ...(method.scoring === undefined ? {} : { batches: options['batches'] ?? method.scoring.batches }),
    },
  };
}

function amountGiven(options: JsonObject, name: string | undefined): JsonObject {
  return name === undefined ? { fraction: usualFraction } : { [name]: options[name]! };
}

/** In one order, since theirs changes no result. */
function sortedLists(options: JsonObject): JsonObject {
  const lists = (['include', 'exclude'] as const).filter((name) => options[name] !== undefined);
  return Object.fromEntries(lists.map((name) => [name, [...(options[name] as string[])].sort()]));
}

/** The method of options; the schema lets no other name through. */
export function methodOf({ method: name = common.method.default }: JsonObject): PruningMethod {
  const method = typeof name === 'string' ? pruningMethodNamed(name) : undefined;
  if (method === undefined) throw new Error(`no pruning method ${JSON.stringify(name)}`);
  return method;
}

/** The amount of resolved options; undefined of methods that need none. */
export function amountOf({ fraction, count, sparsity }: JsonObject): PruningAmount | undefined {
  if (typeof count === 'number') return { kind: 'count', count };
  if (typeof sparsity === 'number') return { kind: 'sparsity', sparsity };
  if (typeof fraction === 'number') return { kind: 'fraction', fraction };
  return undefined;
}

export function scopeOf({ include = [], exclude = [] }: JsonObject): Scope {
  return { include: include as string[], exclude: exclude as string[] };
}
