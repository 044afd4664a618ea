// A host that claims keys of a store, by a clock that goes only when told to. Reads a request a line, answers a line each:
// `claim N`: acquired | held; `pass SECONDS`: ok; `race COUNT`: asks for the keys 1 to COUNT in turn, and says which it got.
import { createInterface } from 'node:readline';

const load = (path) => import(new URL(`../../../dist/${path}`, import.meta.url).href);
const { openStore } = await load('cache/open-store.js');
const { digestOf, taskKeyOf } = await load('cache/digest.js');

let nowMs = 0;
const beats = new Set();
const clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => nowMs,
  every(everyMs, action) {
    const beat = { everyMs, action, dueMs: nowMs + everyMs };
    beats.add(beat);
    return { [Symbol.dispose]: () => void beats.delete(beat) };
  },
};

function pass(ms) {
  nowMs += ms;
  for (const beat of beats) for (; beat.dueMs <= nowMs; beat.dueMs += beat.everyMs) beat.action();
}

const opened = await openStore({ dir: process.argv[2], clock });
if (opened.kind !== 'opened') throw new Error(JSON.stringify(opened));
const { claims } = opened.store;
const acquire = async (number) => await claims.acquire(taskKeyOf(digestOf(`task ${number}`)));

const acts = {
  claim: async (number) => (await acquire(number)).kind,
  pass: async (seconds) => {
    pass(seconds * 1000);
    return 'ok';
  },
  race: async (count) => {
    const got = [];
    const left = new Set(Array.from({ length: count }, (_, index) => index + 1));
    // Of two that ask at the same moment both may be turned away: so all that was not got is asked for again.
    for (let round = 0; round < 10; round += 1) {
      for (const number of [...left]) {
        if ((await acquire(number)).kind !== 'acquired') continue;
        got.push(number);
        left.delete(number);
      }
    }
    return JSON.stringify(got);
  },
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [act, argument] = line.split(' ');
  console.log(await acts[act](Number(argument)));
}
