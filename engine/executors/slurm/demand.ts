import { isDeepStrictEqual } from 'node:util';
import { slotDemand } from '../../run/slot-board.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { JobSettings, SlurmConfig } from './config.ts';

/** What one task takes of a node. Tasks whose demands are alike go into one array. */
export interface Demand {
  readonly gpus: number;
  readonly cpus: number;
  /** What its worker binds to; `none` for a task that computes on no slot. */
  readonly device: 'cpu' | 'gpu' | 'none';
  readonly partition: string | undefined;
  /** The value of `--mem`; undefined where that is left to the cluster. */
  readonly mem: string | undefined;
  /** Of the options, those that say on what nodes it computes, on whose account, and the like: nothing of how much, how long. */
  readonly place: readonly string[];
  /** Options of `sbatch`, beside those that every job has. */
  readonly options: readonly string[];
}

/** From the task's resources and its kind's settings. */
export function demandOf(
  task: Pick<PlannedTask, 'kind' | 'resources' | 'timeoutMs'>,
  config: SlurmConfig,
): Demand {
  const { resources } = task;
  const { count, device: demanded } = slotDemand(resources);
  const gpus = demanded === 'gpu' ? count * Math.max(1, config.slot.gpus) : count * config.slot.gpus;
  const cpus = count === 0 ? Math.max(1, Math.ceil(resources.cpu ?? 1)) : count * config.slot.cpus;
  const own: JobSettings = { ...config.settings, ...config.kinds.get(task.kind) };
  const mem = resources.memoryBytes === undefined ? own.mem : `${mebibytes(resources.memoryBytes)}M`;
  const flags = [...(config.settings.flags ?? []), ...(config.kinds.get(task.kind)?.flags ?? [])];
  const options = [
    `--cpus-per-task=${cpus}`,
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpus}`]),
    ...optionsOf({ ...own, mem, flags }),
  ];
  const { partition, account, qos, constraint } = own;
  const place = optionsOf({ partition, account, qos, constraint, flags });
  const device = count === 0 ? 'none' : gpus > 0 ? 'gpu' : 'cpu';
  return { gpus, cpus, device, partition, mem, place, options };
}

/** Whether a task can compute in a job that is made for another, once that has ended. */
export function fitsInto(task: Demand, job: Demand): boolean {
  if (!isDeepStrictEqual(task.place, job.place)) return false;
  if (task.device === 'none') return task.cpus <= job.cpus && (task.mem ?? job.mem) === job.mem;
  const { device, gpus, cpus, mem } = task;
  return device === job.device && gpus === job.gpus && cpus === job.cpus && mem === job.mem;
}

/** As options of `sbatch`. */
export function optionsOf({ flags = [], ...own }: JobSettingsGiven): readonly string[] {
  const { mem, time, partition, account, qos, constraint } = own;
  const named = Object.entries({ mem, time, partition, account, qos, constraint });
  return [...named.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])), ...flags];
}

type JobSettingsGiven = { readonly [K in keyof JobSettings]?: JobSettings[K] | undefined };

/** Whether the configuration says how long jobs of a kind may run. */
export function hasConfiguredTime(kind: string, { settings, kinds }: SlurmConfig): boolean {
  const all = [settings, kinds.get(kind) ?? {}];
  return all.some(
    ({ time, flags = [] }) => time !== undefined || flags.some((flag) => /^--time\b/.test(flag)),
  );
}

/** Slurm counts memory in units of 1024. What a task may hold by itself is a little less than what its job may. */
function mebibytes(bytes: number): number {
  return Math.ceil((bytes * 1.1) / 2 ** 20) + 256;
}

/** Whether a task computes beside the driver: it takes no slot, is one core's work, and states no memory. */
export function staysHere(
  { kind, resources }: Pick<PlannedTask, 'kind' | 'resources'>,
  { light, lightKinds }: Pick<SlurmConfig, 'light' | 'lightKinds'>,
  /** Kinds that only tell of results: made in seconds, once, at the end, where nobody wants to wait in a queue for them. */
  tellers: ReadonlySet<string>,
): boolean {
  const usual = tellers.has(kind) ? 'here' : 'job';
  const isSmall = (resources.cpu ?? 1) <= 1 && resources.memoryBytes === undefined;
  return isSmall && slotDemand(resources).count === 0 && (lightKinds.get(kind) ?? light ?? usual) === 'here';
}
