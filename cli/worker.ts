import { serveWorker } from '../engine/worker/serve-worker.ts';
import type { BackendRequest, StartedBackend } from '../engine/worker/serve-worker.ts';
import { availableBackends, startBackend } from '../vision/tensors/index.ts';
import type { BackendName } from '../vision/tensors/index.ts';
import { registry } from './registry.ts';

/** Started by the driver, once for each slot. The backend is chosen here and nowhere else. */
await serveWorker({ registry, startBackend: chosenBackend });

async function chosenBackend(request: BackendRequest): Promise<StartedBackend> {
  const { backend, version } = await startBackend({ backend: backendName(), threads: request.threads });
  return { backend, versions: { [backend]: version } };
}

/** `--backend` reaches the worker through the environment; without it, the fastest there is. */
function backendName(): BackendName {
  const wanted = process.env['SWEETSPOT_BACKEND'];
  const found = availableBackends().find((each) => each.available && (wanted === undefined || wanted === '' || each.backend === wanted));
  if (found === undefined) throw new Error(`the backend '${wanted ?? ''}' is not available here; see sweetspot doctor`);
  return found.backend;
}
