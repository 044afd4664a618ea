// Has a store open, and does to it what it is told: a line `{ number, act, argument }` each, answered by `{ number, answer }`. The clock
// of its claims goes only when told to (`pass SECONDS`).
import { Buffer } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const { openStore } = await load('cache/open-store.js');
const { digestOf, taskKeyOf } = await load('cache/digest.js');
const { collectGarbage } = await load('cache/upkeep/collect-garbage.js');
const { serverTimeMs } = await load('cache/upkeep/server-clock.js');

let passedMs = 0;
const beats = new Set();
const clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => passedMs,
  every(everyMs, action) {
    const beat = { everyMs, action, dueMs: passedMs + everyMs };
    beats.add(beat);
    return { [Symbol.dispose]: () => void beats.delete(beat) };
  },
};

const opened = await openStore({ dir: process.argv[2], clock });
if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
const { store } = opened;
const keyOf = (name) => taskKeyOf(digestOf(`task ${name}`));
const held = new Map();

/** A result whose one output is a file of this text. */
async function resultOf(name, text) {
  const blob = await store.blobs.putBytes(text);
  const provenance = {
    kind: 'test',
    startedAt: new Date(0).toISOString(),
    durationMs: 1,
    deviceClass: 'cpu-t1',
    backend: 'none',
    versions: {},
  };
  return { format: 1, key: keyOf(name), outputs: { out: blob.digest }, provenance };
}

async function claim(name) {
  const got = await store.claims.acquire(keyOf(name));
  if (got.kind === 'acquired') held.set(name, got.claim);
  return got.kind;
}

const longText = (prefix, number) => `${prefix} ${number} `.repeat(40_000);

const acts = {
  claim,
  async release(name) {
    await held.get(name).release();
    held.delete(name);
    return 'released';
  },
  async releaseAll() {
    for (const each of held.values()) await each.release();
    held.clear();
    return 'released';
  },
  pass(seconds) {
    passedMs += seconds * 1000;
    for (const beat of beats) for (; beat.dueMs <= passedMs; beat.dueMs += beat.everyMs) beat.action();
    return 'passed';
  },
  /** Asks for keys in this order, and once more for those that it did not get; answers with those that it got. */
  async race(numbers) {
    const got = new Set();
    // Of two that ask at the same moment both may be turned away.
    for (let round = 0; round < 2; round += 1) {
      for (const number of numbers) {
        if (!got.has(number) && (await claim(`race ${number}`)) === 'acquired') got.add(number);
      }
    }
    return [...got];
  },
  put: async ({ name, text }) => (await store.actions.put(await resultOf(name, text))).kind,
  look: async (name) => (await store.actions.get(keyOf(name))).kind,
  lookAnew: async (name) => (await store.actions.get(keyOf(name), { anew: true })).kind,
  read: async (text) => {
    const read = await store.blobs.read(digestOf(text));
    return read.kind === 'found' ? Buffer.from(read.bytes).toString() : read.kind;
  },
  /** Publishes so many results, each with a text that is long and tells its number. */
  async publish({ prefix, count }) {
    for (let number = 0; number < count; number += 1) {
      await store.actions.put(await resultOf(`${prefix} ${number}`, longText(prefix, number)));
    }
    return count;
  },
  /** Looks for them all the while, until all are there; answers with what was not as it should be. */
  async watch({ prefix, count }) {
    const wrong = [];
    const left = new Set(Array.from({ length: count }, (_, index) => index));
    while (left.size > 0) {
      for (const number of left) {
        const found = await store.actions.get(keyOf(`${prefix} ${number}`), { anew: true });
        if (found.kind === 'absent') continue;
        left.delete(number);
        const read = found.kind === 'found' ? await store.blobs.read(found.result.outputs.out) : found;
        const isRight =
          read.kind === 'found' && Buffer.from(read.bytes).toString() === longText(prefix, number);
        if (!isRight) wrong.push([number, read.kind]);
      }
    }
    return wrong;
  },
  save: async ({ name, text }) =>
    (await store.snapshots.save(keyOf(name), (dir) => writeFile(`${dir}/weights`, text))).number,
  newest: async (name) => {
    const found = await store.snapshots.newest(keyOf(name));
    return found === undefined ? 'none' : await readFile(`${found.dir}/weights`, 'utf8');
  },
  /** By how much this host's clock is ahead of the server's, in hours. */
  ahead: async () => Math.round((Date.now() - (await serverTimeMs(store))) / 3_600_000),
  collect: () => collectGarbage({ store, roots: [] }),
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const { number, act, argument } = JSON.parse(line);
  console.log(JSON.stringify({ number, answer: await acts[act](argument) }));
}
