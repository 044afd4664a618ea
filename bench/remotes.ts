import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeLoad, describeMachine } from './measure/machine.ts';
import { startNginx } from './measure/web-server.ts';
import { remoteBlobs } from './tables/remote-blobs.ts';
import { remoteRuns } from './tables/remote-runs.ts';

/**
 * Blobs over HTTP, to and from a real nginx on this machine, beside curl; and what remotes that are slow or dead cost a plan and a run.
 * Use: npm run build; npm run bench:remotes [-- --mb 256 --small 1000 --tasks 3000 --turns 5 --scratch DIR]
 */
const { values: options } = parseArgs({
  options: {
    mb: { type: 'string', default: '256' },
    small: { type: 'string', default: '1000' },
    tasks: { type: 'string', default: '3000' },
    turns: { type: 'string', default: '5' },
    scratch: { type: 'string', default: tmpdir() },
  },
});
mkdirSync(options.scratch, { recursive: true });
const dir = mkdtempSync(join(options.scratch, 'sweetspot-bench-remotes-'));
const turns = Number(options.turns);
try {
  using server = await startNginx(join(dir, 'nginx'));
  console.log(`${describeMachine(dir)}\n`);
  const blobs = { dir, server, turns, largeMiB: Number(options.mb), smallCount: Number(options.small) };
  console.log(`${await remoteBlobs(blobs)}\n`);
  console.log(await remoteRuns({ dir, tasks: Number(options.tasks), turns }));
  console.log(`\nAt the end: ${describeLoad()}.`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}
