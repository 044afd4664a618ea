import { slotDemand } from '../../run/slot-board.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { JobSettings, SlurmConfig } from './config.ts';

/** What one task takes of a node. Tasks whose demands are alike go into one array. */
export interface Demand {
  readonly gpus: number;
  readonly cpus: number;
  /** What its worker binds to; `none` for a task that computes on no slot. */
  readonly device: 'cpu' | 'gpu' | 'none';
  /** Options of `sbatch`, beside those that every job has. */
  readonly options: readonly string[];
}

/** From the task's resources and its kind's settings. */
export function demandOf(
  task: Pick<PlannedTask, 'kind' | 'resources' | 'timeoutMs'>,
  config: SlurmConfig,
): Demand {
  const { resources } = task;
  const { count, device } = slotDemand(resources);
  const gpus = device === 'gpu' ? count * Math.max(1, config.slot.gpus) : count * config.slot.gpus;
  const cpus = count === 0 ? Math.max(1, Math.ceil(resources.cpu ?? 1)) : count * config.slot.cpus;
  const own: JobSettings = { ...config.settings, ...config.kinds.get(task.kind) };
  const mem = resources.memoryBytes === undefined ? own.mem : `${mebibytes(resources.memoryBytes)}M`;
  const named = { mem, time: own.time, partition: own.partition, account: own.account, qos: own.qos };
  const options = [
    `--cpus-per-task=${cpus}`,
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpus}`]),
    ...Object.entries({ ...named, constraint: own.constraint }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    ),
    ...(config.settings.flags ?? []),
    ...(config.kinds.get(task.kind)?.flags ?? []),
  ];
  return { gpus, cpus, device: count === 0 ? 'none' : gpus > 0 ? 'gpu' : 'cpu', options };
}

/** Slurm counts memory in units of 1024. What a task may hold by itself is a little less than what its job may. */
function mebibytes(bytes: number): number {
  return Math.ceil((bytes * 1.1) / 2 ** 20) + 256;
}
