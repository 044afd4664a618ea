import type { PlannedTask } from '../../plan/plan.ts';
import type { AttemptRunner, RunnerParts } from '../../run/attempt-runner.ts';
import { SplitRunner } from '../../run/split-runner.ts';
import type { SlurmConfig } from './config.ts';
import { staysHere } from './demand.ts';
import type { SlurmCommands } from './slurm-commands.ts';
import { SlurmRunner } from './slurm-runner.ts';

/** Jobs of a cluster, and beside the driver what the configuration leaves there: at most `cores` tasks at a time. */
export function openSlurmRunner(options: {
  readonly config: SlurmConfig;
  readonly commands: SlurmCommands;
  readonly run: RunnerParts;
  /** Kinds that only tell of results. */
  readonly tellers: ReadonlySet<string>;
  readonly cores: number;
}): AttemptRunner {
  const { config, commands, run, tellers, cores } = options;
  const isHere = (task: PlannedTask): boolean => staysHere(task, config, tellers);
  return new SplitRunner({
    openHere: () => run.openHere(cores),
    elsewhere: new SlurmRunner({ config, commands, run, isHere }),
    isHere,
  });
}
