// A thread that does one thing to a store at a time, and stops before each of its calls to the file system until it is
// let go on: so that a test decides in what order the calls of several such threads come.
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

const running = 0;
const stopped = 1;
const ended = 2;
const state = new Int32Array(workerData.state);
let isStepwise = false;

function stop() {
  Atomics.store(state, 0, stopped);
  Atomics.notify(state, 0);
  while (Atomics.load(state, 0) === stopped) Atomics.wait(state, 0, stopped);
}

function makeStepwise(owner, names) {
  for (const name of names) {
    const real = owner[name];
    owner[name] = (...args) => {
      if (isStepwise) stop();
      return real(...args);
    };
  }
}

const both = [
  'open',
  'writeFile',
  'rename',
  'link',
  'unlink',
  'readdir',
  'readFile',
  'stat',
  'utimes',
  'mkdir',
  'rm',
  'rmdir',
];
makeStepwise(fs, [...both.map((name) => `${name}Sync`), 'fsyncSync']);
makeStepwise(fs.promises, both);
syncBuiltinESMExports();

const load = (path) => import(pathToFileURL(join(workerData.dist, path)).href);
const { openStore } = await load('cache/open-store.js');
const { collectGarbage } = await load('cache/upkeep/collect-garbage.js');

const acts = {
  put: ({ blobs }, text) => blobs.putBytes(text),
  read: async ({ blobs }, digest) => {
    const read = await blobs.read(digest);
    return read.kind === 'found' ? { kind: 'found', text: Buffer.from(read.bytes).toString() } : read;
  },
  collect: (store, roots) => collectGarbage({ store, roots }),
};

parentPort.on('message', async ({ dir, act, of }) => {
  let result;
  try {
    const { store } = await openStore({ dir });
    isStepwise = true;
    result = await acts[act](store, of);
  } catch (error) {
    result = { kind: 'thrown', message: String(error?.stack ?? error) };
  }
  isStepwise = false;
  parentPort.postMessage(result);
  Atomics.store(state, 0, ended);
  Atomics.notify(state, 0);
});
parentPort.postMessage({ kind: 'ready', running });
