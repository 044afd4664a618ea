import { serveWorker } from '../../../engine/worker/serve-worker.ts';
import { scriptedRegistry } from './scripted-kinds.ts';

await serveWorker({
  registry: scriptedRegistry,
  startBackend: () => Promise.resolve({ backend: 'cpu', versions: {}, device: 'cpu' }),
});
