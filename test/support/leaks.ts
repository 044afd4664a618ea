import { expect } from 'vitest';
import { tf } from '../../vision/tensors/index.ts';

/**
 * Runs `work` and expects as many live tensors after it as before; what it returns must not hold new ones. The first run is
 * not counted: it may fill caches that live as long as the process.
 */
export async function expectNoLeak<T>(work: () => T | Promise<T>): Promise<T> {
  await work();
  const before = tf.memory().numTensors;
  const result = await work();
  expect(tf.memory().numTensors - before, 'tensors leaked').toBe(0);
  return result;
}
