import type { Digest } from '../../cache/digest.ts';
import type { PlannedInput, TaskId } from '../plan/plan.ts';
import type { ActionInput } from './action.ts';

/** Digest of an output of the plan, or undefined where it is not known yet. */
export type OutputLookup = (task: TaskId, output: string) => Digest | undefined;

/** What a key holds of an input that other tasks make, or the first of them without a result. */
export function artifactInput(
  input: Exclude<PlannedInput, { kind: 'data' }>,
  outputOf: OutputLookup,
): ActionInput | { readonly kind: 'waiting'; readonly producer: TaskId } {
  if (input.kind === 'artifact') {
    const artifact = outputOf(input.from, input.output);
    return artifact === undefined ? { kind: 'waiting', producer: input.from } : { artifact };
  }
  const gathered: {
    coordinates: (typeof input.items)[number]['coordinates'];
    facts: (typeof input.items)[number]['facts'];
    artifact: Digest;
  }[] = [];
  for (const { from, output, coordinates, facts } of input.items) {
    const artifact = outputOf(from, output);
    if (artifact === undefined) return { kind: 'waiting', producer: from };
    gathered.push({ coordinates, facts, artifact });
  }
  return { gathered };
}
