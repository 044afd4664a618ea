// Does one thing to a store, as whoever runs it, and prints what came of it: `store-actor.mjs STORE ACT [ARGUMENT]`.
import { Buffer } from 'node:buffer';
import { mkdir, writeFile } from 'node:fs/promises';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { openStore } = await load('cache/open-store.js');
const { digestOf, taskKeyOf } = await load('cache/digest.js');
const { collectGarbage } = await load('cache/upkeep/collect-garbage.js');
const { systemClock } = await load('cache/clock.js');

const [dir, act, argument = ''] = process.argv.slice(2);
const key = taskKeyOf(digestOf('a task'));
const dayMs = 24 * 60 * 60 * 1000;

// So that the file index remembers files that are just made.
const clock = { ...systemClock, wallMs: () => Date.now() + 3_600_000 };

const acts = {
  put: ({ blobs }) => blobs.putBytes(argument),
  read: async ({ blobs }) => {
    const read = await blobs.read(digestOf(argument));
    return read.kind === 'found' ? { kind: 'found', text: Buffer.from(read.bytes).toString() } : read;
  },
  // The inner folder is the task's own doing.
  snapshot: ({ snapshots }) =>
    snapshots.save(key, async (into) => {
      await mkdir(`${into}/inner`);
      await writeFile(`${into}/inner/weights`, argument);
    }),
  newest: async ({ snapshots }) => (await snapshots.newest(key))?.number ?? null,
  clear: async ({ snapshots }) => {
    await snapshots.clear(key);
    return (await snapshots.newest(key)) ?? null;
  },
  index: async ({ fileIndex }) => {
    let readBytes = 0;
    const request = { root: argument, paths: ['a', 'b'], onProgress: (done) => (readBytes = done.readBytes) };
    const { kind } = await fileIndex.digests(request);
    return { kind, readBytes };
  },
  claim: async ({ claims }) => (await claims.acquire(key)).kind,
  // A day after the last day: all that no root reaches is set aside, and deleted the second time.
  collect: (store) => collectGarbage({ store, roots: [], nowMs: Date.now() + Number(argument) * 2 * dayMs }),
};

const opened = await openStore({ dir, clock });
if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
console.log(JSON.stringify(await acts[act](opened.store)));
// A claim that is not released is one that its owner left when it died.
process.exit();
