import { serveBatch } from '../../../engine/worker/serve-batch.ts';
import { serveWorker } from '../../../engine/worker/serve-worker.ts';
import type { WorkerOptions } from '../../../engine/worker/serve-worker.ts';
import { scriptedRegistry } from './scripted-kinds.ts';

const options: WorkerOptions = {
  registry: scriptedRegistry,
  startBackend: () => Promise.resolve({ backend: 'cpu', versions: {}, device: 'cpu' }),
};
const [specFile, predecessorCode] = process.argv.slice(2);
if (specFile === undefined) await serveWorker(options);
else await serveBatch(options, specFile, predecessorCode);
