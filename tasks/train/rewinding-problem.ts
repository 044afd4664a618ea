import type { FactsRequest, OptionProblem } from '../../engine/contract/task-kind.ts';

/** What a plan can tell to be wrong with `rewind_to`: the worker looks again, at the checkpoints themselves. */
export function rewindingProblem({ options, inputs }: FactsRequest): OptionProblem | undefined {
  const { rewind_to: earlier, model } = inputs;
  if (earlier === undefined) return undefined;
  const path = ['rewind_to'];
  if (typeof options['model'] === 'string')
    return {
      path,
      message: `rewinding keeps what is pruned of a checkpoint, and ${options['model']} is a fresh model`,
      hint: 'model: "${{ cut.model }}"',
    };
  for (const fact of ['model', 'classes'] as const) {
    const [then, now] = [earlier[fact], model?.[fact]];
    if (then !== undefined && now !== undefined && then !== now)
      return { path, message: `it has ${fact} ${then}, and what is trained has ${fact} ${now}` };
  }
  return undefined;
}
