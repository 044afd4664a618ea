import { usualDriver, usualLimits, usualPack } from '../../../../engine/executors/slurm/config.ts';
import type { SlurmConfig } from '../../../../engine/executors/slurm/config.ts';
import { openSlurmRunner } from '../../../../engine/executors/slurm/open-slurm-runner.ts';
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
    openRunner: (run) =>
      openSlurmRunner({ config: changed, commands: queue, run, tellers: new Set(), cores: 1 }),
  };
}
