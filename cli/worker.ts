import { serveWorker } from '../engine/worker/serve-worker.ts';
import { registry } from './registry.ts';
import { chosenBackend } from './start-backend.ts';

/** Started by the driver, once for each slot. The backend is chosen here and nowhere else. */
await serveWorker({ registry, startBackend: chosenBackend });
