import { runAsGraphs } from './graph/run-as-graphs.ts';
import { runEagerly, type NamedTensors, type Programs, type RunningPrograms } from './program.ts';
import { tf } from './tf.ts';

/** So many steps earn what making their graphs takes: half a second to a few. */
const WORTH_GRAPHS = 50;

/**
 * Runs programs in the fastest way that the backend has: as graphs on TensorFlow, operation by operation elsewhere and where
 * they are to run only a few times. The ways differ in rounding, so for steps that are interrupted and go on, `steps` has to be
 * the number of all. Takes over the tensors of `state`.
 */
export function startPrograms(
  programs: Programs,
  state: NamedTensors,
  { steps }: { readonly steps: number },
): RunningPrograms {
  const asGraphs = tf.getBackend() === 'tensorflow' && steps >= WORTH_GRAPHS;
  return asGraphs ? runAsGraphs(programs, state) : runEagerly(programs, state);
}
