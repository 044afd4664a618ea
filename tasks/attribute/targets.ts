import { TaskError } from '../../engine/contract/task-context.ts';
import type { Targets } from '../../vision/attribution/differentiable.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';

export interface TargetRequest {
  /** `predicted`, `label`, or the name of a class. */
  readonly target: string;
  readonly classes: readonly string[];
  readonly set: ImageSet;
  /** Which records. */
  readonly indices: Int32Array;
}

/** The class that each image is explained for, as an index into the model's classes; or that the model is to say. */
export function givenTargets({ target, classes, set, indices }: TargetRequest): Targets {
  if (target === 'predicted') return target;
  if (target !== 'label') return new Int32Array(indices.length).fill(classNamed(target, classes));
  return Int32Array.from(indices, (index) => {
    const { label, id } = set.records[index]!;
    const name = set.classes[label];
    if (name === undefined) throw new TaskError('task', `${id} has no label: choose another target`);
    return classNamed(name, classes);
  });
}

function classNamed(name: string, classes: readonly string[]): number {
  const index = classes.indexOf(name);
  if (index < 0) throw new TaskError('task', `the model has no class ${name}`);
  return index;
}
