import { usualDriver, usualLimits, usualPack } from '../../../../engine/executors/slurm/config.ts';
import type { SlurmConfig } from '../../../../engine/executors/slurm/config.ts';
import { SlurmRunner } from '../../../../engine/executors/slurm/slurm-runner.ts';
import { staysHere } from '../../../../engine/executors/slurm/demand.ts';
import { SplitRunner } from '../../../../engine/run/split-runner.ts';
import type { RunOptions } from '../../../../engine/run/run-options.ts';
import type { SmallQueue } from './small-queue.ts';

export const config: SlurmConfig = {
  slot: { gpus: 0, cpus: 1 },
  settings: {},
  kinds: new Map(),
  light: undefined,
  lightKinds: new Map(),
  pack: usualPack,
  driver: usualDriver,
  limits: { ...usualLimits, pollSeconds: 0.5 },
};

/** Runs tasks as jobs of a small queue. */
export function through(queue: SmallQueue, changes: Partial<SlurmConfig> = {}): Partial<RunOptions> {
  const changed = { ...config, ...changes };
  return {
    openRunner: (parts) =>
      new SplitRunner({
        openHere: () => parts.openHere(1),
        elsewhere: new SlurmRunner(changed, queue, parts),
        isHere: (task) => staysHere(task, changed, new Set()),
      }),
  };
}
