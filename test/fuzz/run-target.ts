import { writeFileSync } from 'node:fs';
import { runCampaign } from './campaign.ts';
import { targets } from './targets/index.ts';

// node run-target.ts TARGET SEED FROM INPUTS FILE
// Tells its parent how far it has come, so that a reader that hangs or takes the process down is known by its input.
const [name, seed, from, inputs, file] = process.argv.slice(2);
const target = targets.find((each) => each.name === name);
if (target === undefined)
  throw new Error(`no target '${name ?? ''}': ${targets.map((each) => each.name).join(', ')}`);

const every = 25;
const end = await runCampaign(
  { target, seed: Number(seed), from: Number(from), inputs: Number(inputs) },
  (at) => {
    if (at % every === 0 || at === Number(from)) process.send?.({ kind: 'at', at });
  },
);
if (end.kind === 'broke') writeFileSync(file!, end.input);
const { kind, ...rest } = end;
process.send?.(kind === 'broke' ? { kind, at: end.at, why: end.why } : { kind, ...rest });
if (process.connected) process.disconnect();
