import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { targets } from './targets/index.ts';
import { watchTarget } from './watch.ts';

// npm run fuzz -- TARGET [--minutes N] [--seed S] [--from I] [--inputs I]
// Without a target, all of them, one after the other.

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    inputs: { type: 'string' },
  },
});
const known = targets.map(({ name }) => name);
const wanted = positionals.length === 0 ? known : positionals;
for (const name of wanted) {
  if (!known.includes(name)) {
    console.error(`there is no target '${name}': ${known.join(', ')}`);
    process.exit(2);
  }
}
const folder = join(tmpdir(), 'sweetspot-fuzz');
await mkdir(folder, { recursive: true });
const step = values.inputs === undefined ? 2000 : Number(values.inputs);
for (const target of wanted) {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  const endMs = Date.now() + Number(values.minutes) * 60_000;
  let from = Number(values.from);
  do {
    const file = join(folder, `${target}-${seed}-${from}.bin`);
    const end = await watchTarget({ target, seed, from, inputs: step, file, silenceMs: 120_000 });
    if (end.kind !== 'held') {
      console.log(`${target}: seed ${seed}, input ${end.at}: ${end.kind}: ${end.why}\n  ${file}`);
      process.exitCode = 1;
      from = end.at + (end.kind === 'lost' ? 25 : 1);
    } else {
      from += step;
      const slowest = `slowest ${end.slowestMs.toFixed(0)} ms, peak ${(end.peakBytes / 2 ** 20).toFixed(0)} MB`;
      console.log(`${target}: seed ${seed}, ${from} inputs held, ${slowest}`);
    }
  } while (Date.now() < endMs && values.inputs === undefined);
}
