import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { targets } from './targets/index.ts';
import { watchTarget } from './watch.ts';

/** More, or others: SWEETSPOT_FUZZ_INPUTS, SWEETSPOT_FUZZ_SEED. For hours of it: npm run fuzz. */
const inputs: { readonly [target: string]: number } = {
  study: 600,
  checkpoint: 1500,
  image: 800,
  mask: 1500,
};
const many = 3000;
const seed = Number(process.env['SWEETSPOT_FUZZ_SEED'] ?? 1);
const wanted = process.env['SWEETSPOT_FUZZ_INPUTS'];

describe('whatever is in a file, it is read or refused by name', () => {
  it.each(targets.map(({ name }) => name))('%s', { timeout: 300_000 }, async (target) => {
    const file = join(await mkdtemp(join(tmpdir(), 'sweetspot-fuzz-')), `${target}.bin`);
    const count = wanted === undefined ? (inputs[target] ?? many) : Number(wanted);
    const end = await watchTarget({ target, seed, from: 0, inputs: count, file, silenceMs: 120_000 });
    const again = `npm run fuzz -- ${target} --seed ${seed} --from ${'at' in end ? end.at : 0} --inputs 25; the input: ${file}`;
    expect(end.kind, 'why' in end ? `input ${end.at}: ${end.why}\n${again}` : '').toBe('held');
  });
});
