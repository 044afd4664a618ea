import type { BackendRequest, StartedBackend } from '../engine/worker/serve-worker.ts';
import type { BackendName } from '../vision/tensors/index.ts';

/** Starts the backend that `--backend` names, or the fastest there is. Loaded here, so that light tasks start without it. */
export async function chosenBackend(request: BackendRequest): Promise<StartedBackend> {
  const { availableBackends, startBackend } = await import('../vision/tensors/index.ts');
  const wanted = backendName(availableBackends());
  const { backend, version, gpu } = await startBackend({ backend: wanted, threads: request.threads });
  return { backend, versions: { [backend]: version }, device: gpu ? 'gpu' : 'cpu' };
}

/** `--backend` reaches the worker through the environment; without it, the fastest there is. */
function backendName(
  available: readonly { readonly backend: BackendName; readonly available: boolean }[],
): BackendName {
  const wanted = process.env['SWEETSPOT_BACKEND'];
  const found = available.find(
    (each) => each.available && (wanted === undefined || wanted === '' || each.backend === wanted),
  );
  if (found === undefined)
    throw new Error(`the backend '${wanted ?? ''}' is not available here; see sweetspot doctor`);
  return found.backend;
}
