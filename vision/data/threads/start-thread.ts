import { Worker } from 'node:worker_threads';

/** Starts a thread of the loader: from its source where this runs from sources, else from what was built. */
export function startThread(): Worker {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new Worker(new URL('./from-source.mjs', here), { execArgv: [] });
  // This code may have become part of any file of the built command; the entry stays where it was.
  const dist = here.slice(0, here.lastIndexOf('/dist/'));
  return new Worker(new URL(`${dist}/dist/vision/data/threads/entry.js`));
}
