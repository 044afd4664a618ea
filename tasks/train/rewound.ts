import { isDeepStrictEqual } from 'node:util';
import { TaskError } from '../../engine/contract/task-context.ts';
import type { StoredModel } from '../model/stored-model.ts';

/**
 * A model with the weights and running statistics that it had at an earlier time; what is pruned of it stays so, and all
 * else stays its own (weight rewinding: Frankle et al. 2020, section 4; Renda et al. 2020, algorithm 2).
 */
export function rewound(model: StoredModel, earlier: StoredModel): StoredModel {
  const differs = difference(model, earlier);
  if (differs !== undefined) throw new TaskError('task', `'rewind_to' is no earlier 'model': ${differs}`);
  return {
    ...model,
    state: earlier.state,
    trained: { ...model.trained, epochs: earlier.trained['epochs'] ?? 0 },
  };
}

function difference(model: StoredModel, earlier: StoredModel): string | undefined {
  const names = [model.description.name, earlier.description.name];
  if (names[0] !== names[1]) return `the one is a ${names[1]}, the other a ${names[0]}`;
  if (!isDeepStrictEqual(model.classes, earlier.classes)) return 'they tell other classes apart';
  if (!isDeepStrictEqual(model.config, earlier.config)) return 'they are built otherwise';
  return undefined;
}
