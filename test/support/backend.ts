import { availableBackends, startBackend, type BackendName } from '../../vision/tensors/index.ts';

/**
 * Starts the backend for tests, once in a test file: TensorFlow where it has been set up, else wasm. `SWEETSPOT_TEST_BACKEND`
 * names another. One thread, so that results do not depend on the machine.
 */
export async function useTestBackend(): Promise<BackendName> {
  const wanted = process.env['SWEETSPOT_TEST_BACKEND'];
  const available = availableBackends().filter((entry) => entry.available);
  const chosen = available.find((entry) => entry.backend === wanted) ?? available[0]!;
  const info = await startBackend({ backend: chosen.backend, threads: 1 });
  return info.backend;
}
