import { serveWorker } from '../engine/worker/serve-worker.ts';
import { registry } from './registry.ts';
import { chosenBackend } from './start-backend.ts';

const options = { registry, startBackend: chosenBackend };
const [specFile, predecessorCode] = process.argv.slice(2);

/** Started by the driver, once for each slot; or by a cluster, once for each job. The backend is chosen here and nowhere else. */
if (specFile === undefined) await serveWorker(options);
else await (await import('../engine/worker/serve-batch.ts')).serveBatch(options, specFile, predecessorCode);
