import type { Registry } from '../engine/contract/registry.ts';
import type { PlannedTask } from '../engine/plan/plan.ts';

/** Which type of artifact an output of a task is. */
export function outputType(registry: Registry, task: PlannedTask, output: string): string | undefined {
  const outputs = registry.kinds.find((kind) => kind.kind === task.kind)?.outputs;
  return (typeof outputs === 'function' ? outputs(task.options) : outputs)?.[output]?.type;
}
