import { runAsGraphs } from './graph/run-as-graphs.ts';
import { runEagerly, type NamedTensors, type Programs, type RunningPrograms } from './program.ts';
import { tf } from './tf.ts';

/**
 * Runs programs in the fastest way that the backend has: as graphs on TensorFlow, operation by operation elsewhere. Takes
 * over the tensors of `state`.
 */
export function startPrograms(programs: Programs, state: NamedTensors): RunningPrograms {
  return tf.getBackend() === 'tensorflow' ? runAsGraphs(programs, state) : runEagerly(programs, state);
}
